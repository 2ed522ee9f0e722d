-- AlterTable
ALTER TABLE "upflow"."producer" ADD COLUMN     "credit_code" TEXT;

-- AlterTable
ALTER TABLE "upflow"."product" ADD COLUMN     "own_code" TEXT,
ADD COLUMN     "spec" TEXT;

-- DropTable
DROP TABLE "trace"."product";

-- CreateTable
CREATE TABLE "directory"."user_producer" (
    "user_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_producer_pkey" PRIMARY KEY ("user_id","producer_id")
);

-- CreateTable
CREATE TABLE "insight"."stale_sale" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stale_sale_pkey" PRIMARY KEY ("county_code","unit_id","month")
);

-- CreateTable
CREATE TABLE "insight"."unit_sales_month" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "level" TEXT NOT NULL,
    "parent_id" UUID,
    "facts" JSONB NOT NULL,
    "formula_version" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unit_sales_month_pkey" PRIMARY KEY ("county_code","unit_id","month")
) PARTITION BY RANGE ("month");

CREATE TABLE "insight"."unit_sales_month_default" PARTITION OF "insight"."unit_sales_month" DEFAULT;

-- CreateTable
CREATE TABLE "trace"."code_key" (
    "id" SMALLINT NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "code_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."code_batch" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "lot_id" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "made" INTEGER NOT NULL DEFAULT 0,
    "activation" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "problem" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "code_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."code" (
    "serial" BIGINT NOT NULL,
    "county_code" TEXT NOT NULL,
    "batch_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "sscc" TEXT,
    "box_serial" BIGINT,
    "shipment_id" UUID,
    "activated_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,

    CONSTRAINT "code_pkey" PRIMARY KEY ("serial")
);

-- CreateTable
CREATE TABLE "trace"."sscc_counter" (
    "prefix" TEXT NOT NULL,
    "next" BIGINT NOT NULL,

    CONSTRAINT "sscc_counter_pkey" PRIMARY KEY ("prefix")
);

-- CreateTable
CREATE TABLE "trace"."code_scan" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "scanned_at" TIMESTAMPTZ(3) NOT NULL,
    "serial" BIGINT NOT NULL,
    "lot_id" UUID NOT NULL,
    "place" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "device" BYTEA,

    CONSTRAINT "code_scan_pkey" PRIMARY KEY ("county_code","id","scanned_at")
) PARTITION BY RANGE ("scanned_at");

CREATE TABLE "trace"."code_scan_default" PARTITION OF "trace"."code_scan" DEFAULT;

-- CreateTable
CREATE TABLE "trace"."code_watch" (
    "serial" BIGINT NOT NULL,
    "county_code" TEXT NOT NULL,
    "lot_id" UUID NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "first_place" TEXT,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "scans" INTEGER NOT NULL,
    "memory" JSONB NOT NULL,
    "risk" TEXT NOT NULL,
    "reasons" TEXT[],

    CONSTRAINT "code_watch_pkey" PRIMARY KEY ("serial")
);

-- CreateTable
CREATE TABLE "trace"."network_place" (
    "network" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "network_place_pkey" PRIMARY KEY ("network")
);

-- CreateTable
CREATE TABLE "trace"."code_alert" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "serial" BIGINT NOT NULL,
    "lot_id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "reasons" TEXT[],
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "code_alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."fake_report" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "serial" BIGINT NOT NULL,
    "lot_id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "bought_at" TEXT,
    "contact" BYTEA,
    "reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "fake_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."certificate" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "lot_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "contact" BYTEA NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_by" UUID NOT NULL,
    "superseded_by" UUID,

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."certificate_collection" (
    "id" UUID NOT NULL,
    "certificate_id" UUID NOT NULL,
    "station_id" UUID,
    "buyer_id" UUID,
    "quantity_g" BIGINT,
    "collected_by" UUID NOT NULL,
    "collected_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "certificate_collection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."recall" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "lot_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "started_by" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" UUID,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "recall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trace"."recall_lot" (
    "recall_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,

    CONSTRAINT "recall_lot_pkey" PRIMARY KEY ("recall_id","lot_id")
);

-- CreateTable
CREATE TABLE "trace"."epcis_event" (
    "county_code" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "event_id" TEXT NOT NULL,
    "event_time" TIMESTAMPTZ(3) NOT NULL,
    "biz_step" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "epcis_event_pkey" PRIMARY KEY ("county_code","seq","recorded_at")
) PARTITION BY RANGE ("recorded_at");

CREATE TABLE "trace"."epcis_event_default" PARTITION OF "trace"."epcis_event" DEFAULT;

-- CreateTable
CREATE TABLE "trace"."epcis_head" (
    "county_code" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "epcis_head_pkey" PRIMARY KEY ("county_code")
);

-- CreateTable
CREATE TABLE "trace"."epcis_lot" (
    "lot_id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "epcis_lot_pkey" PRIMARY KEY ("lot_id","county_code","seq")
);

-- CreateTable
CREATE TABLE "upflow"."branch_project" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "village_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "branch_name" TEXT NOT NULL,
    "started_on" DATE NOT NULL,
    "ended_on" DATE,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "branch_project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."project_participant" (
    "project_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "joined_on" DATE NOT NULL,
    "left_on" DATE,

    CONSTRAINT "project_participant_pkey" PRIMARY KEY ("project_id","producer_id","joined_on")
);

-- CreateTable
CREATE TABLE "upflow"."product_certification" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "issued_by" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "product_certification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."lot" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "product_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "lot_no" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "plot_name" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "area_mu" DOUBLE PRECISION,
    "harvested_on" DATE,
    "quantity_g" BIGINT NOT NULL,
    "stock_g" BIGINT NOT NULL,
    "flags" TEXT[],
    "note" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."lot_input" (
    "id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "applied_on" DATE NOT NULL,
    "safety_interval_days" INTEGER NOT NULL,
    "dose" TEXT,

    CONSTRAINT "lot_input_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."lot_test" (
    "id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "item" TEXT NOT NULL,
    "method" TEXT,
    "result" TEXT NOT NULL,
    "tested_on" DATE NOT NULL,
    "laboratory" TEXT,
    "report_id" UUID,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lot_test_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."report" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."lot_part" (
    "parent_id" UUID NOT NULL,
    "child_id" UUID NOT NULL,
    "quantity_g" BIGINT NOT NULL,
    "step_id" UUID NOT NULL,

    CONSTRAINT "lot_part_pkey" PRIMARY KEY ("parent_id","child_id")
);

-- CreateTable
CREATE TABLE "upflow"."stock_entry" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lot_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "delta_g" BIGINT NOT NULL,
    "ref_id" UUID,
    "note" TEXT,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "stock_entry_pkey" PRIMARY KEY ("county_code","id","at")
) PARTITION BY RANGE ("at");

CREATE TABLE "upflow"."stock_entry_default" PARTITION OF "upflow"."stock_entry" DEFAULT;

-- CreateTable
CREATE TABLE "upflow"."sale_order" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "channel_order_no" TEXT NOT NULL,
    "seller_id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "buyer_name" BYTEA,
    "buyer_phone" BYTEA,
    "buyer_tail" TEXT,
    "buyer_address" BYTEA,
    "province" TEXT,
    "city" TEXT,
    "freight_fen" BIGINT NOT NULL DEFAULT 0,
    "import_id" UUID,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sale_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."order_line" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line_no" INTEGER NOT NULL,
    "product_id" UUID,
    "sku" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "weight_g" BIGINT,
    "amount_fen" BIGINT NOT NULL,
    "refunded_fen" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."allocation" (
    "id" UUID NOT NULL,
    "line_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "quantity_g" BIGINT NOT NULL,
    "shipment_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."shipment" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "waybill" TEXT NOT NULL,
    "carrier_code" TEXT NOT NULL,
    "weight_g" BIGINT NOT NULL,
    "freight_fen" BIGINT NOT NULL,
    "province" TEXT,
    "packed_at" TIMESTAMPTZ(3) NOT NULL,
    "stage" TEXT NOT NULL,
    "stage_at" TIMESTAMPTZ(3) NOT NULL,
    "fold_revision" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shipment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."refund" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line_id" UUID,
    "amount_fen" BIGINT NOT NULL,
    "refunded_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,
    "created_by" UUID NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."import_mapping" (
    "seller_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "header_hash" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "updated_by" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_mapping_pkey" PRIMARY KEY ("seller_id","channel","header_hash")
);

-- CreateTable
CREATE TABLE "upflow"."order_import" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "seller_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "counts" JSONB NOT NULL,
    "problems" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."payout" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "seller_id" UUID NOT NULL,
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "state" TEXT NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "paid_by" UUID,
    "kept_bp" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."payout_line" (
    "payout_id" UUID NOT NULL,
    "order_line_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "weight_g" BIGINT NOT NULL,
    "amount_fen" BIGINT NOT NULL,

    CONSTRAINT "payout_line_pkey" PRIMARY KEY ("order_line_id","producer_id","lot_id")
);

-- CreateTable
CREATE TABLE "upflow"."sale_entry" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "village_id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "household" BOOLEAN NOT NULL,
    "order_id" UUID NOT NULL,
    "amount_fen" BIGINT NOT NULL,

    CONSTRAINT "sale_entry_pkey" PRIMARY KEY ("county_code","id","day")
) PARTITION BY RANGE ("day");

CREATE TABLE "upflow"."sale_entry_default" PARTITION OF "upflow"."sale_entry" DEFAULT;

-- CreateIndex
CREATE INDEX "user_producer_producer_id_idx" ON "directory"."user_producer"("producer_id");

-- CreateIndex
CREATE INDEX "code_batch_lot_id_idx" ON "trace"."code_batch"("lot_id");

-- CreateIndex
CREATE UNIQUE INDEX "code_sscc_key" ON "trace"."code"("sscc");

-- CreateIndex
CREATE INDEX "code_batch_id_serial_idx" ON "trace"."code"("batch_id", "serial");

-- CreateIndex
CREATE INDEX "code_lot_id_level_serial_idx" ON "trace"."code"("lot_id", "level", "serial");

-- CreateIndex
CREATE INDEX "code_box_serial_idx" ON "trace"."code"("box_serial");

-- CreateIndex
CREATE INDEX "code_shipment_id_idx" ON "trace"."code"("shipment_id");

-- CreateIndex
CREATE INDEX "code_scan_county_code_serial_scanned_at_idx" ON "trace"."code_scan"("county_code", "serial", "scanned_at");

-- CreateIndex
CREATE INDEX "code_watch_county_code_lot_id_idx" ON "trace"."code_watch"("county_code", "lot_id");

-- CreateIndex
CREATE UNIQUE INDEX "code_alert_serial_key" ON "trace"."code_alert"("serial");

-- CreateIndex
CREATE INDEX "code_alert_county_code_state_opened_at_idx" ON "trace"."code_alert"("county_code", "state", "opened_at");

-- CreateIndex
CREATE INDEX "fake_report_county_code_state_reported_at_idx" ON "trace"."fake_report"("county_code", "state", "reported_at");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_number_key" ON "trace"."certificate"("number");

-- CreateIndex
CREATE INDEX "certificate_lot_id_issued_at_idx" ON "trace"."certificate"("lot_id", "issued_at");

-- CreateIndex
CREATE INDEX "certificate_collection_certificate_id_idx" ON "trace"."certificate_collection"("certificate_id");

-- CreateIndex
CREATE INDEX "recall_county_code_started_at_idx" ON "trace"."recall"("county_code", "started_at");

-- CreateIndex
CREATE INDEX "recall_lot_lot_id_idx" ON "trace"."recall_lot"("lot_id");

-- CreateIndex
CREATE INDEX "epcis_event_county_code_event_id_idx" ON "trace"."epcis_event"("county_code", "event_id");

-- CreateIndex
CREATE INDEX "branch_project_village_id_idx" ON "upflow"."branch_project"("village_id");

-- CreateIndex
CREATE INDEX "project_participant_producer_id_idx" ON "upflow"."project_participant"("producer_id");

-- CreateIndex
CREATE INDEX "product_certification_product_id_idx" ON "upflow"."product_certification"("product_id");

-- CreateIndex
CREATE INDEX "lot_county_code_village_id_idx" ON "upflow"."lot"("county_code", "village_id");

-- CreateIndex
CREATE INDEX "lot_producer_id_idx" ON "upflow"."lot"("producer_id");

-- CreateIndex
CREATE UNIQUE INDEX "lot_product_id_lot_no_key" ON "upflow"."lot"("product_id", "lot_no");

-- CreateIndex
CREATE INDEX "lot_input_lot_id_idx" ON "upflow"."lot_input"("lot_id");

-- CreateIndex
CREATE INDEX "lot_test_lot_id_idx" ON "upflow"."lot_test"("lot_id");

-- CreateIndex
CREATE INDEX "lot_part_child_id_idx" ON "upflow"."lot_part"("child_id");

-- CreateIndex
CREATE INDEX "stock_entry_county_code_lot_id_at_idx" ON "upflow"."stock_entry"("county_code", "lot_id", "at");

-- CreateIndex
CREATE INDEX "sale_order_seller_id_paid_at_idx" ON "upflow"."sale_order"("seller_id", "paid_at");

-- CreateIndex
CREATE INDEX "sale_order_county_code_paid_at_idx" ON "upflow"."sale_order"("county_code", "paid_at");

-- CreateIndex
CREATE UNIQUE INDEX "sale_order_county_code_channel_channel_order_no_key" ON "upflow"."sale_order"("county_code", "channel", "channel_order_no");

-- CreateIndex
CREATE INDEX "order_line_product_id_idx" ON "upflow"."order_line"("product_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_line_order_id_line_no_key" ON "upflow"."order_line"("order_id", "line_no");

-- CreateIndex
CREATE INDEX "allocation_line_id_idx" ON "upflow"."allocation"("line_id");

-- CreateIndex
CREATE INDEX "allocation_lot_id_idx" ON "upflow"."allocation"("lot_id");

-- CreateIndex
CREATE INDEX "allocation_shipment_id_idx" ON "upflow"."allocation"("shipment_id");

-- CreateIndex
CREATE INDEX "shipment_order_id_idx" ON "upflow"."shipment"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "shipment_county_code_waybill_key" ON "upflow"."shipment"("county_code", "waybill");

-- CreateIndex
CREATE INDEX "refund_order_id_idx" ON "upflow"."refund"("order_id");

-- CreateIndex
CREATE INDEX "order_import_seller_id_created_at_idx" ON "upflow"."order_import"("seller_id", "created_at");

-- CreateIndex
CREATE INDEX "payout_seller_id_created_at_idx" ON "upflow"."payout"("seller_id", "created_at");

-- CreateIndex
CREATE INDEX "payout_line_payout_id_idx" ON "upflow"."payout_line"("payout_id");

-- CreateIndex
CREATE INDEX "payout_line_producer_id_idx" ON "upflow"."payout_line"("producer_id");

-- CreateIndex
CREATE INDEX "sale_entry_county_code_village_id_day_idx" ON "upflow"."sale_entry"("county_code", "village_id", "day");

-- CreateIndex
CREATE INDEX "sale_entry_county_code_order_id_idx" ON "upflow"."sale_entry"("county_code", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "product_own_code_key" ON "upflow"."product"("own_code");

-- AddForeignKey
ALTER TABLE "directory"."user_producer" ADD CONSTRAINT "user_producer_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "directory"."user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trace"."certificate_collection" ADD CONSTRAINT "certificate_collection_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "trace"."certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trace"."recall_lot" ADD CONSTRAINT "recall_lot_recall_id_fkey" FOREIGN KEY ("recall_id") REFERENCES "trace"."recall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."project_participant" ADD CONSTRAINT "project_participant_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "upflow"."branch_project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."project_participant" ADD CONSTRAINT "project_participant_producer_id_fkey" FOREIGN KEY ("producer_id") REFERENCES "upflow"."producer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."product_certification" ADD CONSTRAINT "product_certification_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "upflow"."product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."lot" ADD CONSTRAINT "lot_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "upflow"."product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."lot_input" ADD CONSTRAINT "lot_input_lot_id_fkey" FOREIGN KEY ("lot_id") REFERENCES "upflow"."lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."lot_test" ADD CONSTRAINT "lot_test_lot_id_fkey" FOREIGN KEY ("lot_id") REFERENCES "upflow"."lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."lot_part" ADD CONSTRAINT "lot_part_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "upflow"."lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."lot_part" ADD CONSTRAINT "lot_part_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "upflow"."lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "upflow"."sale_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."allocation" ADD CONSTRAINT "allocation_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "upflow"."order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."allocation" ADD CONSTRAINT "allocation_shipment_id_fkey" FOREIGN KEY ("shipment_id") REFERENCES "upflow"."shipment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."shipment" ADD CONSTRAINT "shipment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "upflow"."sale_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."refund" ADD CONSTRAINT "refund_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "upflow"."sale_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."payout_line" ADD CONSTRAINT "payout_line_payout_id_fkey" FOREIGN KEY ("payout_id") REFERENCES "upflow"."payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upflow"."payout_line" ADD CONSTRAINT "payout_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "upflow"."order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
