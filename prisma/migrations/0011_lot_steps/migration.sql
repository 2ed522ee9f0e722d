-- Splitting, mixing and repacking as they were asked for, so that a repeat is known, and what a count of stock counted.
ALTER TABLE "upflow"."stock_entry" ADD COLUMN     "counted_g" BIGINT;

CREATE TABLE "upflow"."lot_transform" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "request" JSONB NOT NULL,
    "note" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lot_transform_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "lot_county_code_created_at_idx" ON "upflow"."lot"("county_code", "created_at");
CREATE INDEX "lot_test_report_id_idx" ON "upflow"."lot_test"("report_id");
