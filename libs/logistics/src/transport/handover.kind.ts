import { Injectable } from '@nestjs/common';
import { handoverRecordSchema, type HandoverRecord } from '#contracts';
import { Database, DomainError, type Tx } from '#platform';
import { redactText } from '../carrier/trace.text.js';
import { textArray } from '../ledger/array.literal.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import type { HandoverMark } from './handover.fold.js';
import { planHandover, scansToSend, type BagPlan, type HandoverPlan } from './handover.plan.js';
import { placeOf } from './transport.place.js';
import { lockTransport, readConveyance, readStandings } from './transport.repository.js';
import { printable } from './transport.text.js';

/** Takes in hand-overs: each side's scan of a bag or a manifest, and what it says of every parcel in it. */
@Injectable()
export class HandoverKind implements RecordKind<HandoverRecord> {
  readonly path = 'handovers';
  readonly schema = handoverRecordSchema;

  constructor(private readonly database: Database) {}

  async scans(record: HandoverRecord, place: RecordPlace): Promise<readonly unknown[]> {
    const { scans } = await plan(this.database, record, place);
    return scansToSend(record, place.station?.code, scans);
  }

  async write(tx: Tx, record: HandoverRecord, place: RecordPlace): Promise<readonly string[]> {
    const { countyCode } = place;
    await lockTransport(tx, countyCode);
    const planned = await plan(tx, record, place);
    const { unitId, stationId } = placeOf(place);
    await tx.query(
      `insert into logistics.handover (county_code, id, code, side, occurred_at, unit_id, station_id, seal_intact, opened, found, note, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        countyCode,
        record.id,
        record.code,
        record.side,
        place.occurredAt,
        unitId,
        stationId,
        record.sealIntact,
        record.found !== undefined,
        record.found ?? [],
        record.note === undefined ? null : redactText(printable(record.note)),
        place.principal.id,
      ],
    );
    await writeBags(tx, countyCode, planned.bags);
    if (planned.manifest)
      await tx.query('update logistics.manifest set state = $3 where county_code = $1 and code = $2', [
        countyCode,
        planned.manifest.code,
        planned.manifest.state,
      ]);
    await tx.query(
      `update logistics.consignment set left_at = $3
       where county_code = $1 and waybill = any($2::text[]) and (left_at is null or left_at > $3)`,
      [countyCode, textArray(planned.leaving), place.occurredAt],
    );
    return planned.warnings;
  }
}

/** @throws DomainError `unknown_bag` 404 for a code that no bag or manifest of the county bears */
async function plan(from: Pick<Tx, 'query'>, record: HandoverRecord, place: RecordPlace): Promise<HandoverPlan> {
  const { countyCode, facts, unitId, occurredAt } = place;
  const conveyance = await readConveyance(from, countyCode, record.code);
  if (!conveyance) throw new DomainError('unknown_bag', 404, { code: record.code });
  const listed = record.found ? conveyance.bags.flatMap(({ cargo }) => [...cargo.keys()]) : [];
  const waybills = new Set([...(record.found ?? []), ...listed, ...(record.found ? (conveyance.manifest?.waybills ?? []) : [])]);
  const madeAt = conveyance.manifest?.madeAt ?? conveyance.bags[0]?.madeAt ?? occurredAt;
  const parcels = await readStandings(from, countyCode, [...waybills], madeAt);
  const mark: HandoverMark = {
    id: record.id,
    side: record.side,
    opened: record.found !== undefined,
    occurredAt: occurredAt.getTime(),
    place: placeOf(place),
  };
  return planHandover(conveyance, { record, mark, level: facts.levelOf(unitId), parcels });
}

async function writeBags(tx: Tx, countyCode: string, bags: readonly BagPlan[]): Promise<void> {
  await tx.query(
    `update logistics.bag b set state = n.state from unnest($2::text[], $3::text[]) as n (code, state)
     where b.county_code = $1 and b.code = n.code`,
    [countyCode, textArray(bags.map(({ code }) => code)), textArray(bags.map(({ state }) => state))],
  );
  for (const { code, opening } of bags) {
    if (!opening) continue;
    const states = [
      ...[...opening.found, ...opening.turnedUp].map((waybill) => [waybill, 'found'] as const),
      ...opening.missing.map((waybill) => [waybill, 'missing'] as const),
      ...opening.excess.map((waybill) => [waybill, 'excess'] as const),
    ];
    await tx.query(
      `insert into logistics.bag_parcel (county_code, bag_code, waybill, state)
       select $1, $2, w.waybill, w.state from unnest($3::text[], $4::text[]) as w (waybill, state)
       on conflict (county_code, bag_code, waybill) do update set state = excluded.state`,
      [countyCode, code, textArray(states.map(([waybill]) => waybill)), textArray(states.map(([, state]) => state))],
    );
  }
}
