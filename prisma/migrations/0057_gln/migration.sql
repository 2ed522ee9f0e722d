-- CreateTable
CREATE TABLE "upflow"."location_number" (
    "gln" TEXT NOT NULL,
    "producer_id" UUID NOT NULL,
    "plot_name" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "location_number_pkey" PRIMARY KEY ("gln")
);

-- CreateIndex
CREATE INDEX "location_number_producer_id_idx" ON "upflow"."location_number"("producer_id");

-- AddForeignKey
ALTER TABLE "upflow"."location_number" ADD CONSTRAINT "location_number_producer_id_fkey" FOREIGN KEY ("producer_id") REFERENCES "upflow"."producer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
