-- DropIndex
DROP INDEX "trace"."code_lot_id_box_serial_idx";

-- CreateTable
CREATE TABLE "trace"."box_lot" (
    "lot_id" UUID NOT NULL,
    "box_serial" BIGINT NOT NULL,

    CONSTRAINT "box_lot_pkey" PRIMARY KEY ("lot_id","box_serial")
);

-- CreateIndex
CREATE INDEX "box_lot_box_serial_idx" ON "trace"."box_lot"("box_serial");

-- What the boxes hold that are there
INSERT INTO "trace"."box_lot" ("lot_id", "box_serial")
SELECT DISTINCT "lot_id", "box_serial" FROM "trace"."code" WHERE "box_serial" IS NOT NULL
UNION ALL
SELECT b."lot_id", b."serial" FROM "trace"."code" b
WHERE b."level" = 'box' AND NOT EXISTS (SELECT 1 FROM "trace"."code" u WHERE u."box_serial" = b."serial");
