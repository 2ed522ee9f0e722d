-- AlterTable
ALTER TABLE "logistics"."handover" ADD COLUMN     "found" TEXT[],
ADD COLUMN     "opened" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "manifest_waybills_idx" ON "logistics"."manifest" USING GIN ("waybills");
