import fc from 'fast-check';
import { transportCodeSchema, type BagRecord, type BagView, type HandoverRecord, type ManifestRecord } from '#contracts';
import {
  cargoOf,
  countOf,
  isHere,
  packedIn,
  sentTo,
  stateAfter,
  transportCode,
  type OwnRecords,
  type TransportLists,
} from '../../apps/web/src/station/transport/transport.book.js';
import { certificateNumberIn } from '../../apps/web/src/station/transport/certificate.reading.js';

const here = { unitCode: '990101101', stationCode: undefined };
const village = { unitCode: '990101101201', unitName: '青石村', stationCode: 'S1', stationName: '青石站' };
const town = { unitCode: '990101101', unitName: '青石镇' };
const id = '0197a000-0000-7000-8000-000000000001';
const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
const view = (code: string, change: Partial<BagView> = {}): BagView => ({
  id,
  code,
  from: village,
  to: town,
  state: 'on_the_way',
  sealedAt: at(1),
  parcels: 3,
  missing: 0,
  excess: 0,
  ...change,
});
const bag = (code: string, waybills: string[], to: BagRecord['to'] = { stationCode: 'S1' }): BagRecord => ({
  id,
  occurredAt: at(2),
  code,
  to,
  waybills,
});
const hand = (code: string, side: 'given' | 'taken', found?: string[]): HandoverRecord => ({
  id,
  occurredAt: at(3),
  code,
  side,
  sealIntact: true,
  ...(found && { found }),
});
const listsOf = (incoming: BagView[], outgoing: BagView[] = []): TransportLists => ({
  bags: { in: incoming, out: outgoing },
  manifests: { in: [], out: [] },
});
const ownOf = (change: Partial<OwnRecords>): OwnRecords => ({ bags: [], manifests: [], handovers: [], ...change });

describe('Bags as a phone knows them', () => {
  it('are those of the county with what was done here since, the newest first', () => {
    const own = ownOf({ bags: [bag('B2', ['W1', 'W2'])], handovers: [hand('B1', 'taken')] });
    const seen = cargoOf(listsOf([view('B1')]), own, here);
    expect(seen.map(({ code, way, state, local, parcels }) => [code, way, state, local, parcels])).toEqual([
      ['B2', 'out', 'sealed', true, 2],
      ['B1', 'in', 'received', false, 3],
    ]);
  });

  it('are shown once when the county has them too, and only where they are of this place', () => {
    const own = ownOf({ bags: [bag('B3', ['W1'])] });
    const lists = listsOf([view('B9', { to: village })], [view('B3', { from: town, to: village, state: 'sealed' })]);
    expect(cargoOf(lists, own, here).map(({ code, local }) => [code, local])).toEqual([['B3', false]]);
  });

  it('go with the manifest that they are on', () => {
    const manifest: ManifestRecord = {
      id,
      occurredAt: at(4),
      code: 'M1',
      to: { unitCode: '990101' },
      route: '1',
      bags: ['B2'],
      waybills: ['W7'],
    };
    const own = ownOf({ bags: [bag('B2', ['W1', 'W2'])], manifests: [manifest], handovers: [hand('M1', 'given')] });
    expect(cargoOf(undefined, own, here).map(({ code, state, parcels }) => [code, state, parcels])).toEqual([
      ['M1', 'on_the_way', 3],
      ['B2', 'on_the_way', 2],
    ]);
  });

  it('never turn back, whatever the order of what was scanned', () => {
    const records = [hand('B', 'given'), hand('B', 'taken'), hand('B', 'taken', ['W1'])];
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 3 }), (order) => {
        expect(stateAfter('sealed', 'bag', order)).toBe('opened');
      }),
    );
    expect(stateAfter('received', 'bag', [hand('B', 'given')])).toBe('received');
  });

  it('belong to the floor of a hall and its station alike', () => {
    expect(isHere({ unitCode: '990101101201' }, { unitCode: '990101101201', stationCode: 'S1' })).toBe(true);
    expect(isHere({ unitCode: '990101101201', stationCode: 'S2' }, { unitCode: '990101101201', stationCode: 'S1' })).toBe(false);
  });

  it('hold their parcels until they are opened', () => {
    expect([...packedIn([], ownOf({ bags: [bag('B2', ['W1'])] }))]).toEqual([['W1', 'B2']]);
    expect(packedIn([], ownOf({ bags: [bag('B2', ['W1'])], handovers: [hand('B2', 'taken', ['W1'])] })).size).toBe(0);
  });

  it('are summed by where they went today', () => {
    const seen = cargoOf(undefined, ownOf({ bags: [bag('B2', ['W1', 'W2']), bag('B4', ['W3'])] }), here);
    expect(sentTo(seen, () => true).get('S1')).toEqual({ bags: 2, parcels: 3 });
    expect(sentTo(seen, () => false).size).toBe(0);
  });
});

describe('Counting what is in a bag', () => {
  it('tells every parcel once: there, missing, or in excess', () => {
    const waybills = fc.uniqueArray(fc.stringMatching(/^W\d{2}$/), { maxLength: 20 });
    fc.assert(
      fc.property(waybills, waybills, (listed, found) => {
        const { matched, missing, excess } = countOf(listed, found);
        expect([...matched, ...missing].sort()).toEqual([...listed].sort());
        expect([...matched, ...excess].sort()).toEqual([...found].sort());
        expect(missing.filter((waybill) => excess.includes(waybill))).toEqual([]);
      }),
    );
  });
});

describe('Codes', () => {
  it('made for seals and manifests are ones that the county takes', () => {
    fc.assert(
      fc.property(fc.constantFrom('B', 'M'), fc.nat(), (letter, seed) => {
        const code = transportCode(letter, '2026-11-20', (below) => seed % below);
        expect(transportCodeSchema.parse(code)).toBe(code);
      }),
    );
  });

  it('of certificates are read from the link and from the paper, and refused when a digit is wrong', () => {
    const number = '990101261120000017';
    const right = [...'0123456789'].map((digit) => number.slice(0, -1) + digit).find((text) => certificateNumberIn(text));
    expect(right).toBeDefined();
    expect(certificateNumberIn(`https://example.org/c/${right}`)).toBe(right);
    expect(certificateNumberIn(`${right?.slice(0, 6)} ${right?.slice(6, 12)} ${right?.slice(12)}`)).toBe(right);
    expect(certificateNumberIn('SF1234567890123')).toBeUndefined();
  });
});
