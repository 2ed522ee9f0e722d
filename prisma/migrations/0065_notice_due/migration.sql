-- DropIndex
DROP INDEX "logistics"."notice_state_created_at_idx";

-- AlterTable
ALTER TABLE "logistics"."notice" ADD COLUMN     "due_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "notice_id_idx" ON "logistics"."notice"("id");

-- CreateIndex
CREATE INDEX "notice_due_at_idx" ON "logistics"."notice"("due_at") WHERE (state = 'queued');
