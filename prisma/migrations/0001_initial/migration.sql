-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "directory";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "insight";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "logistics";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "platform";

-- CreateTable
CREATE TABLE "directory"."unit" (
    "id" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "boundary" JSONB,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."unit_version" (
    "unit_id" UUID NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" UUID,
    "urban_rural" TEXT,

    CONSTRAINT "unit_version_pkey" PRIMARY KEY ("unit_id","valid_from")
);

-- CreateTable
CREATE TABLE "directory"."unit_lineage" (
    "predecessor_id" UUID NOT NULL,
    "successor_id" UUID NOT NULL,
    "on_day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "share" DECIMAL(9,8) NOT NULL,

    CONSTRAINT "unit_lineage_pkey" PRIMARY KEY ("predecessor_id","successor_id","on_day")
);

-- CreateTable
CREATE TABLE "directory"."station" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "station_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."carrier" (
    "code" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,

    CONSTRAINT "carrier_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "directory"."service_relation" (
    "id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "carrier_code" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "station_id" UUID NOT NULL,
    "distance_m" INTEGER NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "service_relation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."suspension" (
    "id" UUID NOT NULL,
    "village_id" UUID NOT NULL,
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requested_by" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "suspension_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."county_parameters" (
    "county_code" TEXT NOT NULL,
    "values" JSONB NOT NULL,
    "updated_by" UUID,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "county_parameters_pkey" PRIMARY KEY ("county_code")
);

-- CreateTable
CREATE TABLE "directory"."revision" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "revision" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."person" (
    "id" UUID NOT NULL,
    "name" BYTEA NOT NULL,
    "phone" BYTEA,
    "phone_tail" TEXT,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."user_account" (
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "person_id" UUID,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."user_station" (
    "user_id" UUID NOT NULL,
    "station_id" UUID NOT NULL,

    CONSTRAINT "user_station_pkey" PRIMARY KEY ("user_id","station_id")
);

-- CreateTable
CREATE TABLE "directory"."api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "carrier_code" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."session" (
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."device" (
    "id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "first_seen" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "insight"."stale_day" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stale_day_pkey" PRIMARY KEY ("county_code","unit_id","day")
);

-- CreateTable
CREATE TABLE "insight"."unit_day" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "service" BOOLEAN NOT NULL,
    "open_day" BOOLEAN NOT NULL,
    "brands" TEXT[],
    "service_parcels" INTEGER NOT NULL,
    "town_arrivals" INTEGER NOT NULL,
    "reached" INTEGER NOT NULL,
    "inbound" INTEGER NOT NULL,
    "outbound" INTEGER NOT NULL,
    "unassigned" INTEGER NOT NULL,
    "extra_charges" INTEGER NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unit_day_pkey" PRIMARY KEY ("county_code","unit_id","day")
) PARTITION BY RANGE ("day");

CREATE TABLE "insight"."unit_day_default" PARTITION OF "insight"."unit_day" DEFAULT;

-- CreateTable
CREATE TABLE "insight"."unit_month" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "level" TEXT NOT NULL,
    "parent_id" UUID,
    "facts" JSONB NOT NULL,
    "assessment" JSONB,
    "formula_version" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unit_month_pkey" PRIMARY KEY ("county_code","unit_id","month")
) PARTITION BY RANGE ("month");

CREATE TABLE "insight"."unit_month_default" PARTITION OF "insight"."unit_month" DEFAULT;

-- CreateTable
CREATE TABLE "insight"."collective_account" (
    "county_code" TEXT NOT NULL,
    "village_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "version" INTEGER NOT NULL,
    "regime" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "entered_by" UUID NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "collective_account_pkey" PRIMARY KEY ("county_code","village_id","month","version")
) PARTITION BY RANGE ("month");

CREATE TABLE "insight"."collective_account_default" PARTITION OF "insight"."collective_account" DEFAULT;

-- CreateTable
CREATE TABLE "insight"."unit_income_month" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "level" TEXT NOT NULL,
    "parent_id" UUID,
    "summary" JSONB NOT NULL,
    "formula_version" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unit_income_month_pkey" PRIMARY KEY ("county_code","unit_id","month")
) PARTITION BY RANGE ("month");

CREATE TABLE "insight"."unit_income_month_default" PARTITION OF "insight"."unit_income_month" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."parcel_event" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "waybill" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "station_id" UUID,
    "unit_id" UUID,
    "carrier_code" TEXT,
    "address_village_id" UUID,
    "shelf_code" TEXT,
    "proof" TEXT,
    "exception" TEXT,
    "produce" JSONB,
    "provider_code" TEXT,
    "provider_seq" INTEGER,
    "text" TEXT,
    "linked_waybill" TEXT,
    "location" JSONB,
    "flags" TEXT[],
    "device_id" TEXT,
    "actor_id" UUID,

    CONSTRAINT "parcel_event_pkey" PRIMARY KEY ("county_code","id","claimed_at")
) PARTITION BY RANGE ("claimed_at");

CREATE TABLE "logistics"."parcel_event_default" PARTITION OF "logistics"."parcel_event" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."parcel" (
    "county_code" TEXT NOT NULL,
    "waybill" TEXT NOT NULL,
    "carrier_code" TEXT,
    "direction" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "unit_id" UUID,
    "station_id" UUID,
    "shelf_code" TEXT,
    "exceptions" JSONB NOT NULL DEFAULT '[]',
    "conflicts" JSONB NOT NULL DEFAULT '[]',
    "supersedes" TEXT,
    "superseded_by" TEXT,
    "first_claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "last_event_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "parcel_pkey" PRIMARY KEY ("county_code","waybill")
);

-- CreateTable
CREATE TABLE "logistics"."parcel_day" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "waybill" TEXT NOT NULL,
    "station_id" UUID NOT NULL,
    "carrier_code" TEXT,
    "counts" SMALLINT NOT NULL,

    CONSTRAINT "parcel_day_pkey" PRIMARY KEY ("county_code","unit_id","day","waybill","station_id")
) PARTITION BY RANGE ("day");

CREATE TABLE "logistics"."parcel_day_default" PARTITION OF "logistics"."parcel_day" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."open_day" (
    "county_code" TEXT NOT NULL,
    "unit_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "station_id" UUID NOT NULL,

    CONSTRAINT "open_day_pkey" PRIMARY KEY ("county_code","unit_id","day","station_id")
) PARTITION BY RANGE ("day");

CREATE TABLE "logistics"."open_day_default" PARTITION OF "logistics"."open_day" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."complaint" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "unit_id" UUID NOT NULL,
    "waybill" TEXT NOT NULL,
    "station_id" UUID,
    "text" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reported_by" UUID NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "complaint_pkey" PRIMARY KEY ("county_code","id","day")
) PARTITION BY RANGE ("day");

CREATE TABLE "logistics"."complaint_default" PARTITION OF "logistics"."complaint" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."provider_push" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "provider" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "provider_push_pkey" PRIMARY KEY ("county_code","id","received_at")
) PARTITION BY RANGE ("received_at");

CREATE TABLE "logistics"."provider_push_default" PARTITION OF "logistics"."provider_push" DEFAULT;

-- CreateTable
CREATE TABLE "logistics"."provider_code" (
    "county_code" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "sample_text" TEXT NOT NULL,
    "seen" INTEGER NOT NULL DEFAULT 1,
    "first_seen" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT,
    "resolved_by" UUID,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_code_pkey" PRIMARY KEY ("county_code","provider","code")
);

-- CreateTable
CREATE TABLE "platform"."outbox" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."processed_event" (
    "county_code" TEXT NOT NULL,
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "processed_event_pkey" PRIMARY KEY ("county_code","consumer","event_id","created_at")
) PARTITION BY RANGE ("created_at");

CREATE TABLE "platform"."processed_event_default" PARTITION OF "platform"."processed_event" DEFAULT;

-- CreateTable
CREATE TABLE "platform"."audit" (
    "county_code" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("county_code","id","at")
) PARTITION BY RANGE ("at");

CREATE TABLE "platform"."audit_default" PARTITION OF "platform"."audit" DEFAULT;

-- CreateIndex
CREATE INDEX "unit_version_parent_id_idx" ON "directory"."unit_version"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "unit_version_code_valid_from_key" ON "directory"."unit_version"("code", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "station_code_key" ON "directory"."station"("code");

-- CreateIndex
CREATE INDEX "station_unit_id_idx" ON "directory"."station"("unit_id");

-- CreateIndex
CREATE INDEX "service_relation_village_id_idx" ON "directory"."service_relation"("village_id");

-- CreateIndex
CREATE INDEX "suspension_village_id_idx" ON "directory"."suspension"("village_id");

-- CreateIndex
CREATE INDEX "person_phone_tail_idx" ON "directory"."person"("phone_tail");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_username_key" ON "directory"."user_account"("username");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "directory"."api_key"("key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "directory"."session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "directory"."session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "directory"."session"("expires_at");

-- CreateIndex
CREATE INDEX "parcel_event_county_code_waybill_claimed_at_idx" ON "logistics"."parcel_event"("county_code", "waybill", "claimed_at");

-- CreateIndex
CREATE INDEX "parcel_county_code_unit_id_last_event_at_waybill_idx" ON "logistics"."parcel"("county_code", "unit_id", "last_event_at", "waybill");

-- CreateIndex
CREATE INDEX "complaint_county_code_unit_id_day_idx" ON "logistics"."complaint"("county_code", "unit_id", "day");

-- CreateIndex
CREATE INDEX "outbox_service_id_idx" ON "platform"."outbox"("service", "id");

-- AddForeignKey
ALTER TABLE "directory"."unit_version" ADD CONSTRAINT "unit_version_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."unit_lineage" ADD CONSTRAINT "unit_lineage_predecessor_id_fkey" FOREIGN KEY ("predecessor_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."unit_lineage" ADD CONSTRAINT "unit_lineage_successor_id_fkey" FOREIGN KEY ("successor_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."station" ADD CONSTRAINT "station_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."service_relation" ADD CONSTRAINT "service_relation_village_id_fkey" FOREIGN KEY ("village_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."service_relation" ADD CONSTRAINT "service_relation_carrier_code_fkey" FOREIGN KEY ("carrier_code") REFERENCES "directory"."carrier"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."service_relation" ADD CONSTRAINT "service_relation_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "directory"."station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."suspension" ADD CONSTRAINT "suspension_village_id_fkey" FOREIGN KEY ("village_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."user_account" ADD CONSTRAINT "user_account_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."user_account" ADD CONSTRAINT "user_account_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."user_station" ADD CONSTRAINT "user_station_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "directory"."user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."user_station" ADD CONSTRAINT "user_station_station_id_fkey" FOREIGN KEY ("station_id") REFERENCES "directory"."station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."api_key" ADD CONSTRAINT "api_key_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "directory"."unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "directory"."user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
