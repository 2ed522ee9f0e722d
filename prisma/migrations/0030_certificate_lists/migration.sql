-- Certificates are listed newest first, and a code's reports of a day are counted.
-- CreateIndex
CREATE INDEX "certificate_issued_at_id_idx" ON "trace"."certificate"("issued_at", "id");

-- CreateIndex
CREATE INDEX "fake_report_serial_reported_at_idx" ON "trace"."fake_report"("serial", "reported_at");
