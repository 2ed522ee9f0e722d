-- AlterTable
ALTER TABLE "directory"."session" ADD COLUMN     "device_id" TEXT;

-- AlterTable
ALTER TABLE "logistics"."parcel_event" ADD COLUMN     "undoes" UUID;

-- CreateTable
CREATE TABLE "logistics"."station_record" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "warnings" TEXT[],
    "station_id" UUID,
    "unit_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "device_id" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "station_record_pkey" PRIMARY KEY ("county_code","id","occurred_at")
) PARTITION BY RANGE ("occurred_at");

CREATE TABLE "logistics"."station_record_default" PARTITION OF "logistics"."station_record" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."recipient" (
    "county_code" TEXT NOT NULL,
    "waybill" TEXT NOT NULL,
    "name" BYTEA,
    "name_at" TIMESTAMPTZ(3),
    "phone" BYTEA,
    "phone_tail" TEXT,
    "phone_at" TIMESTAMPTZ(3),
    "consent" TEXT,
    "consent_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("county_code","waybill")
);

-- CreateTable
CREATE TABLE "logistics"."consent" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "waybill" TEXT NOT NULL,
    "consent" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "station_id" UUID,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("county_code","id","occurred_at")
) PARTITION BY RANGE ("occurred_at");

CREATE TABLE "logistics"."consent_default" PARTITION OF "logistics"."consent" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."proof" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "waybills" TEXT[],
    "proxy_name" BYTEA,
    "picture" BYTEA,
    "picture_type" TEXT,
    "note" TEXT,
    "station_id" UUID,
    "unit_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "proof_pkey" PRIMARY KEY ("county_code","id","occurred_at")
) PARTITION BY RANGE ("occurred_at");

CREATE TABLE "logistics"."proof_default" PARTITION OF "logistics"."proof" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."notice" (
    "county_code" TEXT NOT NULL,
    "waybill" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "station_id" UUID NOT NULL,
    "phone" BYTEA,
    "text" BYTEA,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "gateway_ref" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("county_code","waybill")
);

-- CreateTable
CREATE TABLE "logistics"."consignment" (
    "county_code" TEXT NOT NULL,
    "waybill" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "station_id" UUID,
    "unit_id" UUID NOT NULL,
    "carrier_code" TEXT NOT NULL,
    "sender" BYTEA NOT NULL,
    "receiver" BYTEA NOT NULL,
    "destination" TEXT NOT NULL,
    "contents" TEXT NOT NULL,
    "security_check" TEXT NOT NULL,
    "weight_g" INTEGER NOT NULL,
    "freight_fen" INTEGER NOT NULL,
    "category_code" TEXT,
    "lot_id" UUID,
    "actor_id" UUID NOT NULL,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "consignment_pkey" PRIMARY KEY ("county_code","waybill")
);

-- CreateTable
CREATE TABLE "logistics"."bag" (
    "county_code" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "from_unit_id" UUID NOT NULL,
    "from_station_id" UUID,
    "to_unit_id" UUID NOT NULL,
    "to_station_id" UUID,
    "manifest_code" TEXT,
    "state" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "bag_pkey" PRIMARY KEY ("county_code","code")
);

-- CreateTable
CREATE TABLE "logistics"."bag_parcel" (
    "county_code" TEXT NOT NULL,
    "bag_code" TEXT NOT NULL,
    "waybill" TEXT NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "bag_parcel_pkey" PRIMARY KEY ("county_code","bag_code","waybill")
);

-- CreateTable
CREATE TABLE "logistics"."manifest" (
    "county_code" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "from_unit_id" UUID NOT NULL,
    "from_station_id" UUID,
    "to_unit_id" UUID NOT NULL,
    "to_station_id" UUID,
    "route" TEXT NOT NULL,
    "vehicle" TEXT,
    "waybills" TEXT[],
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "manifest_pkey" PRIMARY KEY ("county_code","code")
);

-- CreateTable
CREATE TABLE "logistics"."handover" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "unit_id" UUID NOT NULL,
    "station_id" UUID,
    "seal_intact" BOOLEAN NOT NULL,
    "note" TEXT,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "handover_pkey" PRIMARY KEY ("county_code","id")
);

-- CreateTable
CREATE TABLE "logistics"."stocktake" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "station_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "expected" INTEGER NOT NULL,
    "found" INTEGER NOT NULL,
    "missing" TEXT[],
    "surplus" TEXT[],
    "moved" JSONB NOT NULL,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "stocktake_pkey" PRIMARY KEY ("county_code","id")
);

-- CreateTable
CREATE TABLE "logistics"."station_closing" (
    "county_code" TEXT NOT NULL,
    "station_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "id" UUID NOT NULL,
    "counted" INTEGER NOT NULL,
    "on_shelf" INTEGER NOT NULL,
    "note" TEXT,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID NOT NULL,

    CONSTRAINT "station_closing_pkey" PRIMARY KEY ("county_code","station_id","day")
);

-- CreateTable
CREATE TABLE "logistics"."fee_rate" (
    "county_code" TEXT NOT NULL,
    "carrier_code" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "from_day" DATE NOT NULL,
    "amount_fen" INTEGER NOT NULL,

    CONSTRAINT "fee_rate_pkey" PRIMARY KEY ("county_code","carrier_code","kind","from_day")
);

-- CreateIndex
CREATE INDEX "recipient_county_code_phone_tail_idx" ON "logistics"."recipient"("county_code", "phone_tail");

-- CreateIndex
CREATE INDEX "recipient_county_code_updated_at_idx" ON "logistics"."recipient"("county_code", "updated_at");

-- CreateIndex
CREATE INDEX "consent_county_code_waybill_idx" ON "logistics"."consent"("county_code", "waybill");

-- CreateIndex
CREATE INDEX "proof_waybills_idx" ON "logistics"."proof" USING GIN ("waybills");

-- CreateIndex
CREATE INDEX "notice_county_code_station_id_created_at_idx" ON "logistics"."notice"("county_code", "station_id", "created_at");

-- CreateIndex
CREATE INDEX "notice_state_created_at_idx" ON "logistics"."notice"("state", "created_at");

-- CreateIndex
CREATE INDEX "consignment_county_code_unit_id_occurred_at_idx" ON "logistics"."consignment"("county_code", "unit_id", "occurred_at");

-- CreateIndex
CREATE INDEX "bag_county_code_from_unit_id_sealed_at_idx" ON "logistics"."bag"("county_code", "from_unit_id", "sealed_at");

-- CreateIndex
CREATE INDEX "bag_county_code_to_unit_id_sealed_at_idx" ON "logistics"."bag"("county_code", "to_unit_id", "sealed_at");

-- CreateIndex
CREATE INDEX "bag_county_code_manifest_code_idx" ON "logistics"."bag"("county_code", "manifest_code");

-- CreateIndex
CREATE INDEX "bag_parcel_county_code_waybill_idx" ON "logistics"."bag_parcel"("county_code", "waybill");

-- CreateIndex
CREATE INDEX "manifest_county_code_from_unit_id_created_at_idx" ON "logistics"."manifest"("county_code", "from_unit_id", "created_at");

-- CreateIndex
CREATE INDEX "manifest_county_code_to_unit_id_created_at_idx" ON "logistics"."manifest"("county_code", "to_unit_id", "created_at");

-- CreateIndex
CREATE INDEX "handover_county_code_code_occurred_at_idx" ON "logistics"."handover"("county_code", "code", "occurred_at");

-- CreateIndex
CREATE INDEX "stocktake_county_code_station_id_finished_at_idx" ON "logistics"."stocktake"("county_code", "station_id", "finished_at");

-- CreateIndex
CREATE INDEX "session_device_id_idx" ON "directory"."session"("device_id");

-- CreateIndex
CREATE INDEX "parcel_county_code_station_id_idx" ON "logistics"."parcel"("county_code", "station_id") WHERE (stage = 'at_station');

-- AddForeignKey
ALTER TABLE "logistics"."bag_parcel" ADD CONSTRAINT "bag_parcel_county_code_bag_code_fkey" FOREIGN KEY ("county_code", "bag_code") REFERENCES "logistics"."bag"("county_code", "code") ON DELETE RESTRICT ON UPDATE CASCADE;
