/** Random parcel histories for property tests: a small world, so that events meet each other often. */
import fc from 'fast-check';
import { EXCEPTION_KINDS, PROOFS, type EventSource, type ScanFlag, type UnitLevel } from '#contracts';
import { EVENT_KINDS, type LedgerEvent } from './parcel.event.js';

const id = (group: number, index: number) => `0000000${group}-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Two villages, their town and county, a station in each. */
export const WORLD = {
  villages: [id(1, 1), id(1, 2)],
  town: id(2, 1),
  county: id(3, 1),
  stations: [id(4, 1), id(4, 2), id(4, 3), id(4, 4)],
} as const;
const UNIT_OF_STATION = [...WORLD.villages, WORLD.town, WORLD.county] as const;
const LEVELS: Readonly<Record<string, UnitLevel>> = {
  [WORLD.villages[0]]: 'village',
  [WORLD.villages[1]]: 'village',
  [WORLD.town]: 'town',
  [WORLD.county]: 'county',
};
export const levelOf = (unitId: string): UnitLevel | undefined => LEVELS[unitId];

export const T0 = Date.parse('2026-10-10T08:00:00+08:00');
const MINUTE = 60_000;

/** An event with defaults, for examples. `at` is minutes after 2026-10-10 08:00 in Shanghai. */
export function event(at: number, kind: LedgerEvent['kind'], fields: Partial<LedgerEvent> = {}): LedgerEvent {
  const occurredAt = T0 + at * MINUTE;
  return {
    id: id(5, at * 1000 + EVENT_KINDS.indexOf(kind)),
    claimedAt: occurredAt,
    occurredAt,
    waybill: 'YT1234567890123',
    kind,
    source: 'station',
    stationId: null,
    unitId: null,
    carrierCode: null,
    addressVillageId: null,
    shelfCode: null,
    proof: null,
    exception: null,
    produce: null,
    providerCode: null,
    providerSeq: null,
    text: null,
    linkedWaybill: null,
    undoes: null,
    flags: [],
    ...fields,
  };
}

/** A scan at one of the world's stations: 0 and 1 in the villages, 2 in the town, 3 in the county. */
export function scanAt(
  at: number,
  station: 0 | 1 | 2 | 3,
  kind: LedgerEvent['kind'],
  fields: Partial<LedgerEvent> = {},
): LedgerEvent {
  const source: EventSource = station < 2 ? 'station' : station === 2 ? 'town' : 'county';
  return event(at, kind, { source, stationId: WORLD.stations[station], unitId: UNIT_OF_STATION[station], ...fields });
}

/** A statement of a provider. */
export function claim(at: number, kind: LedgerEvent['kind'], fields: Partial<LedgerEvent> = {}): LedgerEvent {
  return event(at, kind, { source: 'kuaidi100', carrierCode: 'YTO', ...fields });
}

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 2 });

/** Upflow's word that the parcel was packed with produce from one of the villages. */
export function packing(at: number, fields: Partial<LedgerEvent> = {}): LedgerEvent {
  const produce = { categoryCode: '010301', weightG: 2500, originVillageId: WORLD.villages[1] };
  return event(at, 'announced', { source: 'upflow', carrierCode: 'YTO', produce, ...fields });
}

const packingArbitrary = fc
  .record({ minute: fc.integer({ min: 0, max: 60 * 24 }), village: fc.constantFrom(...WORLD.villages) })
  .map(({ minute, village }) => packing(minute, { produce: { categoryCode: '010301', originVillageId: village } }));

const eventArbitrary = fc
  .record({
    minute: fc.integer({ min: 0, max: 60 * 24 * 4 }).map((minute) => minute - (minute % 7)),
    kind: fc.constantFrom(...EVENT_KINDS),
    source: fc.constantFrom<EventSource>('station', 'station', 'town', 'county', 'carrier_key', 'kuaidi100', 'kdniao', 'csv'),
    station: fc.integer({ min: 0, max: 4 }),
    carrierCode: maybe(['YTO', 'ZTO']),
    addressVillageId: maybe(WORLD.villages),
    exception: fc.constantFrom(...EXCEPTION_KINDS),
    proof: maybe(PROOFS),
    produce: maybe([{ categoryCode: '010301' }, { categoryCode: '010301', originVillageId: WORLD.villages[0] }]),
    providerSeq: maybe([0, 1]),
    flags: fc.constantFrom<readonly ScanFlag[]>([], [], [], ['clock_ahead'], ['quarantined']),
    linkedWaybill: maybe(['ZT99999999']),
  })
  .map(({ minute, station, source, ...fields }): Partial<LedgerEvent> & Pick<LedgerEvent, 'kind' | 'source' | 'occurredAt'> => {
    const scanned = source !== 'kuaidi100' && source !== 'kdniao' && source !== 'csv' && station < 4;
    const at = station as 0 | 1 | 2 | 3;
    const shared = { stationId: scanned ? WORLD.stations[at] : null, unitId: scanned ? UNIT_OF_STATION[at] : null };
    return {
      ...fields,
      ...shared,
      source,
      occurredAt: T0 + minute * MINUTE,
      providerCode: fields.kind === 'relinked' ? 'YTO' : null,
      exception: fields.kind === 'exception_open' || fields.kind === 'exception_close' ? fields.exception : null,
      produce: fields.kind === 'accepted' ? fields.produce : null,
    };
  });

/** An undoing of one of the scans, mostly where and soon after it was made. */
const undoingArbitrary = fc.record({
  target: fc.nat(),
  hours: fc.integer({ min: -2, max: 60 }),
  station: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null, freq: 4 }),
});

/** What takes a scan back, an hour later at the same place if nothing else is said. */
export function undoing(scan: LedgerEvent, fields: Partial<LedgerEvent> = {}): LedgerEvent {
  const { source, stationId, unitId, waybill } = scan;
  const at = scan.occurredAt + 60 * MINUTE;
  return {
    ...event(0, 'undone', { source, stationId, unitId, waybill, undoes: scan.id }),
    id: scan.id.replace(/^.{8}/, '00000007'),
    claimedAt: at,
    occurredAt: at,
    ...fields,
  };
}

/** A parcel's history of up to `maxLength` events, each with an id of its own; some parcels were packed by upflow, some scans are taken back. */
export const historyArbitrary = (maxLength = 14) =>
  fc
    .tuple(
      fc.array(eventArbitrary, { minLength: 1, maxLength }),
      fc.array(packingArbitrary, { maxLength: 1 }),
      fc.array(undoingArbitrary, { maxLength: 3 }),
    )
    .map(([drafts, packings, undoings]) => {
      const history = [...drafts, ...packings].map((draft, index): LedgerEvent => ({
        ...event(0, draft.kind),
        ...draft,
        claimedAt: draft.occurredAt,
        id: id(6, index),
      }));
      for (const [index, { target, hours, station }] of undoings.entries()) {
        const scan = history[target % history.length];
        if (!scan) continue;
        const at = scan.occurredAt + hours * 60 * MINUTE;
        const place =
          station === null ? {} : { stationId: WORLD.stations[station] ?? null, unitId: UNIT_OF_STATION[station] ?? null };
        history.push(undoing(scan, { ...place, id: id(7, index), claimedAt: at, occurredAt: at }));
      }
      return history;
    });
