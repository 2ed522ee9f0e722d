-- AlterTable
ALTER TABLE "trace"."recall" ADD COLUMN     "end_note" TEXT,
ADD COLUMN     "scope" TEXT NOT NULL DEFAULT 'down';

-- CreateIndex
CREATE INDEX "code_lot_id_box_serial_idx" ON "trace"."code"("lot_id", "box_serial");
