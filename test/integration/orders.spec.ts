import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import type {
  FreightRow,
  OrderImportResult,
  OrderListItem,
  OrderView,
  Page,
  ParcelStage,
  PayoutLineView,
  PayoutView,
  Problem,
  ShipmentView,
} from '#contracts';
import { ProducerMembership, SYSTEM_ACTOR } from '#directory';
import { Outbox, uuidv7 } from '#platform';
import { UpflowModule } from '#upflow';
import { insertLot, insertLotPart, insertProducer, insertProduct } from '../factories/produce.js';
import { testCounty, type TestCounty } from './income.county.js';

const COUNTY = '990101';

describe('Orders', () => {
  let county: TestCounty;
  let seller = '';
  let product = '';
  const villages: string[] = [];
  let serial = 0;

  beforeAll(async () => {
    county = await testCounty([UpflowModule], ['upflow']);
    for (const code of [...county.villages, ...county.foreignVillages]) {
      const [unit] = await sql<{ id: string }>('select unit_id as id from directory.unit_version where code = $1', [code]);
      villages.push(unit?.id ?? '');
    }
    seller = await insertProducer(county.app.db.database, { countyCode: COUNTY, villageId: villages[0] ?? '' });
    product = await insertProduct(county.app.db.database, { producerId: seller });
  });
  afterAll(() => county.close());

  const sql = <R>(text: string, params: unknown[] = []) => county.app.db.database.query<R>(text, params);
  const post = <T = Problem>(path: string, body: unknown, token = county.tokens.county) =>
    county.app.post<T & Problem>(path, body, token);
  const get = <T>(path: string, token = county.tokens.county) => county.app.get<T & Problem>(path, token);
  const lot = (rest: Partial<Parameters<typeof insertLot>[1]> = {}) => {
    serial += 1;
    const base = {
      countyCode: COUNTY,
      villageId: villages[0] ?? '',
      producerId: seller,
      productId: product,
      lotNo: `L${serial}`,
    };
    return insertLot(county.app.db.database, { ...base, ...rest });
  };
  const input = (rest: object = {}) => ({
    id: uuidv7(),
    channel: 'wechat',
    channelOrderNo: uuidv7(),
    sellerId: seller,
    paidAt: '2026-11-02T10:00:00+08:00',
    buyer: { name: '欧阳建国', phone: '13812345678', address: '浙江省杭州市西湖区文三路1号' },
    lines: [{ id: uuidv7(), productId: product, sku: '苹果5斤装', quantity: 1, weightG: 2500, amountFen: 3990 }],
    ...rest,
  });
  const order = async (rest: object = {}) => (await post<OrderView>('/api/orders', input(rest))).body;
  const take = (of: OrderView, lotId: string, quantityG = 2500) =>
    post<OrderView>(`/api/orders/${of.id}/allocations`, {
      allocations: [{ id: uuidv7(), lineId: of.lines[0]?.id, lotId, quantityG }],
    });
  const parcel = (rest: object = {}) => {
    serial += 1;
    return { id: uuidv7(), waybill: `ZT88000000${serial}`, carrierCode: 'ZTO', weightG: 2600, freightFen: 650, ...rest };
  };
  const pack = (of: OrderView, rest: object = {}) => post<ShipmentView>(`/api/orders/${of.id}/shipments`, parcel(rest));
  const stock = async (id: string) => (await sql<{ g: number }>('select stock_g as g from upflow.lot where id = $1', [id]))[0]?.g;
  const move = async (waybill: string, revision: number, stage: ParcelStage) => {
    const payload = { waybill, revision, stage, stageAt: '2026-11-05T10:00:00+08:00', steps: [] };
    await county.app.db.database.transaction((tx) =>
      county.app.resolve(Outbox).publish(tx, 'upflow', [{ countyCode: COUNTY, topic: 'logistics.produce.moved', payload }]),
    );
  };
  const until = async (check: () => Promise<boolean>) => {
    const end = Date.now() + 40_000;
    while (!(await check())) {
      if (Date.now() > end) throw new Error('It did not happen');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const reaches = (id: string, state: string) =>
    until(async () => (await get<OrderView>(`/api/orders/${id}`)).body.state === state);
  const entries = (id: string) =>
    sql<{ kind: string; villageId: string; amountFen: number }>(
      `select kind, village_id as "villageId", amount_fen::int as "amountFen" from upflow.sale_entry where order_id = $1 order by kind, amount_fen`,
      [id],
    );
  const upload = (file: Buffer | string, name: string, query: Record<string, string>, token = county.tokens.county) => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(typeof file === 'string' ? readFileSync(file) : file)]), name);
    const search = new URLSearchParams({ sellerId: seller, ...query });
    return county.app.post<OrderImportResult & Problem>(`/api/orders/import?${search}`, form, token);
  };

  describe('entered by hand', () => {
    it('are added once; buyers are sealed in the row and masked in answers', async () => {
      const told = input();
      const first = await post<OrderView>('/api/orders', told);
      expect(first).toMatchObject({
        status: 201,
        body: { state: 'paid', amountFen: 3990, buyer: { name: '欧***', phone: '138******78', address: '浙江省杭州市****' } },
      });
      expect((await post<OrderView>('/api/orders', told)).body).toEqual(first.body);
      expect(await post('/api/orders', { ...told, freightFen: 1 })).toMatchObject({
        status: 409,
        body: { code: 'order_id_taken' },
      });
      const { channelOrderNo } = told;
      expect((await post('/api/orders', input({ channelOrderNo }))).body.code).toBe('order_no_taken');
      const row = await sql('select * from upflow.sale_order where id = $1', [told.id]);
      const table = await county.app.get('/api/orders', county.tokens.county, { accept: 'text/csv' });
      for (const shown of [row, table.body]) expect(JSON.stringify(shown)).not.toMatch(/欧阳|13812345678|文三路/);
    });

    it('are the same whether their ids are written in capitals or not', async () => {
      const told = input();
      const [line] = told.lines;
      const upper = {
        ...told,
        id: told.id.toUpperCase(),
        sellerId: seller.toUpperCase(),
        lines: [{ ...line, id: line?.id.toUpperCase() }],
      };
      const first = await post<OrderView>('/api/orders', upper);
      expect(first).toMatchObject({ status: 201, body: { id: told.id } });
      expect(await post<OrderView>('/api/orders', upper)).toMatchObject({ status: 201, body: first.body });
      expect((await post<OrderView>('/api/orders', told)).body).toEqual(first.body);
      const path = `/api/orders/${upper.id}`;
      const allocation = {
        id: uuidv7().toUpperCase(),
        lineId: upper.lines[0]?.id,
        lotId: (await lot()).toUpperCase(),
        quantityG: 2500,
      };
      const take = () => post<OrderView>(`${path}/allocations`, { allocations: [allocation] });
      expect((await take()).body.lines[0]?.allocations).toHaveLength(1);
      expect((await take()).body.lines[0]?.allocations).toHaveLength(1);
      const packing = parcel({ id: uuidv7().toUpperCase() });
      const pack = () => post<ShipmentView>(`${path}/shipments`, packing);
      expect((await pack()).status).toBe(201);
      expect((await pack()).status).toBe(201);
    });

    it('are seen by staff of the unit and by those who act for the seller', async () => {
      const own = await order();
      expect((await get(`/api/orders/${own.id}`, county.tokens.town)).status).toBe(200);
      expect((await get(`/api/orders/${own.id}`, county.tokens.producer)).status).toBe(404);
      await county.app.resolve(ProducerMembership).join(SYSTEM_ACTOR, 'producer', seller);
      expect((await get(`/api/orders/${own.id}`, county.tokens.producer)).status).toBe(200);
      const list = await get<Page<OrderListItem>>('/api/orders?limit=200', county.tokens.producer);
      expect(list.body.items.map(({ id }) => id)).toContain(own.id);
      expect((await post('/api/orders', input(), county.tokens.town)).status).toBe(403);
      expect((await get('/api/orders/nonsense')).status).toBe(400);
    });
  });

  describe('allocated and packed', () => {
    it('take the oldest harvest first, and stock leaves with the parcel', async () => {
      const fresh = await insertProduct(county.app.db.database, { producerId: seller, name: '冬枣' });
      const young = await lot({ productId: fresh, harvestedOn: '2026-11-03', quantityG: 10_000 });
      const old = await lot({ productId: fresh, harvestedOn: '2026-10-20', quantityG: 1000 });
      const of = await order({
        lines: [{ id: uuidv7(), productId: fresh, sku: '冬枣', quantity: 1, weightG: 2500, amountFen: 3000 }],
      });
      const allocated = await post<OrderView>(`/api/orders/${of.id}/allocations`, {});
      expect(allocated.body.state).toBe('allocated');
      expect(allocated.body.lines[0]?.allocations.map(({ lotId, quantityG }) => [lotId, quantityG])).toEqual(
        expect.arrayContaining([
          [old, 1000],
          [young, 1500],
        ]),
      );
      expect((await post<OrderView>(`/api/orders/${of.id}/allocations`, {})).body.lines).toEqual(allocated.body.lines);
      expect(await stock(old)).toBe(1000);
      const told = parcel();
      const shipment = await post<ShipmentView>(`/api/orders/${of.id}/shipments`, told);
      expect(shipment).toMatchObject({ status: 201, body: { stage: 'announced', province: '浙江省' } });
      expect((await post<ShipmentView>(`/api/orders/${of.id}/shipments`, told)).body).toEqual(shipment.body);
      expect([await stock(old), await stock(young)]).toEqual([0, 8500]);
      expect((await get<OrderView>(`/api/orders/${of.id}`)).body.state).toBe('packed');
      const other = await order();
      await take(other, await lot());
      expect((await pack(other, { waybill: told.waybill })).body.code).toBe('waybill_taken');
    });

    it('are refused beyond the stock, with a failed test and under recall', async () => {
      const of = await order();
      const small = await lot({ quantityG: 2000 });
      expect(await take(of, small)).toMatchObject({ status: 409, body: { code: 'stock_short' } });
      const bad = await lot();
      await sql(`update upflow.lot set flags = '{test_failed}' where id = $1`, [bad]);
      expect((await take(of, bad)).body.code).toBe('lot_test_failed');
      const mixed = await lot({ origin: 'mix' });
      const packed = await lot({ origin: 'split' });
      const source = await lot();
      await insertLotPart(county.app.db.database, { parentId: source, childId: mixed });
      await insertLotPart(county.app.db.database, { parentId: mixed, childId: packed });
      const sold = await order();
      expect((await take(sold, packed)).status).toBe(200);
      await sql(`update upflow.lot set flags = '{test_failed}' where id = $1`, [source]);
      expect((await take(of, packed)).body.code).toBe('lot_test_failed');
      expect((await pack(sold)).body.code).toBe('lot_test_failed');
      const recalled = await lot();
      expect((await take(of, recalled)).status).toBe(200);
      const recall = uuidv7();
      await sql(
        `insert into trace.recall (id, county_code, lot_id, reason, started_by, started_at) values ($1, $2, $3, 'x', $1, now())`,
        [recall, COUNTY, recalled],
      );
      await sql('insert into trace.recall_lot (recall_id, lot_id) values ($1, $2)', [recall, recalled]);
      expect((await take(of, recalled)).body.code).toBe('lot_recalled');
      expect((await pack(of)).body.code).toBe('lot_recalled');
      expect(await stock(recalled)).toBe(100_000);
    });

    it('are never filled by themselves from what was made of a lot that failed', async () => {
      const pear = await insertProduct(county.app.db.database, { producerId: seller, name: '酥梨' });
      const bad = await lot({ productId: pear, quantityG: 0 });
      const child = await lot({ productId: pear, origin: 'split', harvestedOn: '2026-10-01' });
      await insertLotPart(county.app.db.database, { parentId: bad, childId: child });
      await sql(`update upflow.lot set flags = '{test_failed}' where id = $1`, [bad]);
      const lines = [{ id: uuidv7(), productId: pear, sku: '酥梨', quantity: 1, weightG: 2500, amountFen: 3000 }];
      const of = await order({ lines });
      const allocate = () => post<OrderView>(`/api/orders/${of.id}/allocations`, {});
      expect((await allocate()).body.code).toBe('stock_short');
      const good = await lot({ productId: pear });
      expect((await allocate()).body.lines[0]?.allocations.map(({ lotId }) => lotId)).toEqual([good]);
    });

    it('give an allocation back until it is packed', async () => {
      const of = await order();
      const { body } = await take(of, await lot());
      const id = body.lines[0]?.allocations[0]?.id ?? '';
      const remove = () =>
        county.app.send<OrderView & Problem>('DELETE', `/api/orders/${of.id}/allocations/${id}`, undefined, county.tokens.county);
      expect((await remove()).body.state).toBe('paid');
      expect((await remove()).status).toBe(200);
      await post(`/api/orders/${of.id}/allocations`, {
        allocations: [{ ...body.lines[0]?.allocations[0], lineId: of.lines[0]?.id }],
      });
      await pack(of);
      expect((await remove()).body.code).toBe('allocation_packed');
    });

    it('share the last of a lot between two at once: one gets it', async () => {
      const last = await lot({ quantityG: 2500 });
      const orders = await Promise.all([order(), order(), order()]);
      const answers = await Promise.all(orders.map((of) => take(of, last)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    });

    it('are packed once by two at once, and a waybill goes to one order of two', async () => {
      const from = await lot();
      const of = await order();
      await take(of, from);
      const both = await Promise.all([pack(of), pack(of)]);
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await stock(from)).toBe(97_500);
      const orders = await Promise.all([order(), order()]);
      for (const one of orders) await take(one, from);
      const { waybill } = parcel();
      const answers = await Promise.all(orders.map((one) => pack(one, { waybill })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await stock(from)).toBe(95_000);
    });
  });

  describe('follow their parcels', () => {
    it('to delivery, never back to an older fold', async () => {
      const of = await order();
      await take(of, await lot());
      const { waybill } = (await pack(of)).body;
      await move(waybill, 2, 'accepted');
      await reaches(of.id, 'shipped');
      await move(waybill, 9, 'delivered');
      await reaches(of.id, 'delivered');
      await move(waybill, 5, 'in_transit');
      await move(waybill, 9, 'returned');
      await until(async () => (await sql('select 1 from platform.outbox')).length === 0);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await get<OrderView>(`/api/orders/${of.id}`)).body.state).toBe('delivered');
    });

    it('and are free to be packed again when the carrier cancels: no goods lost, none left twice', async () => {
      const from = await lot();
      const of = await order();
      await take(of, from);
      const { waybill, id } = (await pack(of)).body;
      await move(waybill, 2, 'cancelled');
      await reaches(of.id, 'allocated');
      expect(await stock(from)).toBe(100_000);
      expect((await get<OrderView>(`/api/orders/${of.id}`)).body.lines[0]?.allocations).toMatchObject([{ shipmentId: null }]);
      await move(waybill, 3, 'accepted');
      await reaches(of.id, 'shipped');
      expect(await stock(from)).toBe(97_500);
      await move(waybill, 4, 'cancelled');
      await reaches(of.id, 'allocated');
      const second = (await pack(of)).body;
      expect(second.id).not.toBe(id);
      expect(await stock(from)).toBe(97_500);
      await move(second.waybill, 2, 'delivered');
      await reaches(of.id, 'delivered');
      await move(waybill, 5, 'in_transit');
      await reaches(of.id, 'shipped');
      expect(await stock(from)).toBe(97_500);
    });

    it('and put goods that came back into stock once', async () => {
      const from = await lot();
      const of = await order();
      await take(of, from);
      const { waybill } = (await pack(of)).body;
      expect(await stock(from)).toBe(97_500);
      await move(waybill, 2, 'returned');
      await reaches(of.id, 'returned');
      expect(await stock(from)).toBe(100_000);
      await move(waybill, 3, 'returning');
      await reaches(of.id, 'shipped');
      await move(waybill, 4, 'returned');
      await reaches(of.id, 'returned');
      expect(await stock(from)).toBe(100_000);
    });

    it('and take goods out of stock again that had not come back after all, once', async () => {
      const from = await lot();
      const of = await order();
      await take(of, from);
      const { waybill } = (await pack(of)).body;
      await move(waybill, 2, 'returned');
      await reaches(of.id, 'returned');
      await move(waybill, 3, 'at_station');
      await reaches(of.id, 'shipped');
      expect(await stock(from)).toBe(97_500);
      await move(waybill, 4, 'delivered');
      await reaches(of.id, 'delivered');
      expect(await stock(from)).toBe(97_500);
    });
  });

  it('are refunded up to what was paid, and entries of sales follow', async () => {
    const of = await order();
    expect(await entries(of.id)).toEqual([{ kind: 'payment', villageId: villages[0], amountFen: 3990 }]);
    await take(of, await lot({ villageId: villages[1] ?? '' }));
    const refund = { id: uuidv7(), amountFen: 990, refundedAt: '2026-12-01T10:00:00+08:00' };
    const first = await post<OrderView>(`/api/orders/${of.id}/refunds`, refund);
    expect(first.body).toMatchObject({ refundedFen: 990, state: 'allocated' });
    expect((await post<OrderView>(`/api/orders/${of.id}/refunds`, refund)).body).toEqual(first.body);
    expect(await entries(of.id)).toEqual([
      { kind: 'payment', villageId: villages[1], amountFen: 3990 },
      { kind: 'refund', villageId: villages[1], amountFen: 990 },
    ]);
    expect((await post(`/api/orders/${of.id}/refunds`, { ...refund, id: uuidv7(), amountFen: 3001 })).body.code).toBe(
      'refund_exceeds',
    );
    await post(`/api/orders/${of.id}/refunds`, { ...refund, id: uuidv7(), amountFen: 3000 });
    expect((await get<OrderView>(`/api/orders/${of.id}`)).body.state).toBe('refunded');
  });

  describe('are paid out', () => {
    it('to the growers behind a mixed lot, once, exactly', async () => {
      const db = county.app.db.database;
      const coop = await insertProducer(db, { countyCode: COUNTY, villageId: villages[0] ?? '', name: '结算合作社' });
      const mine = await insertProduct(db, { producerId: coop });
      const growers = await Promise.all(
        [1, 2].map((n) =>
          insertProducer(db, { countyCode: COUNTY, villageId: villages[n] ?? '', kind: 'household', name: '张*' }),
        ),
      );
      const harvests = await Promise.all(
        growers.map((producerId, n) => lot({ producerId, productId: mine, villageId: villages[n + 1] ?? '', quantityG: 5000 })),
      );
      const mix = await lot({ producerId: coop, productId: mine, origin: 'mix', harvestedOn: null, quantityG: 9000 });
      await insertLotPart(db, { parentId: harvests[0] ?? '', childId: mix, quantityG: 2000 });
      await insertLotPart(db, { parentId: harvests[1] ?? '', childId: mix, quantityG: 1000 });
      const of = await order({
        sellerId: coop,
        lines: [{ id: uuidv7(), productId: mine, sku: '苹果', quantity: 1, weightG: 2500, amountFen: 1000 }],
      });
      const sheet = (rest: object = {}) => ({
        id: uuidv7(),
        sellerId: coop,
        from: '2026-11-02',
        to: '2026-11-02',
        keptBp: 1000,
        ...rest,
      });
      await take(of, mix);
      const { waybill } = (await pack(of)).body;
      expect((await post('/api/payouts', sheet())).body.code).toBe('payout_empty');
      await move(waybill, 3, 'delivered');
      await reaches(of.id, 'delivered');
      const [one, two] = [sheet(), sheet()];
      const answers = await Promise.all([post<PayoutView>('/api/payouts', one), post<PayoutView>('/api/payouts', two)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const made = answers.find(({ status }) => status === 201)?.body;
      const id = made?.id ?? '';
      expect(made).toMatchObject({ state: 'draft', amountFen: 900 });
      expect(made?.producers.map(({ amountFen }) => amountFen).sort()).toEqual([300, 600]);
      expect((await post<PayoutView>(`/api/payouts/${id}/cancel`, {})).body).toMatchObject({ state: 'cancelled', amountFen: 0 });
      const again = sheet();
      expect((await post<PayoutView>('/api/payouts', again)).body.amountFen).toBe(900);
      await post(`/api/orders/${of.id}/refunds`, { id: uuidv7(), amountFen: 100, refundedAt: '2026-11-06T10:00:00+08:00' });
      const paidAt = '2026-11-10T10:00:00+08:00';
      expect((await post(`/api/payouts/${again.id}/paid`, { paidAt })).body.code).toBe('payout_outdated');
      await post(`/api/payouts/${again.id}/cancel`, {});
      const final = sheet();
      expect((await post<PayoutView>('/api/payouts', final)).body.amountFen).toBe(810);
      const paid = await post<PayoutView>(`/api/payouts/${final.id}/paid`, { paidAt });
      expect(paid.body).toMatchObject({ state: 'paid', amountFen: 810 });
      expect((await post<PayoutView>(`/api/payouts/${final.id}/paid`, { paidAt })).body).toEqual(paid.body);
      expect((await post(`/api/payouts/${final.id}/cancel`, {})).body.code).toBe('payout_paid');
      expect((await entries(of.id)).filter(({ kind }) => kind === 'payout')).toEqual([
        { kind: 'payout', villageId: villages[2], amountFen: 270 },
        { kind: 'payout', villageId: villages[1], amountFen: 540 },
      ]);
      const { items } = (await get<Page<PayoutLineView>>(`/api/payouts/${final.id}/lines`)).body;
      expect(items.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(810);
      expect((await get(`/api/payouts/${final.id}`, county.tokens.producer)).status).toBe(404);
      await county.app.resolve(ProducerMembership).join(SYSTEM_ACTOR, 'producer', growers[0] ?? '');
      expect((await get<PayoutView>(`/api/payouts/${final.id}`, county.tokens.producer)).body).toMatchObject({
        amountFen: 540,
        producers: [{}],
      });
      const listed = await get<Page<PayoutView>>('/api/payouts', county.tokens.producer);
      expect(listed.body.items.map((item) => item.id)).toEqual([final.id]);
    });
  });

  it('refunded after the payout are taken back on the next sheet; the paid one and the payouts told stay as they are', async () => {
    const coop = await insertProducer(county.app.db.database, {
      countyCode: COUNTY,
      villageId: villages[0] ?? '',
      name: '扣回合作社',
    });
    const mine = await insertProduct(county.app.db.database, { producerId: coop });
    const from = await lot({ producerId: coop, productId: mine });
    const sold = async (amountFen: number) => {
      const lines = [{ id: uuidv7(), productId: mine, sku: '枣', quantity: 1, weightG: 1000, amountFen }];
      const of = await order({ sellerId: coop, lines });
      await take(of, from, 1000);
      const { waybill } = (await pack(of)).body;
      await move(waybill, 3, 'delivered');
      await reaches(of.id, 'delivered');
      return of;
    };
    const make = async () => {
      const day = '2026-11-02';
      return (await post<PayoutView>('/api/payouts', { id: uuidv7(), sellerId: coop, from: day, to: day, keptBp: 1000 })).body;
    };
    const pay = async (id: string) => post<PayoutView>(`/api/payouts/${id}/paid`, { paidAt: '2026-11-10T10:00:00+08:00' });
    const refund = (of: OrderView, amountFen: number) =>
      post(`/api/orders/${of.id}/refunds`, { id: uuidv7(), amountFen, refundedAt: '2026-11-12T10:00:00+08:00' });
    const first = await sold(1000);
    const paid = await make();
    expect((await pay(paid.id)).body).toMatchObject({ amountFen: 900, clawedFen: 0 });
    await refund(first, 1000);
    const told = async () => (await entries(first.id)).filter(({ kind }) => kind === 'payout');
    expect(await told()).toMatchObject([{ amountFen: 900 }]);

    await sold(500);
    const draft = await make();
    expect(draft).toMatchObject({ amountFen: 0, clawedFen: 450, producers: [{ lines: 1, amountFen: 0, clawedFen: 450 }] });
    await post(`/api/payouts/${draft.id}/cancel`, {});
    await sold(2000);
    const next = await make();
    expect(next).toMatchObject({ amountFen: 1350, clawedFen: 900, producers: [{ lines: 2 }] });
    const { items } = (await get<Page<PayoutLineView>>(`/api/payouts/${next.id}/lines`)).body;
    expect(items.map(({ kind, amountFen }) => [kind, amountFen])).toEqual([
      ['share', 450],
      ['share', 1800],
      ['clawback', -900],
    ]);
    const table = await county.app.get<string>(`/api/payouts/${next.id}/lines`, county.tokens.county, { accept: 'text/csv' });
    expect(table.body).toMatch(/退款扣回.*-9/);
    expect((await pay(next.id)).status).toBe(200);
    await sold(100);
    expect(await make()).toMatchObject({ amountFen: 90, clawedFen: 0 });
    expect((await get<PayoutView>(`/api/payouts/${paid.id}`)).body).toMatchObject({ state: 'paid', amountFen: 900 });
    expect(await told()).toMatchObject([{ amountFen: 900 }]);
  });

  describe('imported', () => {
    it('from Taobao in GBK: guarded numbers, thousands, an unpaid order left for later; again harmless', async () => {
      const file = 'test/fixtures/ok/orders/taobao.csv';
      const query = { channel: 'taobao' };
      const preview = await upload(file, 'ExportOrderList.csv', { ...query, preview: 'true' });
      expect(preview.body).toMatchObject({ importId: null, missing: [], counts: { rows: 3, orders: 3, added: 2, refused: 1 } });
      expect(JSON.stringify(preview.body)).not.toMatch(/欧阳|13812345678|文三路/);
      const both = await Promise.all([upload(file, 'a.csv', query), upload(file, 'a.csv', query)]);
      expect(both.map(({ body }) => [body.counts.added, body.counts.same]).sort()).toEqual([
        [0, 2],
        [2, 0],
      ]);
      expect(both[0]?.body.problems).toMatchObject([{ row: 4, path: '4:订单状态', code: 'order_unpaid' }]);
      const [stored] = await sql<{ id: string }>(
        `select id from upflow.sale_order where channel_order_no = '2810000000000000011'`,
      );
      const { body } = await get<OrderView>(`/api/orders/${stored?.id ?? ''}`);
      expect(body).toMatchObject({
        amountFen: 103_990,
        paidAt: '2026-11-02T02:20:30.000Z',
        lines: [{ productId: product, weightG: 2500 }],
      });
      expect(body.buyer).toEqual({
        name: '欧***',
        phone: '138******78',
        address: '浙江省杭州市****',
        province: '浙江省',
        city: '杭州市',
      });
    });

    it('from Pinduoduo with a byte order mark: refunds in words, and what changed is told apart', async () => {
      const file = readFileSync('test/fixtures/ok/orders/pinduoduo.csv');
      const query = { channel: 'pinduoduo' };
      expect((await upload(file, 'p.csv', query)).body.counts).toMatchObject({ added: 2, refused: 0 });
      const sent = Buffer.from(file.toString('utf8').replace('待发货', '已发货'));
      expect((await upload(sent, 'p.csv', query)).body.counts).toMatchObject({ added: 0, changed: 1, same: 1 });
      expect((await upload(sent, 'p.csv', query)).body.counts).toMatchObject({ changed: 0, same: 2 });
      const rows = await sql(
        `select o.state, o.province, l.amount_fen::int as amount from upflow.sale_order o join upflow.order_line l on l.order_id = o.id
         where channel = 'pinduoduo' order by channel_order_no`,
      );
      expect(rows).toEqual([
        { state: 'paid', province: '四川省', amount: 3690 },
        { state: 'refunded', province: '江苏省', amount: 7000 },
      ]);
    });

    it('from JD: rows of one number are lines of one order', async () => {
      const { body } = await upload('test/fixtures/ok/orders/jd.csv', 'jd.csv', { channel: 'jd' });
      expect(body.counts).toMatchObject({ rows: 2, orders: 1, added: 1 });
      const { items } = (await get<Page<OrderListItem>>('/api/orders?channel=jd')).body;
      expect(body.divided).toEqual({ orders: 0, examples: [] });
      expect(items).toMatchObject([{ amountFen: 8990, buyer: { province: '上海市' } }]);
    });

    it('with the total of an order on each of its rows divide it: the preview shows how, and GMV is what was paid', async () => {
      const rows = [
        '订单号,付款确认时间,商品名称,订购数量,京东价,应付金额,订单状态',
        '300000000077,2026-11-03 12:00:00,红富士苹果5斤装,1,30.00,90.01,等待出库',
        '300000000077,2026-11-03 12:00:00,小米3斤装,2,35.00,90.01,等待出库',
      ];
      const send = (lines: readonly string[], preview: string) =>
        upload(Buffer.from(lines.join('\n')), 'jd.csv', { channel: 'jd', preview });
      const { body } = await send(rows, 'true');
      expect(body.divided).toEqual({
        orders: 1,
        examples: [
          {
            channelOrderNo: '300000000077',
            totalFen: 9001,
            lines: [
              { row: 2, sku: '红富士苹果5斤装', quantity: 1, amountFen: 2700 },
              { row: 3, sku: '小米3斤装', quantity: 2, amountFen: 6301 },
            ],
          },
        ],
      });
      expect((await send(rows, 'false')).body.counts).toMatchObject({ added: 1 });
      expect((await send([rows[0] ?? '', rows[2] ?? '', rows[1] ?? ''], 'false')).body.counts).toMatchObject({ same: 1 });
      const [{ gmv } = { gmv: 0 }] = await sql<{ gmv: number }>(
        `select sum(e.amount_fen)::int as gmv from upflow.sale_entry e join upflow.sale_order o on o.id = e.order_id
         where o.channel_order_no = '300000000077'`,
      );
      expect(gmv).toBe(9001);
    });

    it.each(['douyin', 'f832'])(
      'from a workbook of %s: text, times, formulas; a number that lost digits is refused',
      async (channel) => {
        const workbook = new ExcelJS.Workbook();
        const sheet = workbook.addWorksheet('订单');
        sheet.addRow(
          channel === 'douyin'
            ? ['主订单编号', '子订单编号', '选购商品', '商品数量', '支付完成时间', '实付金额']
            : ['订单号', '序号', '商品名称', '数量', '付款时间', '实付金额'],
        );
        sheet.addRow([
          `69${channel}0001`,
          '1',
          '红富士苹果5斤装',
          2,
          new Date(Date.UTC(2026, 10, 3, 8, 30)),
          { formula: '0.1+0.2', result: 0.30000000000000004 },
        ]);
        sheet.addRow([6_917_054_384_538_518_000, '1', '红富士苹果5斤装', 1, '2026-11-03 09:00:00', 39.9]);
        const { body } = await upload(Buffer.from(await workbook.xlsx.writeBuffer()), 'o.xlsx', { channel });
        expect(body.counts).toMatchObject({ rows: 2, added: 1, refused: 1 });
        expect(body.problems).toMatchObject([{ row: 3, code: 'digits_lost' }]);
        const { items } = (await get<Page<OrderListItem>>(`/api/orders?channel=${channel}`)).body;
        expect(items).toMatchObject([{ amountFen: 30, paidAt: '2026-11-03T00:30:00.000Z' }]);
      },
    );

    it('with titles that nobody knows once they are mapped, and the mapping is remembered', async () => {
      const file = 'test/fixtures/ok/orders/generic.csv';
      const query = { channel: 'generic' };
      expect((await upload(file, 'g.csv', query)).body).toMatchObject({
        importId: null,
        counts: { added: 0 },
        missing: { length: 5 },
      });
      const mapping = JSON.stringify({
        channelOrderNo: '单据',
        paidAt: '何时付',
        sku: '东西',
        quantity: '几件',
        amount: '多少钱',
      });
      expect((await upload(file, 'g.csv', { ...query, mapping })).body).toMatchObject({
        remembered: false,
        counts: { added: 1 },
      });
      expect((await upload(file, 'g.csv', query)).body).toMatchObject({ remembered: true, counts: { same: 1 } });
      expect((await upload(file, 'g.csv', { ...query, mapping: '{"sku":"没有"}' })).status).toBe(400);
      expect((await upload(file, 'g.csv', { ...query, mapping: 'x' })).status).toBe(400);
    });

    it('with faults are refused row by row, without a word of the buyer, and the good ones stored', async () => {
      const { body } = await upload('test/fixtures/not-ok/orders/generic.csv', 'n.csv', { channel: 'generic' });
      expect(body.counts).toEqual({ rows: 5, orders: 4, added: 1, changed: 0, same: 0, refused: 3 });
      expect(body.problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
        '2:订单号 digits_lost',
        '3:支付时间 bad_time',
        '3:数量 bad_quantity',
        '3:实付金额 bad_money',
        '6:商品 missing',
      ]);
      expect(JSON.stringify(body)).not.toMatch(/赵六|13600003333/);
    });
  });

  it('show what freight costs by carrier and province', async () => {
    const { items } = (await get<Page<FreightRow>>('/api/freight?from=2020-01-01&to=2030-01-01')).body;
    expect(items).toMatchObject([{ carrierCode: 'ZTO', province: '浙江省', fenPerKg: 250 }]);
    expect(
      (await county.app.get<string>('/api/freight?from=2020-01-01&to=2030-01-01', county.tokens.county, { accept: 'text/csv' }))
        .body,
    ).toContain('浙江省');
  });
});
