-- CreateIndex
CREATE INDEX "provider_push_processed_at_received_at_idx" ON "logistics"."provider_push"("processed_at", "received_at");
