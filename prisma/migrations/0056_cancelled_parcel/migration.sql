-- AlterTable
ALTER TABLE "upflow"."allocation" ADD COLUMN "cancelled_shipment_id" UUID;

-- CreateIndex
CREATE INDEX "allocation_cancelled_shipment_id_idx" ON "upflow"."allocation"("cancelled_shipment_id");
