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

-- The log is append-only. Making a month's partition moves rows out of the default one, and says so by a setting of its transaction;
-- whoever goes around this trigger is found by the chain of hashes.
CREATE FUNCTION "trace"."epcis_event_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('xiangyi.moves_partition', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The log of business steps is append-only: correct an event by an error declaration' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "epcis_event_append_only" BEFORE UPDATE OR DELETE ON "trace"."epcis_event"
    FOR EACH ROW EXECUTE FUNCTION "trace"."epcis_event_refuse"();

CREATE TRIGGER "epcis_event_no_truncate" BEFORE TRUNCATE ON "trace"."epcis_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "trace"."epcis_event_refuse"();
