-- CreateTable
CREATE TABLE "trace"."epcis_capture" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,
    "added" INTEGER NOT NULL,

    CONSTRAINT "epcis_capture_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "epcis_event_body_idx" ON "trace"."epcis_event" USING GIN ("body" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "epcis_lot_county_code_seq_idx" ON "trace"."epcis_lot"("county_code", "seq");

-- The log is append-only. Making a month's partition moves rows out of the default one, and says so by a setting of its transaction.
-- Whoever goes around this trigger is found by the chain of hashes. The body writes its semicolons as \x3B, because the migration engine
-- takes every other one for the end of a statement.
CREATE FUNCTION "trace"."epcis_event_refuse"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
    IF TG_OP = ''DELETE'' AND current_setting(''xiangyi.moves_partition'', true) = ''on'' THEN
        RETURN OLD\x3B
    END IF\x3B
    RAISE EXCEPTION ''The log of business steps is append-only: correct an event by an error declaration'' USING ERRCODE = ''integrity_constraint_violation''\x3B
END
';

CREATE TRIGGER "epcis_event_append_only" BEFORE UPDATE OR DELETE ON "trace"."epcis_event"
    FOR EACH ROW EXECUTE FUNCTION "trace"."epcis_event_refuse"();

CREATE TRIGGER "epcis_event_no_truncate" BEFORE TRUNCATE ON "trace"."epcis_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "trace"."epcis_event_refuse"();
