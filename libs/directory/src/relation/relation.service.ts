import { Injectable } from '@nestjs/common';
import type { Day, ServiceMode } from '#contracts';
import { Audit, DomainError, notFound } from '#platform';
import { DirectoryWriter } from '../change/directory.writer.js';
import type { RelationNode, StationNode, UnitNode } from '../model/directory.nodes.js';
import { coversDay, type DirectorySnapshot } from '../model/directory.snapshot.js';
import { distanceM, positionOf } from '../model/geo.distance.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { assertSpan } from '../station/station.service.js';
import { endRelations, insertRelations } from '../unit/unit.repository.js';

/** A village is to be served by a carrier, in a mode, through a station. */
export interface RelationInput {
  id: string;
  villageCode: string;
  carrierCode: string;
  mode: ServiceMode;
  stationCode: string;
  validFrom: Day;
  validTo: Day | null;
  /** Village to station, metres; computed from the positions when absent. */
  distanceM?: number | undefined;
}

/** Service relations: effective-dated facts that M1 and M3 count. Every method is harmless when repeated. */
@Injectable()
export class RelationService {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly audit: Audit,
  ) {}

  /**
   * Registers relations in one change.
   * @throws DomainError `not_found` 404 (village, station, carrier), `forbidden` 403, `span_empty`, `distance_unknown` 400,
   * `not_a_village`, `unit_closed`, `station_closed`, `station_other_county`, `relation_overlaps`, `id_taken` 409
   */
  async createMany(actor: Actor, inputs: readonly RelationInput[]): Promise<RelationNode[]> {
    await this.writer.change(async ({ tx, snapshot, touched }) => {
      const relations = planRelations(snapshot, actor, inputs);
      const [first] = relations;
      if (!first) return;
      await insertRelations(tx, relations);
      for (const { villageId, validFrom } of relations) touched.unit(snapshot.countyCodeOf(villageId), villageId, validFrom);
      const countyCode = snapshot.countyCodeOf(first.villageId);
      const detail = { count: relations.length };
      await this.audit.record(tx, {
        countyCode,
        actorId: actor.id,
        action: 'relation.created',
        subject: `relation:${first.id}`,
        detail,
      });
    });
    const snapshot = await this.reader.snapshot();
    return inputs.flatMap((input) => snapshot.relation(input.id) ?? []);
  }

  /**
   * Ends a relation; `validTo` is the first day without it.
   * @throws DomainError `not_found` 404, `forbidden` 403, `span_empty` 400, `relation_ended` 409 when it ended earlier
   */
  async end(actor: Actor, id: string, validTo: Day): Promise<RelationNode> {
    await this.writer.change(async ({ tx, snapshot, touched }) => {
      const relation = snapshot.relation(id);
      if (!relation) throw notFound(id);
      assertScope(snapshot, actor, relation.villageId);
      assertSpan(relation.validFrom, validTo);
      if (relation.validTo === validTo) return;
      if (relation.validTo !== null && relation.validTo < validTo)
        throw new DomainError('relation_ended', 409, { day: relation.validTo });
      await endRelations(tx, [{ id, validTo }]);
      const countyCode = snapshot.countyCodeOf(relation.villageId);
      touched.unit(countyCode, relation.villageId, validTo);
      await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'relation.ended', subject: `relation:${id}` });
    });
    const ended = (await this.reader.snapshot()).relation(id);
    if (!ended) throw notFound(id);
    return ended;
  }
}

function planRelations(snapshot: DirectorySnapshot, actor: Actor, inputs: readonly RelationInput[]): RelationNode[] {
  const planned = new Map<string, RelationNode[]>();
  const relations: RelationNode[] = [];
  for (const input of inputs) {
    const relation = relationOf(snapshot, actor, input);
    const known = snapshot.relation(input.id);
    if (known && sameService(known, relation) && known.validFrom === relation.validFrom) continue;
    if (known) throw new DomainError('id_taken', 409, { id: input.id });
    const beside = [...snapshot.relationsOf(relation.villageId), ...(planned.get(relation.villageId) ?? [])];
    if (beside.some((other) => sameService(other, relation) && overlap(other, relation)))
      throw new DomainError('relation_overlaps', 409, { village: input.villageCode, carrier: input.carrierCode });
    relations.push(relation);
    planned.set(relation.villageId, [...(planned.get(relation.villageId) ?? []), relation]);
  }
  return relations;
}

function relationOf(snapshot: DirectorySnapshot, actor: Actor, input: RelationInput): RelationNode {
  const { id, carrierCode, mode, validFrom, validTo } = input;
  const village = snapshot.unitByCode(input.villageCode, validFrom);
  if (!village) throw notFound(input.villageCode);
  if (village.level !== 'village') throw new DomainError('not_a_village', 409, { code: input.villageCode });
  assertScope(snapshot, actor, village.id);
  assertSpan(validFrom, validTo);
  if (village.validTo !== null && (validTo === null || validTo > village.validTo))
    throw new DomainError('unit_closed', 409, { code: input.villageCode, day: village.validTo });
  if (!snapshot.carrier(carrierCode)) throw notFound(carrierCode);
  const station = openStation(snapshot, input);
  if (snapshot.countyCodeOf(station.unitId) !== snapshot.countyCodeOf(village.id))
    throw new DomainError('station_other_county', 409, { code: input.stationCode });
  const distance = input.distanceM ?? distanceBetween(village, station, input);
  return { id, villageId: village.id, carrierCode, mode, stationId: station.id, distanceM: distance, validFrom, validTo };
}

function openStation(snapshot: DirectorySnapshot, input: RelationInput): StationNode {
  const station = snapshot.stationByCode(input.stationCode, input.validFrom);
  if (!station) throw notFound(input.stationCode);
  const opens = coversDay(station.validFrom, station.validTo, input.validFrom);
  const outlasts = station.validTo === null || (input.validTo !== null && input.validTo <= station.validTo);
  if (!opens || !outlasts) throw new DomainError('station_closed', 409, { code: input.stationCode });
  return station;
}

/** Whole metres along the great circle; 0 for a village's own station whose position nobody took. */
function distanceBetween(village: UnitNode, station: StationNode, input: RelationInput): number {
  const [from, to] = [positionOf(village), positionOf(station)];
  if (from && to) return Math.round(distanceM(from, to));
  if (station.unitId === village.id) return 0;
  throw new DomainError('distance_unknown', 400, { village: input.villageCode, station: input.stationCode });
}

function sameService(a: RelationNode, b: RelationNode): boolean {
  return a.villageId === b.villageId && a.carrierCode === b.carrierCode && a.mode === b.mode && a.stationId === b.stationId;
}

function overlap(a: RelationNode, b: RelationNode): boolean {
  return (a.validTo === null || b.validFrom < a.validTo) && (b.validTo === null || a.validFrom < b.validTo);
}
