-- AlterTable
ALTER TABLE "upflow"."sale_order" ADD COLUMN     "cancelled" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "channel_carrier" TEXT,
ADD COLUMN     "channel_status" TEXT,
ADD COLUMN     "channel_waybill" TEXT;

-- CreateIndex
CREATE INDEX "shipment_county_code_packed_at_idx" ON "upflow"."shipment"("county_code", "packed_at");
