-- CreateTable
CREATE TABLE "upflow"."payout_clawback" (
    "payout_id" UUID NOT NULL,
    "order_line_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "amount_fen" BIGINT NOT NULL,

    CONSTRAINT "payout_clawback_pkey" PRIMARY KEY ("order_line_id","producer_id","lot_id","payout_id")
);

-- CreateIndex
CREATE INDEX "payout_clawback_payout_id_idx" ON "upflow"."payout_clawback"("payout_id");

-- AddForeignKey
ALTER TABLE "upflow"."payout_clawback" ADD CONSTRAINT "payout_clawback_payout_id_fkey" FOREIGN KEY ("payout_id") REFERENCES "upflow"."payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."payout_clawback" ADD CONSTRAINT "payout_clawback_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "upflow"."order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
