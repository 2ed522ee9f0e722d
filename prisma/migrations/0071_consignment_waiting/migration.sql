-- CreateIndex
CREATE INDEX "consignment_waiting_idx" ON "logistics"."consignment"("county_code", "unit_id", "occurred_at") WHERE (left_at IS NULL);
