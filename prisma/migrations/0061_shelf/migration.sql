-- Since when a parcel lies on the shelf of its station.
ALTER TABLE "logistics"."parcel" ADD COLUMN     "held_since" TIMESTAMPTZ(3);

UPDATE "logistics"."parcel" p SET "held_since" = (
  SELECT min(e."occurred_at") FROM "logistics"."parcel_event" e
  WHERE e."county_code" = p."county_code" AND e."waybill" = p."waybill" AND e."station_id" = p."station_id"
    AND e."kind" IN ('arrived_village', 'shelved', 'stocktake')
) WHERE p."stage" = 'at_station' AND p."station_id" IS NOT NULL;

-- The same index answers what lies on a shelf, and which parcel has a shelf code.
DROP INDEX "logistics"."parcel_county_code_station_id_idx";

CREATE INDEX "parcel_county_code_station_id_shelf_code_idx" ON "logistics"."parcel"("county_code", "station_id", "shelf_code") WHERE (stage = 'at_station');

CREATE INDEX "parcel_county_code_last_event_at_idx" ON "logistics"."parcel"("county_code", "last_event_at") WHERE (exceptions @> '[{"kind": "intercepted"}]'::jsonb);
