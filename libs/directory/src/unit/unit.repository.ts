import type { Tx } from '#platform';
import type { RelationNode } from '../model/directory.nodes.js';
import type { UnitPlan } from './unit.plan.js';

/** Writes a plan of unit changes: what ends first, then what begins, so that codes pass from one unit to another. */
export async function writePlan(tx: Tx, plan: UnitPlan): Promise<void> {
  await closeVersions(tx, plan);
  await insertUnits(tx, plan);
  await insertVersions(tx, plan);
  await insertLineage(tx, plan);
  await moveRelations(tx, plan);
}

async function closeVersions(tx: Tx, { closedVersions, closedUnits }: UnitPlan): Promise<void> {
  if (closedVersions.length > 0)
    await tx.query(
      `update directory.unit_version v set valid_to = c.valid_to
       from unnest($1::uuid[], $2::date[], $3::date[]) as c (unit_id, valid_from, valid_to)
       where v.unit_id = c.unit_id and v.valid_from = c.valid_from`,
      [
        closedVersions.map((row) => row.unitId),
        closedVersions.map((row) => row.validFrom),
        closedVersions.map((row) => row.validTo),
      ],
    );
  if (closedUnits.length > 0)
    await tx.query(
      `update directory.unit u set valid_to = c.valid_to from unnest($1::uuid[], $2::date[]) as c (id, valid_to) where u.id = c.id`,
      [closedUnits.map((row) => row.unitId), closedUnits.map((row) => row.validTo)],
    );
}

async function insertUnits(tx: Tx, { units }: UnitPlan): Promise<void> {
  if (units.length === 0) return;
  await tx.query(
    `insert into directory.unit (id, level, valid_from, latitude, longitude, boundary)
     select id, level, valid_from, latitude, longitude, boundary::jsonb
     from unnest($1::uuid[], $2::text[], $3::date[], $4::float8[], $5::float8[], $6::text[]) as u (id, level, valid_from, latitude, longitude, boundary)`,
    [
      units.map((unit) => unit.id),
      units.map((unit) => unit.level),
      units.map((unit) => unit.validFrom),
      units.map((unit) => unit.latitude),
      units.map((unit) => unit.longitude),
      units.map((unit) => (unit.boundary ? JSON.stringify(unit.boundary) : null)),
    ],
  );
}

async function insertVersions(tx: Tx, { versions }: UnitPlan): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(
    `insert into directory.unit_version (unit_id, valid_from, valid_to, code, name, parent_id, urban_rural)
     select * from unnest($1::uuid[], $2::date[], $3::date[], $4::text[], $5::text[], $6::uuid[], $7::text[])
     on conflict (unit_id, valid_from) do update
       set code = excluded.code, name = excluded.name, parent_id = excluded.parent_id, urban_rural = excluded.urban_rural`,
    [
      versions.map((row) => row.unitId),
      versions.map((row) => row.validFrom),
      versions.map((row) => row.validTo),
      versions.map((row) => row.code),
      versions.map((row) => row.name),
      versions.map((row) => row.parentId),
      versions.map((row) => row.urbanRural),
    ],
  );
}

async function insertLineage(tx: Tx, { lineage }: UnitPlan): Promise<void> {
  if (lineage.length === 0) return;
  await tx.query(
    `insert into directory.unit_lineage (predecessor_id, successor_id, on_day, kind, share)
     select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::numeric[])`,
    [
      lineage.map((link) => link.predecessorId),
      lineage.map((link) => link.successorId),
      lineage.map((link) => link.on),
      lineage.map((link) => link.kind),
      lineage.map((link) => link.share),
    ],
  );
}

async function moveRelations(tx: Tx, { endedRelations, removedRelations, addedRelations }: UnitPlan): Promise<void> {
  await endRelations(tx, endedRelations);
  if (removedRelations.length > 0)
    await tx.query('delete from directory.service_relation where id = any($1::uuid[])', [removedRelations]);
  await insertRelations(tx, addedRelations);
}

/** Ends relations on the days given. */
export async function endRelations(tx: Tx, ended: readonly { id: string; validTo: string }[]): Promise<void> {
  if (ended.length === 0) return;
  await tx.query(
    `update directory.service_relation r set valid_to = c.valid_to from unnest($1::uuid[], $2::date[]) as c (id, valid_to) where r.id = c.id`,
    [ended.map((row) => row.id), ended.map((row) => row.validTo)],
  );
}

/** Inserts service relations. */
export async function insertRelations(tx: Tx, relations: readonly RelationNode[]): Promise<void> {
  if (relations.length === 0) return;
  await tx.query(
    `insert into directory.service_relation (id, village_id, carrier_code, mode, station_id, distance_m, valid_from, valid_to)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::int[], $7::date[], $8::date[])`,
    [
      relations.map((row) => row.id),
      relations.map((row) => row.villageId),
      relations.map((row) => row.carrierCode),
      relations.map((row) => row.mode),
      relations.map((row) => row.stationId),
      relations.map((row) => row.distanceM),
      relations.map((row) => row.validFrom),
      relations.map((row) => row.validTo),
    ],
  );
}
