import type {
  BagDetail,
  BagView,
  ConsignmentView,
  ManifestDetail,
  ManifestView,
  Page,
  ParcelView,
  RecordResult,
} from '#contracts';
import { uuidv7 } from '#platform';
import type { UserKey } from '../factories/county.js';
import { MINUTE, transportCounty, type TransportCounty } from './transport.county.js';

let world: TransportCounty;
beforeAll(async () => {
  world = await transportCounty();
});
afterAll(async () => {
  await world.app.close();
});

const HOUR = 60 * MINUTE;
const to = {
  village1: () => ({ stationCode: world.county.stations.village1.code }),
  village4: () => ({ stationCode: world.county.stations.village4.code }),
  town1: () => ({ unitCode: world.county.codes.town1 }),
  town2: () => ({ unitCode: world.county.codes.town2 }),
  county: () => ({ unitCode: world.county.codes.county }),
};
/** Parcels that a keeper took in from senders. */
async function consigned(count: number, who: UserKey = 'station'): Promise<string[]> {
  const sent = Array.from({ length: count }, () => world.consignment({ occurredAt: world.ago(20 * HOUR) }));
  for (const one of sent) await world.accept(who, 'consignments', one);
  return sent.map(({ waybill }) => waybill);
}
/** Parcels that came into the county. */
async function arrived(count: number): Promise<string[]> {
  const waybills = Array.from({ length: count }, () => world.waybill());
  const scans = waybills.map((waybill) => ({ id: uuidv7(), waybill, kind: 'arrived_county', occurredAt: world.ago(20 * HOUR) }));
  expect((await world.app.post('/api/scans', { scans }, world.county.tokens.county)).status).toBe(200);
  return waybills;
}
/** A sealed bag. */
async function sealed(who: UserKey, destination: object, waybills: readonly string[], hoursAgo = 10): Promise<string> {
  const code = world.code('B');
  expect(await world.accept(who, 'bags', { code, to: destination, waybills, occurredAt: world.ago(hoursAgo * HOUR) })).toEqual(
    [],
  );
  return code;
}
const hand = (who: UserKey, side: 'given' | 'taken', code: string, hoursAgo: number, more: object = {}) =>
  world.accept(who, 'handovers', { code, side, occurredAt: world.ago(hoursAgo * HOUR), ...more });
const bag = (code: string, who: UserKey = 'county') => world.get<BagDetail>(who, `/api/bags/${code}`);
const parcel = (waybill: string) => world.get<ParcelView>('county', `/api/parcels/${waybill}`);
const story = async (waybill: string) => (await parcel(waybill)).timeline.map(({ kind, stationCode }) => [kind, stationCode]);
const states = async (code: string) =>
  Object.fromEntries((await bag(code)).waybills.map(({ waybill, state }) => [waybill, state]));

describe('A bag', () => {
  it('is refused while an outgoing parcel has no record, and names it', async () => {
    const [known] = await consigned(1);
    const [unknown, packed] = [world.waybill(), world.waybill()];
    // Taken in by a scan alone, without its record.
    const accepted = { id: uuidv7(), waybill: packed, kind: 'accepted', occurredAt: world.ago(HOUR) };
    await world.app.post('/api/scans', { scans: [accepted] }, world.county.tokens.station);
    const waybills = [known, unknown, packed];
    const problem = await world.refuse('station', 'bags', { code: world.code('B'), to: to.town1(), waybills });
    expect(problem.code).toBe('consignment_missing');
    expect(problem.detail).toContain(unknown);
    expect(problem.detail).toContain(packed);
    expect(problem.detail).not.toContain(known);
    expect(problem.errors?.map(({ path, code }) => [path, code])).toEqual([
      ['waybills.1', 'consignment_missing'],
      ['waybills.2', 'consignment_missing'],
    ]);
  });

  it('going down, or taking a parcel back, needs no record', async () => {
    const fresh = world.waybill();
    await sealed('county', to.town1(), [fresh]);
    const [back] = await arrived(1);
    await sealed('station', to.town1(), [back ?? '']);
  });

  it('is refused for a code in use, for a parcel in another bag, and for a place that is not one', async () => {
    const [one, two] = await consigned(2);
    const code = await sealed('station', to.town1(), [one ?? '']);
    const again = await world.refuse('station', 'bags', { code, to: to.town1(), waybills: [two] });
    expect(again.code).toBe('bag_exists');
    const other = await world.refuse('station', 'bags', { code: world.code('B'), to: to.town1(), waybills: [two, one] });
    expect(other).toMatchObject({ code: 'already_bagged', detail: expect.stringContaining(one ?? '') });
    expect(other.errors?.map(({ path }) => path)).toEqual(['waybills.1']);
    const away = { unitCode: world.county.codes.otherTown };
    for (const place of [away, { unitCode: '999999' }, { stationCode: 'nowhere' }])
      expect((await world.refuse('station', 'bags', { code: world.code('B'), to: place, waybills: [two] })).code).toBe(
        'unknown_place',
      );
    const here = await world.refuse('station', 'bags', { code: world.code('B'), to: to.village1(), waybills: [two] });
    expect(here.code).toBe('same_place');
    const nowhere = await world.refuse('station', 'bags', { code: world.code('B'), to: {}, waybills: [two] });
    expect(nowhere.errors).toMatchObject([{ path: 'to', code: 'place_required' }]);
  });

  it('is sealed once though two phones seal the same parcel at the same time', async () => {
    const [waybill] = await consigned(1);
    const records = Array.from({ length: 6 }, () => world.record({ code: world.code('B'), to: to.town1(), waybills: [waybill] }));
    const results = (await Promise.all(records.map((record) => world.send('station', 'bags', record)))).flat();
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(new Set(results.flatMap(({ problem }) => problem?.code ?? []))).toEqual(new Set(['already_bagged']));
  });

  it('may hold a parcel again once it was opened', async () => {
    const [waybill] = await consigned(1);
    const code = await sealed('station', to.town1(), [waybill ?? '']);
    await hand('station', 'given', code, 9);
    await hand('town', 'taken', code, 8);
    const next = { code: world.code('B'), to: to.county(), waybills: [waybill] };
    expect((await world.refuse('town', 'bags', next)).code).toBe('already_bagged');
    await hand('town', 'taken', code, 7, { found: [waybill] });
    await world.accept('town', 'bags', next);
  });
});

describe('A parcel that was once found in excess', () => {
  it('is missed again, and is in one bag only, like any other', async () => {
    const [stray = '', kept = ''] = await consigned(2);
    const first = await sealed('station', to.town1(), [kept]);
    await hand('station', 'given', first, 9);
    await hand('town', 'taken', first, 8, { found: [kept, stray] });
    const second = await sealed('town', to.county(), [stray, kept], 7);
    const twice = { code: world.code('B'), to: to.county(), waybills: [stray] };
    expect((await world.refuse('town', 'bags', twice)).code).toBe('already_bagged');
    await hand('town', 'given', second, 6);
    expect(await hand('county', 'taken', second, 5, { found: [kept] })).toEqual(['parcels_missing']);
    expect((await parcel(stray)).exceptions).toMatchObject([{ kind: 'missing' }]);
  });
});

describe('A bag that a village received', () => {
  it('does not hold back what was scanned onto the shelf, nor does one that lacks a parcel found elsewhere', async () => {
    const [back, stray] = (await arrived(2)) as [string, string];
    const down = await sealed('town', to.village1(), [back]);
    const lacking = await sealed('town', to.village1(), [stray]);
    for (const code of [down, lacking]) await hand('town', 'given', code, 9);
    await hand('station', 'taken', down, 8);
    // Nobody opened it; what is sent back goes into another.
    await sealed('station', to.town1(), [back], 7);
    expect((await bag(down)).state).toBe('received');
    const problem = await world.refuse('station', 'bags', { code: world.code('B'), to: to.town1(), waybills: [stray] });
    expect(problem.code).toBe('already_bagged');
    const other = await sealed('town', to.village1(), await arrived(1), 6);
    await hand('station', 'taken', other, 5, { found: [stray] });
    await sealed('station', to.town1(), [stray], 4);
    // The list that lacks it says so, but it is not missing.
    await hand('station', 'taken', lacking, 3, { found: [] });
    expect((await bag(lacking)).missing).toBe(1);
    expect((await parcel(stray)).exceptions).toEqual([]);
  });
});

describe('A manifest', () => {
  it('takes sealed bags of its place that are on no other, and single parcels with their record', async () => {
    const [one, two, three] = await consigned(3);
    const elsewhere = await sealed('county', to.town1(), [world.waybill()]);
    const here = await sealed('station', to.town1(), [one ?? '']);
    const gone = await sealed('station', to.town1(), [two ?? '']);
    await hand('station', 'given', gone, 9);
    const manifest = (fields: object) => ({
      code: world.code('M'),
      to: to.town1(),
      route: '3路',
      bags: [],
      waybills: [],
      ...fields,
    });
    const refusals: [object, string][] = [
      [{ bags: ['NO-SUCH-BAG'] }, 'unknown_bag'],
      [{ bags: [here, elsewhere] }, 'bag_elsewhere'],
      [{ bags: [gone] }, 'bag_not_sealed'],
      [{ waybills: [world.waybill()] }, 'consignment_missing'],
      [{ waybills: [one] }, 'already_bagged'],
      [{ bags: [here], code: here }, 'bag_exists'],
      [{}, 'invalid_input'],
    ];
    for (const [fields, code] of refusals) expect((await world.refuse('station', 'manifests', manifest(fields))).code).toBe(code);
    const first = manifest({ bags: [here], waybills: [three], vehicle: '陕A12345' });
    await world.accept('station', 'manifests', first);
    expect((await world.refuse('station', 'manifests', manifest({ bags: [here] }))).code).toBe('bag_on_manifest');
    expect((await world.refuse('station', 'manifests', { ...manifest({ waybills: [three] }) })).code).toBe('already_bagged');
    expect((await world.refuse('station', 'manifests', { ...first, bags: [] })).code).toBe('manifest_exists');
    expect(await world.get<ManifestDetail>('town', `/api/manifests/${first.code}`)).toMatchObject({
      state: 'sealed',
      route: '3路',
      vehicle: '陕A12345',
      bags: 1,
      parcels: 2,
      waybills: [three],
      bagList: [{ code: here, manifestCode: first.code, parcels: 1 }],
    });
  });
});

describe('What a villager sends', () => {
  it('goes from village to town to county by scan of both sides, with one missing and one in excess', async () => {
    const stations = world.county.stations;
    const [kept, lost, single] = await consigned(3);
    const stray = (await consigned(1))[0] ?? '';
    const code = await sealed('station', to.town1(), [kept ?? '', lost ?? '']);
    const manifest = world.code('M');
    const loaded = {
      code: manifest,
      to: to.town1(),
      route: '村村通',
      bags: [code],
      waybills: [single],
      occurredAt: world.ago(9.5 * HOUR),
    };
    await world.accept('station', 'manifests', loaded);

    expect(await hand('station', 'given', manifest, 9)).toEqual([]);
    expect((await bag(code)).state).toBe('on_the_way');
    const left = await world.get<Page<ConsignmentView>>('station', '/api/consignments?left=true&limit=200');
    expect(left.items.filter(({ waybill }) => [kept, lost, single].includes(waybill))).toHaveLength(3);
    expect(left.items.find(({ waybill }) => waybill === kept)).toMatchObject({ bagCode: code, left: true });

    expect(await hand('town', 'taken', manifest, 8)).toEqual([]);
    expect(await hand('town', 'taken', code, 7, { found: [kept, stray] })).toEqual(['parcels_missing', 'parcels_excess']);
    expect(await states(code)).toEqual({ [kept ?? '']: 'found', [lost ?? '']: 'missing', [stray]: 'excess' });
    expect(await bag(code)).toMatchObject({ state: 'opened', parcels: 2, missing: 1, excess: 1 });
    const route = [
      ['accepted', stations.village1.code],
      ['dispatched', stations.village1.code],
      ['arrived_town', stations.town1.code],
    ];
    expect(await story(kept ?? '')).toEqual(route);
    expect(await story(single ?? '')).toEqual(route);
    expect(await story(lost ?? '')).toEqual([...route, ['exception_open', stations.town1.code]]);
    expect((await parcel(lost ?? '')).exceptions).toMatchObject([{ kind: 'missing' }]);
    expect(await story(stray)).toEqual([route[0], route[2]]);

    // The missing one turns up at the county, in the town's bag.
    const second = await sealed('town', to.county(), [kept ?? '', single ?? '', stray], 6);
    expect(await hand('town', 'given', second, 5)).toEqual([]);
    expect(await hand('county', 'taken', second, 4, { found: [kept, single, stray, lost] })).toEqual(['parcels_excess']);
    const found = await parcel(lost ?? '');
    expect(found.exceptions).toMatchObject([{ kind: 'missing', closedAt: expect.any(String) }]);
    expect(found.timeline.flatMap(({ flags }) => flags ?? [])).toEqual([]);
    for (const waybill of [kept, single, stray, lost]) expect(await parcel(waybill ?? '')).toMatchObject({ stage: 'at_county' });
    expect((await states(code))[lost ?? '']).toBe('missing');
  });
});

describe('What comes in', () => {
  it('goes from county to town to village by scan of both sides, with one missing and one in excess', async () => {
    const stations = world.county.stations;
    const [one, two, three, stray] = (await arrived(4)) as [string, string, string, string];
    const down = await sealed('county', to.town1(), [one, two, three]);
    expect(await hand('county', 'given', down, 9)).toEqual([]);
    expect(await hand('town', 'taken', down, 8, { found: [one, two, three] })).toEqual([]);
    const last = await sealed('town', to.village1(), [one, two, three], 7);
    expect(await hand('town', 'given', last, 6)).toEqual([]);
    expect(await hand('station', 'taken', last, 5)).toEqual([]);
    const route = [
      ['arrived_county', stations.county.code],
      ['dispatched', stations.county.code],
      ['arrived_town', stations.town1.code],
      ['dispatched', stations.town1.code],
    ];
    // Taken unopened: in a village each parcel is scanned by itself.
    expect(await story(one)).toEqual(route);
    expect(await hand('station', 'taken', last, 4, { found: [one, two, stray] })).toEqual(['parcels_missing', 'parcels_excess']);
    expect(await story(one)).toEqual([...route, ['arrived_village', stations.village1.code]]);
    expect(await parcel(two)).toMatchObject({ stage: 'at_station', exceptions: [] });
    expect((await parcel(three)).exceptions).toMatchObject([{ kind: 'missing' }]);
    expect(await parcel(stray)).toMatchObject({ stage: 'at_station' });
    // It turns up in another bag that came to the village: the arrival closes it, and nothing is out of order.
    const other = await sealed('town', to.village1(), [await arrived(1).then(([only]) => only ?? '')], 4);
    await hand('town', 'given', other, 3);
    await hand('station', 'taken', other, 2, { found: [three] });
    const back = await parcel(three);
    expect(back).toMatchObject({ stage: 'at_station', exceptions: [{ kind: 'missing', closedAt: expect.any(String) }] });
    expect(back.timeline.flatMap(({ flags }) => flags ?? [])).toEqual([]);
  });

  it('by a manifest is compared with its single parcels, and its bags stay closed', async () => {
    const [bagged, single, lost, stray] = (await arrived(4)) as [string, string, string, string];
    const code = await sealed('county', to.town1(), [bagged]);
    const manifest = world.code('M');
    const fields = {
      code: manifest,
      to: to.town1(),
      route: '东线',
      bags: [code],
      waybills: [single, lost],
      occurredAt: world.ago(9.5 * HOUR),
    };
    await world.accept('county', 'manifests', fields);
    await hand('county', 'given', manifest, 9);
    expect(await hand('town', 'taken', manifest, 8, { found: [single, stray] })).toEqual(['parcels_missing', 'parcels_excess']);
    expect(await world.get<ManifestDetail>('town', `/api/manifests/${manifest}`)).toMatchObject({
      state: 'received',
      missing: [lost],
      excess: [stray],
      bagList: [{ state: 'received', missing: 0, excess: 0 }],
      handovers: [{ side: 'given' }, { side: 'taken' }],
    });
    expect((await parcel(lost)).exceptions).toMatchObject([{ kind: 'missing' }]);
    for (const waybill of [bagged, single, stray]) expect(await parcel(waybill)).toMatchObject({ stage: 'at_town' });
  });
});

describe('A hand-over', () => {
  it('of a code that nothing bears is refused', async () => {
    const problem = await world.refuse('town', 'handovers', { code: 'NO-SUCH-CODE', side: 'taken' });
    expect(problem.code).toBe('unknown_bag');
    const found = await world.refuse('town', 'handovers', { code: 'NO-SUCH-CODE', side: 'given', found: [world.waybill()] });
    expect(found.errors).toMatchObject([{ path: 'found', code: 'found_not_taken' }]);
  });

  it('is kept with a warning when it is odd', async () => {
    const [waybill] = await consigned(1);
    const code = await sealed('station', to.county(), [waybill ?? '']);
    expect(await hand('town', 'taken', code, 9, { sealIntact: false, note: '封签断了' })).toEqual([
      'not_given',
      'wrong_place',
      'seal_broken',
    ]);
    expect(await hand('town', 'taken', code, 8)).toEqual(['taken_twice', 'wrong_place']);
    expect(await hand('town', 'given', code, 7)).toEqual([]);
    expect(await hand('town', 'given', code, 6)).toEqual(['given_twice']);
    expect(await hand('county', 'taken', code, 5)).toEqual([]);
    expect(await hand('county', 'taken', code, 4, { found: [waybill] })).toEqual([]);
    expect(await hand('county', 'given', code, 3)).toEqual(['already_opened']);
    const { handovers } = await bag(code);
    expect(handovers).toHaveLength(7);
    expect(handovers[0]).toMatchObject({
      side: 'taken',
      sealIntact: false,
      note: '封签断了',
      place: { unitCode: world.county.codes.town1 },
    });
    // What was odd and moved nothing made no scans either.
    expect((await story(waybill ?? '')).map(([kind]) => kind)).toEqual([
      'accepted',
      'arrived_town',
      'dispatched',
      'arrived_county',
    ]);
  });

  it('may be told late by a phone that was offline', async () => {
    const [waybill] = await consigned(1);
    const code = await sealed('station', to.town1(), [waybill ?? '']);
    expect(await hand('town', 'taken', code, 5)).toEqual(['not_given']);
    expect(await hand('station', 'given', code, 8)).toEqual([]);
    expect((await bag(code)).state).toBe('received');
    expect((await story(waybill ?? '')).map(([kind]) => kind)).toEqual(['accepted', 'dispatched', 'arrived_town']);
  });

  it('may be told after others have opened it, and makes the same scans then', async () => {
    const [there = '', lost = ''] = await consigned(2);
    const code = await sealed('station', to.county(), [there, lost]);
    expect(await hand('county', 'taken', code, 5, { found: [there] })).toEqual(['not_given', 'parcels_missing']);
    expect(await hand('town', 'taken', code, 7)).toEqual(['not_given', 'wrong_place']);
    expect(await hand('station', 'given', code, 8)).toEqual([]);
    const way = ['accepted', 'dispatched', 'arrived_town'];
    expect((await story(there)).map(([kind]) => kind)).toEqual([...way, 'arrived_county']);
    expect((await story(lost)).map(([kind]) => kind)).toEqual([...way, 'exception_open']);
    const left = await world.get<Page<ConsignmentView>>('station', '/api/consignments?left=true&limit=200');
    expect(left.items.filter(({ waybill }) => [there, lost].includes(waybill))).toHaveLength(2);
  });

  it('keeps no telephone number in its note', async () => {
    const [waybill = ''] = await consigned(1);
    const code = await sealed('station', to.town1(), [waybill]);
    await hand('station', 'given', code, 8, { note: '司机 13812345678' });
    expect((await bag(code)).handovers.map(({ note }) => note)).toEqual(['司机 ***********']);
  });

  it('of more parcels than a call of scans takes scans every one of them', async () => {
    const waybills = Array.from({ length: 1200 }, () => world.waybill());
    const codes = [waybills.slice(0, 500), waybills.slice(500, 1000)].map((part) => sealed('county', to.town1(), part));
    const manifest = world.code('M');
    const bags = await Promise.all(codes);
    await world.accept('county', 'manifests', {
      code: manifest,
      to: to.town1(),
      route: '东线',
      bags,
      waybills: waybills.slice(1000),
    });
    await hand('county', 'given', manifest, 2);
    const [row] = await world.app.db.database.query<{ count: number }>(
      `select count(*)::int from logistics.parcel_event where kind = 'dispatched' and waybill = any($1::text[])`,
      [waybills],
    );
    expect(row).toEqual({ count: 1200 });
  });
});

describe('Records that are sent again', () => {
  it('are duplicates with the same warnings, the whole batch of every kind, and change nothing', async () => {
    const sent = world.consignment();
    const [bagCode, manifestCode] = [world.code('B'), world.code('M')];
    const at = (hours: number, fields: object) => world.record({ ...fields, occurredAt: world.ago(hours * HOUR) });
    const batches = [
      ['station', 'consignments', [at(9, sent)]],
      ['station', 'bags', [at(8, { code: bagCode, to: to.town1(), waybills: [sent.waybill] })]],
      ['station', 'manifests', [at(7, { code: manifestCode, to: to.town1(), route: '3路', bags: [bagCode], waybills: [] })]],
      ['station', 'handovers', [at(6, { code: manifestCode, side: 'given', sealIntact: false })]],
      ['town', 'handovers', [at(5, { code: manifestCode, side: 'taken' }), at(4, { code: bagCode, side: 'taken', found: [] })]],
    ] as const;
    const all = async () => {
      const results: RecordResult[] = [];
      for (const [who, path, records] of batches) results.push(...(await world.send(who, path, ...records)));
      return results;
    };
    const first = await all();
    expect(first.map(({ outcome }) => outcome)).toEqual(Array<string>(6).fill('accepted'));
    const before = [await parcel(sent.waybill), await bag(bagCode)];
    const second = await all();
    expect(second).toEqual(first.map((result) => ({ ...result, outcome: 'duplicate' })));
    expect(second.map(({ warnings }) => warnings)).toEqual([
      undefined,
      undefined,
      undefined,
      ['seal_broken'],
      undefined,
      ['parcels_missing'],
    ]);
    expect([await parcel(sent.waybill), await bag(bagCode)]).toEqual(before);
    for (const [who, path, [record]] of batches) {
      const [changed] = await world.send(who, path, { ...record, occurredAt: world.ago(0) });
      expect(changed?.problem?.code).toBe('record_id_reused');
    }
  });
});

describe('Bags and manifests', () => {
  it('are seen by both ends and everything above, and by nobody else', async () => {
    const [waybill, single] = await consigned(2);
    const code = await sealed('station', to.town1(), [waybill ?? '']);
    const manifest = world.code('M');
    await world.accept('station', 'manifests', {
      code: manifest,
      to: to.town1(),
      route: '3路',
      bags: [code],
      waybills: [single],
    });
    const listed = async (who: UserKey, query: string) => {
      const bags = await world.get<Page<BagView>>(who, `/api/bags?limit=200&${query}`);
      const manifests = await world.get<Page<ManifestView>>(who, `/api/manifests?limit=200&${query}`);
      return [bags.items.some((item) => item.code === code), manifests.items.some((item) => item.code === manifest)];
    };
    const status = async (who: UserKey) => [
      (await world.app.get(`/api/bags/${code}`, world.county.tokens[who])).status,
      (await world.app.get(`/api/manifests/${manifest}`, world.county.tokens[who])).status,
    ];
    for (const who of ['station', 'town', 'county'] as const) expect(await status(who)).toEqual([200, 200]);
    for (const who of ['station2', 'town2', 'stranger'] as const) expect(await status(who)).toEqual([404, 404]);
    expect(await status('producer')).toEqual([403, 403]);
    expect(await listed('station', 'way=out&state=sealed')).toEqual([true, true]);
    expect(await listed('station', 'way=in')).toEqual([false, false]);
    expect(await listed('station', 'way=out&state=received')).toEqual([false, false]);
    expect(await listed('town', `way=in&stationCode=${world.county.stations.town1.code}`)).toEqual([true, true]);
    expect(await listed('county', 'way=out')).toEqual([true, true]);
    expect(await listed('town2', 'way=in')).toEqual([false, false]);
    expect(await listed('stranger', 'way=out')).toEqual([false, false]);
  });

  it('come page by page, each once, newest first', async () => {
    const codes: string[] = [];
    for (const hours of [3, 2, 1]) codes.unshift(await sealed('town2', to.village4(), [world.waybill()], hours));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Page<BagView> = await world.get('station2', `/api/bags?way=in&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ code }) => code));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(codes);
  });

  it('may not be made or handed over by who has no such right, or for a place of others', async () => {
    const { tokens, stations } = world.county;
    const stationCode = stations.village4.code;
    const [waybill] = await consigned(1);
    const problem = await world.refuse('station', 'bags', {
      code: world.code('B'),
      to: to.town1(),
      waybills: [waybill],
      stationCode,
    });
    expect(problem.code).toBe('station_out_of_scope');
    for (const path of ['bags', 'manifests', 'handovers'])
      for (const who of ['producer', 'carrier'] as const)
        expect((await world.app.post(`/api/${path}`, { records: [{}] }, tokens[who])).status).toBe(403);
    const code = await sealed('station', to.town1(), [waybill ?? '']);
    expect((await world.refuse('stranger', 'handovers', { code, side: 'taken' })).code).toBe('unknown_bag');
  });
});
