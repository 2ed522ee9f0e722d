-- CreateTable
CREATE TABLE "trace"."boxing" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "box_serial" BIGINT NOT NULL,
    "action" TEXT NOT NULL,
    "units" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" UUID NOT NULL,

    CONSTRAINT "boxing_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "boxing_box_serial_at_idx" ON "trace"."boxing"("box_serial", "at");
