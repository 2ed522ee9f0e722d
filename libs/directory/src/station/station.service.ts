import { Injectable } from '@nestjs/common';
import { UNIT_LEVELS, type Day } from '#contracts';
import { Audit, DomainError, notFound, type Tx } from '#platform';
import { DirectoryWriter, type Change } from '../change/directory.writer.js';
import { assertUnchanged } from '../http/entity.tag.js';
import type { StationNode } from '../model/directory.nodes.js';
import { coversDay, type DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { endRelations } from '../unit/unit.repository.js';
import { stationView } from './station.view.js';

/** A station to be registered at a village, a town or a county. */
export interface StationInput {
  id: string;
  code: string;
  name: string;
  unitCode: string;
  latitude: number | null;
  longitude: number | null;
  validFrom: Day;
  validTo: Day | null;
}

/** What can be changed of a station; its unit and first day cannot. */
export type StationChange = Pick<StationInput, 'name' | 'latitude' | 'longitude' | 'validTo'>;

/** Stations: where parcels are handled. Every method is harmless when repeated. */
@Injectable()
export class StationService {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly audit: Audit,
  ) {}

  /**
   * Registers stations in one change.
   * @throws DomainError `not_found` 404 (unit), `forbidden` 403, `span_empty` 400, `station_level`, `station_code_taken`, `id_taken` 409
   */
  async createMany(actor: Actor, inputs: readonly StationInput[]): Promise<StationNode[]> {
    await this.writer.change(async (change) => {
      const stations = planStations(change.snapshot, actor, inputs);
      if (stations.length === 0) return;
      await insertStations(change.tx, stations);
      change.touched.mark();
      await this.record(change, actor, 'station.created', stations[0], stations.length);
    });
    const snapshot = await this.reader.snapshot();
    return inputs.flatMap((input) => snapshot.station(input.id) ?? []);
  }

  /**
   * Renames, moves or closes a station. Closing it ends the service relations through it.
   * @throws DomainError `not_found` 404, `forbidden` 403, `span_empty` 400, `changed_meanwhile` 412
   */
  async change(actor: Actor, code: string, input: StationChange, ifMatch?: string): Promise<StationNode> {
    const id = await this.writer.change(async (change) => {
      const { tx, snapshot, touched } = change;
      const station = snapshot.stationByCode(code);
      if (!station) throw notFound(code);
      assertScope(snapshot, actor, station.unitId);
      assertUnchanged(ifMatch, stationView(snapshot, station));
      assertSpan(station.validFrom, input.validTo);
      await tx.query(
        'update directory.station set name = $2, latitude = $3, longitude = $4, valid_to = $5::date where id = $1::uuid',
        [station.id, input.name, input.latitude, input.longitude, input.validTo],
      );
      if (input.validTo !== null) await endServiceThrough(change, station.id, input.validTo);
      touched.mark();
      await this.record(change, actor, 'station.changed', station, 1);
      return station.id;
    });
    const changed = (await this.reader.snapshot()).station(id);
    if (!changed) throw notFound(code);
    return changed;
  }

  private async record(
    { tx, snapshot }: Change,
    actor: Actor,
    action: string,
    station: StationNode | undefined,
    count: number,
  ): Promise<void> {
    if (!station) return;
    const countyCode = snapshot.countyCodeOf(station.unitId);
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `station:${station.id}`, detail: { count } });
  }
}

/** @throws DomainError `span_empty` 400 when a span ends on or before its first day */
export function assertSpan(validFrom: Day, validTo: Day | null): void {
  if (validTo !== null && validTo <= validFrom) throw new DomainError('span_empty', 400, { from: validFrom, to: validTo });
}

function planStations(snapshot: DirectorySnapshot, actor: Actor, inputs: readonly StationInput[]): StationNode[] {
  const codes = new Set<string>();
  const stations: StationNode[] = [];
  for (const input of inputs) {
    const unit = snapshot.unitByCode(input.unitCode, input.validFrom);
    if (!unit) throw notFound(input.unitCode);
    assertScope(snapshot, actor, unit.id);
    assertSpan(input.validFrom, input.validTo);
    if (UNIT_LEVELS.indexOf(unit.level) < UNIT_LEVELS.indexOf('county'))
      throw new DomainError('station_level', 409, { code: input.code });
    const { id, code, name, latitude, longitude, validFrom, validTo } = input;
    const known = snapshot.station(id);
    if (known?.code === code && known.unitId === unit.id && known.validFrom === validFrom) continue;
    if (known) throw new DomainError('id_taken', 409, { id });
    if (codes.has(code) || snapshot.stationByCode(code)) throw new DomainError('station_code_taken', 409, { code });
    codes.add(code);
    stations.push({ id, code, name, unitId: unit.id, latitude, longitude, validFrom, validTo });
  }
  return stations;
}

async function insertStations(tx: Tx, stations: readonly StationNode[]): Promise<void> {
  await tx.query(
    `insert into directory.station (id, code, name, unit_id, latitude, longitude, valid_from, valid_to)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::float8[], $6::float8[], $7::date[], $8::date[])`,
    [
      stations.map((row) => row.id),
      stations.map((row) => row.code),
      stations.map((row) => row.name),
      stations.map((row) => row.unitId),
      stations.map((row) => row.latitude),
      stations.map((row) => row.longitude),
      stations.map((row) => row.validFrom),
      stations.map((row) => row.validTo),
    ],
  );
}

/** Nobody is served through a station that is closed: relations in force end with it, those to come are taken back. */
async function endServiceThrough({ tx, snapshot, touched }: Change, stationId: string, day: Day): Promise<void> {
  const later = snapshot.relationsThrough(stationId).filter((relation) => relation.validTo === null || relation.validTo > day);
  const ended = later.filter((relation) => coversDay(relation.validFrom, relation.validTo, day) && relation.validFrom < day);
  const removed = later.filter((relation) => relation.validFrom >= day);
  await endRelations(
    tx,
    ended.map(({ id }) => ({ id, validTo: day })),
  );
  if (removed.length > 0)
    await tx.query('delete from directory.service_relation where id = any($1::uuid[])', [removed.map((relation) => relation.id)]);
  for (const { villageId } of later) touched.unit(snapshot.countyCodeOf(villageId), villageId, day);
}
