import fc from 'fast-check';
import type { Page, Problem, RecallReach, RecallRow, RecallScope, RecallView } from '#contracts';
import { SecretBox, uuidv7 } from '#platform';
import { holdersOf, reachOf, type Holding, type LotPart } from '../../libs/trace/src/recall/reach.js';
import { BoxLots } from '../../libs/trace/src/code/box.lots.js';
import { insertLotPart, insertOrder, insertShipment } from '../factories/produce.js';
import { mixed, traceCounty, type TraceCounty } from './trace.steps.js';

/** A random county in small: numbers stand for lots, boxes and orders. */
const LOTS = 10;
const BOXES = 6;
const ORDERS = 6;
const lotAt = fc.nat(LOTS - 1);
const world = fc.record({
  parts: fc.array(fc.tuple(lotAt, lotAt), { maxLength: 14 }),
  /** The lot that each box was ordered for. */
  boxes: fc.array(lotAt, { minLength: BOXES, maxLength: BOXES }),
  units: fc.array(fc.record({ lot: lotAt, box: fc.option(fc.nat(BOXES - 1), { nil: null }) }), { maxLength: 12 }),
  orders: fc.array(fc.record({ lots: fc.uniqueArray(lotAt, { maxLength: 2 }), shipped: fc.boolean() }), {
    minLength: ORDERS,
    maxLength: ORDERS,
  }),
  start: lotAt,
  scope: fc.constantFrom<RecallScope>('down', 'source'),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

describe('a recall', () => {
  let county: TraceCounty;
  let serial = 1;
  beforeAll(async () => {
    county = await traceCounty();
  });
  afterAll(() => county.close());

  const database = () => county.app.db.database;
  const post = <T = RecallView>(path: string, body: object, token = county.tokens.county) =>
    county.app.post<T & Problem>(path, body, token);
  const start = (lotId: string, rest: object = {}) =>
    post('/api/recalls', { id: uuidv7(), lotId, reason: '检出禁用农药', ...rest });
  const rows = async (id: string, kind: string, query = '', token = county.tokens.county) =>
    (await county.app.get<Page<RecallRow>>(`/api/recalls/${id}/rows?kind=${kind}&limit=200${query}`, token)).body.items;
  const keys = async (id: string, kind: string) => (await rows(id, kind)).map(({ key }) => key).sort();
  const insertCode = async (code: {
    lotId: string;
    level: string;
    sscc?: string;
    box?: number | null;
    shipmentId?: string | null;
  }) => {
    serial += 1;
    await database().query(
      `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, sscc, box_serial) values ($1, $2, $3, $4, $5, 'active', $6, $7)`,
      [serial, county.code, uuidv7(), code.lotId, code.level, code.sscc ?? null, code.box ?? null],
    );
    return serial;
  };
  const order = (lots: readonly { lotId: string }[], channelOrderNo: string, phone = '13812345678') =>
    insertOrder(database(), {
      countyCode: county.code,
      villageId: county.villageId,
      sellerId: county.producerId,
      channelOrderNo,
      lots,
      buyer: { name: '欧阳修文', phone, secrets: county.app.resolve(SecretBox) },
    });

  /** Puts a random county into the database; answers what to expect, in keys as the lists show them. */
  async function settle(made: World, round: number) {
    const lots: string[] = [];
    for (let index = 0; index < LOTS; index += 1) lots.push(await county.lot(`R${round}-${index}`));
    const id = (index: number) => lots[index] ?? '';
    const parts: LotPart[] = [...new Set(made.parts.map(String))].map((pair) => {
      const [parent = 0, child = 0] = pair.split(',').map(Number);
      return { parent: id(parent), child: id(child) };
    });
    for (const { parent, child } of parts) await insertLotPart(database(), { parentId: parent, childId: child });
    const orderNo = (index: number) => `R${round}-O${index}`;
    const waybill = (index: number) => `R${round}-WAYBILL-${index}`;
    const sscc = (index: number) => `${String(round).padStart(10, '0')}${String(index).padStart(8, '0')}`;
    const inBox: Holding[] = made.units.flatMap(({ lot, box }) => (box === null ? [] : [{ holder: sscc(box), lot: id(lot) }]));
    const filled = new Set(inBox.map(({ holder }) => holder));
    const serials: number[] = [];
    for (const [index, lot] of made.boxes.entries()) {
      serials.push(await insertCode({ lotId: id(lot), level: 'box', sscc: sscc(index) }));
      if (!filled.has(sscc(index))) inBox.push({ holder: sscc(index), lot: id(lot) });
    }
    for (const { lot, box } of made.units)
      await insertCode({ lotId: id(lot), level: 'unit', box: box === null ? null : (serials[box] ?? null) });
    await new BoxLots().refresh(database(), serials);
    const inParcel: Holding[] = [];
    const inOrder: Holding[] = [];
    for (const [index, { lots: taken, shipped }] of made.orders.entries()) {
      const seed = { countyCode: county.code, waybill: waybill(index) };
      const shares = taken.map((lot) => ({ lotId: id(lot) }));
      const { id: orderId, allocationIds } = await order(shares, orderNo(index));
      inOrder.push(...shares.map(({ lotId }) => ({ holder: orderNo(index), lot: lotId })));
      if (!shipped) continue;
      await insertShipment(database(), { ...seed, orderId, allocationIds });
      inParcel.push(...shares.map(({ lotId }) => ({ holder: waybill(index), lot: lotId })));
    }
    const { up, recalled } = reachOf(id(made.start), made.scope, parts);
    const sorted = (holdings: readonly Holding[]) => [...holdersOf(recalled, holdings)].sort();
    const numbers = (set: Iterable<string>) => [...set].map((lot) => `R${round}-${lots.indexOf(lot)}`).sort();
    return {
      lotId: id(made.start),
      up: up.size,
      recalled: numbers(recalled),
      lots: numbers(new Set([...recalled, ...up])),
      down: [...recalled].filter((lot) => !up.has(lot)).length - 1,
      boxes: sorted(inBox),
      orders: sorted(inOrder),
      shipments: sorted(inParcel),
    };
  }

  it('reaches every lot, box, parcel and order, and no other, whatever the graph', async () => {
    for (const [round, made] of fc.sample(world, { numRuns: 25, seed: 20261123 }).entries()) {
      const expected = await settle(made, round);
      const { boxes, orders, shipments } = expected;
      const reach = { lotsUp: expected.up, lotsDown: Math.max(0, expected.down), boxes: boxes.length, orders: orders.length };
      const counts = { ...reach, shipments: shipments.length, contacts: orders.length };
      const asked = await county.app.get<RecallReach>(
        `/api/lots/${expected.lotId}/reach?scope=${made.scope}`,
        county.tokens.county,
      );
      expect(asked.body).toMatchObject(counts);
      const { status, body } = await start(expected.lotId, { scope: made.scope });
      expect(status).toBe(201);
      expect(body.reach).toEqual(asked.body);
      const stored = await database().query<{ lotNo: string }>(
        `select l.lot_no as "lotNo" from trace.recall_lot x join upflow.lot l on l.id = x.lot_id where x.recall_id = $1`,
        [body.id],
      );
      expect(stored.map(({ lotNo }) => lotNo).sort()).toEqual(expected.recalled);
      expect(await keys(body.id, 'lots')).toEqual(expected.lots);
      expect(await keys(body.id, 'boxes')).toEqual(boxes);
      expect(await keys(body.id, 'orders')).toEqual(orders);
      expect(await keys(body.id, 'shipments')).toEqual(shipments);
    }
  });

  it('is started once, however often it is sent', async () => {
    const lotId = await county.lot('TWICE');
    const input = { id: uuidv7(), lotId, reason: '检出禁用农药' };
    const first = await post('/api/recalls', input);
    expect(first).toMatchObject({ status: 201, body: { lot: { lotNo: 'TWICE' }, scope: 'down', endedAt: null } });
    expect((await post('/api/recalls', input)).body).toEqual(first.body);
    for (const other of [{ reason: '别的原因' }, { scope: 'source' }, { lotId: await county.lot('OTHER') }])
      expect(await post('/api/recalls', { ...input, ...other })).toMatchObject({
        status: 409,
        body: { code: 'recall_id_taken' },
      });
    const audited = await database().query(`select 1 from platform.audit where action = 'recall.started' and subject = $1`, [
      `recall ${input.id}`,
    ]);
    expect(audited).toHaveLength(1);
  });

  it('is joined by lots that are made later, in whatever order that is told, until it ends', async () => {
    const [bad, good] = [await county.lot('LATER-1'), await county.lot('LATER-2')];
    const { body } = await start(bad);
    const blend = await county.lot('LATER-3', { madeOf: [bad, good] });
    const pack = await county.lot('LATER-4', { madeOf: [blend] });
    await county.record({ step: mixed([blend], pack) });
    expect(await keys(body.id, 'lots')).toEqual(['LATER-1']);
    await county.record({ step: mixed([bad, good], blend) });
    expect(await keys(body.id, 'lots')).toEqual(['LATER-1', 'LATER-3', 'LATER-4']);
    const ended = await post(`/api/recalls/${body.id}/end`, { note: '已全部收回' });
    expect(ended).toMatchObject({ status: 200, body: { endNote: '已全部收回', endedAt: expect.any(String) as string } });
    expect((await post(`/api/recalls/${body.id}/end`, { note: '已全部收回' })).body).toEqual(ended.body);
    expect(await post(`/api/recalls/${body.id}/end`, { note: '另一个说明' })).toMatchObject({
      status: 409,
      body: { code: 'recall_already_ended' },
    });
    const after = await county.lot('LATER-5', { madeOf: [bad] });
    await county.record({ step: mixed([bad], after) });
    expect(await keys(body.id, 'lots')).toEqual(['LATER-1', 'LATER-3', 'LATER-4']);
  });

  it('shows buyers masked; in full only to those who may, and that is recorded', async () => {
    const lotId = await county.lot('BUYERS');
    await order([{ lotId }], 'BUYER-1');
    const { body } = await start(lotId);
    expect(await rows(body.id, 'contacts')).toEqual([
      expect.objectContaining({ key: '138******78', name: '欧***', detail: 'BUYER-1', quantityG: 2500 }),
    ]);
    const full = `/api/recalls/${body.id}/rows?kind=contacts&unmask=true`;
    expect((await county.app.get(full, county.tokens.county)).status).toBe(403);
    const unmaskings = () =>
      database().query(`select 1 from platform.audit where action = 'recall.unmasked' and subject = $1`, [`recall ${body.id}`]);
    expect(await unmaskings()).toHaveLength(0);
    const table = await county.app.get<string>(full, county.tokens.admin, { accept: 'text/csv', 'accept-language': 'en' });
    expect(table.body).toContain('13812345678,欧阳修文');
    expect(await unmaskings()).toHaveLength(1);
    const masked = await county.app.get<string>(full.replace('&unmask=true', ''), county.tokens.admin, { accept: 'text/csv' });
    expect(masked.body).not.toMatch(/13812345678|欧阳/);
  });

  it('finds the stations that have its parcels', async () => {
    const lotId = await county.lot('STATIONS');
    const placed = await order([{ lotId }], 'STATION-1');
    const waybill = 'YT5550000000001';
    await insertShipment(database(), {
      countyCode: county.code,
      orderId: placed.id,
      waybill,
      allocationIds: placed.allocationIds,
    });
    const stationId = uuidv7();
    await database().query(
      `insert into directory.station (id, code, name, unit_id, valid_from) values ($1, 'S-RECALL', '一村驿站', $2, '2020-01-01')`,
      [stationId, county.villageId],
    );
    await database().query(
      `insert into logistics.parcel (county_code, waybill, direction, stage, station_id, first_claimed_at, last_event_at) values ($1, $2, 'outbound', 'accepted', $3, now(), now())`,
      [county.code, waybill, stationId],
    );
    const { body } = await start(lotId);
    expect(body.reach).toMatchObject({ shipments: 1, stations: 1, orders: 1, contacts: 1 });
    expect(await rows(body.id, 'stations')).toHaveLength(1);
  });

  it('is walked page by page', async () => {
    const lotId = await county.lot('PAGES');
    for (let index = 0; index < 5; index += 1) {
      const box = await insertCode({ lotId, level: 'box', sscc: `9999999999000000${index}0` });
      await new BoxLots().refresh(database(), [box]);
      await order([{ lotId }], `PAGES-${index}`);
    }
    const { body } = await start(lotId);
    for (const kind of ['boxes', 'orders', 'contacts']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const path = `/api/recalls/${body.id}/rows?kind=${kind}&limit=2${cursor && `&cursor=${cursor}`}`;
        const page = (await county.app.get<Page<RecallRow>>(path, county.tokens.county)).body;
        seen.push(...page.items.map(({ key, detail }) => key + detail));
        cursor = page.nextCursor ?? '';
      } while (cursor);
      expect(new Set(seen).size).toBe(5);
    }
    const list = (await county.app.get<Page<RecallView>>('/api/recalls?limit=3', county.tokens.county)).body;
    const more = (
      await county.app.get<Page<RecallView>>(`/api/recalls?limit=3&cursor=${list.nextCursor ?? ''}`, county.tokens.county)
    ).body;
    expect(list.items[0]?.id).toBe(body.id);
    expect(new Set([...list.items, ...more.items].map(({ id }) => id)).size).toBe(6);
    const ended = (await county.app.get<Page<RecallView>>('/api/recalls?open=false', county.tokens.county)).body.items;
    expect(ended.map(({ lot }) => lot.lotNo)).toEqual(['LATER-1']);
  });

  it('is seen by those whose lots it reaches, and started by the county only', async () => {
    const [mine, foreign] = [await county.lot('SEEN-1'), await county.lot('SEEN-2', { villageId: county.foreignVillageId })];
    const [ours, theirs] = [(await start(mine)).body.id, (await start(foreign)).body.id];
    const seen = async (id: string, token: string) => (await county.app.get(`/api/recalls/${id}`, token)).status;
    expect([await seen(ours, county.tokens.town), await seen(theirs, county.tokens.town)]).toEqual([200, 404]);
    expect(await seen(theirs, county.tokens.admin)).toBe(200);
    expect(await seen(ours, county.tokens.producer)).toBe(404);
    expect((await county.app.get(`/api/recalls/${ours}`)).status).toBe(401);
    expect((await post('/api/recalls', { id: uuidv7(), lotId: mine, reason: 'x' }, county.tokens.town)).status).toBe(403);
    expect((await county.app.get(`/api/recalls/${ours}/rows?kind=contacts`, county.tokens.town)).status).toBe(403);
  });

  it.each([
    ['an unknown lot', { lotId: uuidv7() }, 'lotId'],
    ['a lot that is no id', { lotId: '7' }, 'lotId'],
    ['no reason', { reason: ' ' }, 'reason'],
    ['an unknown scope', { scope: 'sideways' }, 'scope'],
  ])('is refused for %s', async (_, rest, field) => {
    const { status, body } = await start(await county.lot(`BAD-${serial++}`), rest);
    expect([status, body.errors?.[0]?.path]).toEqual([400, field]);
  });

  it.each(['kind=parties', 'kind=boxes&cursor=x', 'kind=lots&limit=0'])('refuses rows of ?%s', async (query) => {
    const { body } = await start(await county.lot(`ROWS-${serial++}`));
    expect((await county.app.get(`/api/recalls/${body.id}/rows?${query}`, county.tokens.county)).status).toBe(400);
  });
});
