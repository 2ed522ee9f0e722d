import type { ConsignmentLabel, ConsignmentView, FreightRate, Page, ParcelView } from '#contracts';
import { ConsignmentSweep } from '#logistics';
import { uuidv7 } from '#platform';
import { insertLot, insertLotPart, insertProducer, insertProduct } from '../factories/produce.js';
import { shownIn } from '../factories/sealed.row.js';
import { MINUTE, RESIDENT_ID, transportCounty, type TransportCounty } from './transport.county.js';

let world: TransportCounty;
beforeAll(async () => {
  world = await transportCounty();
});
afterAll(async () => {
  await world.app.close();
});

const fieldsOf = (problem: { errors?: { path: string; code: string }[] | undefined }) =>
  Object.fromEntries((problem.errors ?? []).map(({ path, code }) => [path, code]));
const withSender = (change: Record<string, unknown>) => {
  const { sender, ...rest } = world.consignment();
  return { ...rest, sender: { ...(sender as object), ...change } };
};

describe('A consignment', () => {
  it('is refused without real name, inspection or security check, and says what the law asks', async () => {
    const { sender, inspected, securityCheck, ...rest } = world.consignment();
    expect([sender, inspected, securityCheck]).not.toContain(undefined);
    const bare = await world.refuse('station', 'consignments', rest);
    expect(bare.code).toBe('invalid_input');
    expect(fieldsOf(bare)).toMatchObject({
      'sender.name': 'real_name_required',
      'sender.identityKind': 'identity_required',
      'sender.identityNumber': 'identity_required',
      inspected: 'inspection_required',
      securityCheck: 'security_check_required',
    });
    expect(bare.errors?.find(({ path }) => path === 'inspected')?.message).toContain('收寄验视');
    const unseen = await world.refuse('station', 'consignments', world.consignment({ inspected: false }));
    expect(fieldsOf(unseen)).toEqual({ inspected: 'inspection_required' });
    const unchecked = await world.refuse('station', 'consignments', world.consignment({ securityCheck: 'none' }));
    expect(fieldsOf(unchecked)).toEqual({ securityCheck: 'security_check_required' });
  });

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['a day that does not exist', '110105194902300020'],
    ['a birth after today', '110105299912310023'],
    ['15 digits', '110105491231002'],
  ])('is refused for a resident identity number with %s', async (_what, identityNumber) => {
    const problem = await world.refuse('station', 'consignments', withSender({ identityNumber }));
    expect(fieldsOf(problem)).toEqual({ 'sender.identityNumber': 'identity_number_invalid' });
    await world.accept('station', 'consignments', withSender({ identityKind: 'passport', identityNumber: 'E12345678' }));
  });

  it('is refused for an unknown carrier, lot or village, and for a second record of its waybill', async () => {
    const carrier = await world.refuse('station', 'consignments', world.consignment({ carrierCode: 'NOSUCH' }));
    expect(carrier.code).toBe('unknown_carrier');
    expect(carrier.detail).toContain('NOSUCH');
    const lot = { categoryCode: '010301', lotId: uuidv7() };
    expect((await world.refuse('station', 'consignments', world.consignment({ produce: lot }))).code).toBe('unknown_lot');
    const away = { categoryCode: '010301', originVillageCode: world.county.codes.otherVillage };
    expect(await world.refuse('station', 'consignments', world.consignment({ produce: away }))).toMatchObject({
      code: 'unknown_village',
      detail: expect.stringContaining(away.originVillageCode),
    });
    const first = world.consignment();
    await world.accept('station', 'consignments', first);
    const second = await world.refuse('station', 'consignments', first);
    expect(second).toMatchObject({ code: 'consignment_exists', detail: expect.stringContaining(first.waybill) });
  });

  it('makes the accepted scan once, however often it is sent', async () => {
    const sent = world.record(world.consignment());
    const waybill = String(sent['waybill']);
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.send('station', 'consignments', sent)));
    expect(answers.flat().filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(answers.flat().filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(4);
    const parcel = await world.get<ParcelView>('station', `/api/parcels/${waybill}`);
    expect(parcel).toMatchObject({ stage: 'accepted', direction: 'outbound', carrierCode: 'YTO' });
    expect(parcel.timeline.map(({ kind }) => kind)).toEqual(['accepted']);
    const [other] = await world.send('station', 'consignments', { ...sent, weightG: 1 });
    expect(other?.problem?.code).toBe('record_id_reused');
  });

  it('of a lot carries the category and village of the lot', async () => {
    const { app, county } = world;
    const where = { countyCode: county.countyCode, villageId: county.ids.village2 };
    const producerId = await insertProducer(app.db.database, where);
    const productId = await insertProduct(app.db.database, { producerId, categoryCode: '010301' });
    const lotId = await insertLot(app.db.database, { ...where, producerId, productId, lotNo: 'L1' });
    const sent = world.consignment({ produce: { categoryCode: '02', lotId } });
    await world.accept('station', 'consignments', sent);
    expect(await world.get<ParcelView>('county', `/api/parcels/${sent.waybill}`)).toMatchObject({
      village: { code: county.codes.village2 },
    });
    const { items } = await world.get<Page<ConsignmentView>>('station', '/api/consignments');
    expect(items.find(({ waybill }) => waybill === sent.waybill)?.categoryCode).toBe('010301');
  });

  it('of a lot that is being recalled or failed a test is refused', async () => {
    const { database } = world.app.db;
    const where = { countyCode: world.county.countyCode, villageId: world.county.ids.village2 };
    const producerId = await insertProducer(database, where);
    const productId = await insertProduct(database, { producerId });
    const [recalled, failed, made] = [
      await insertLot(database, { ...where, producerId, productId, lotNo: 'R1' }),
      await insertLot(database, { ...where, producerId, productId, lotNo: 'F1' }),
      await insertLot(database, { ...where, producerId, productId, lotNo: 'F2' }),
    ];
    await insertLotPart(database, { parentId: failed, childId: made });
    const recallId = uuidv7();
    await database.query(
      `insert into trace.recall (id, county_code, lot_id, reason, started_by, started_at) values ($1, $2, $3, '农残超标', $4, now())`,
      [recallId, where.countyCode, recalled, world.county.users.county.id],
    );
    await database.query('insert into trace.recall_lot (recall_id, lot_id) values ($1, $2)', [recallId, recalled]);
    await database.query(`update upflow.lot set flags = '{test_failed}' where id = $1`, [failed]);
    const of = (lotId: string) => world.consignment({ produce: { categoryCode: '010301', lotId } });
    expect((await world.refuse('station', 'consignments', of(recalled))).code).toBe('lot_recalled');
    for (const lot of [failed, made])
      expect((await world.refuse('station', 'consignments', of(lot))).code).toBe('lot_test_failed');
    await database.query('update trace.recall set ended_at = now() where id = $1', [recallId]);
    await world.accept('station', 'consignments', of(recalled));
  });

  it('never ends in a server error, whatever the text', async () => {
    const odd = ['\u0000', '\\', '"', '\ud800', "'; drop table x; --"];
    for (const text of odd) {
      const { receiver, ...rest } = world.consignment({ contents: `x${text}` });
      const address = { province: `浙${text}`, city: `杭${text}`, detail: `路${text}` };
      await world.accept('station', 'consignments', { ...rest, receiver: { ...(receiver as object), address } });
    }
    for (const path of ['consignments/%00/label', 'bags/%00', 'manifests/%00', `bags/${'x'.repeat(500)}`])
      expect((await world.app.get(`/api/${path}`, world.county.tokens.county)).status).toBeLessThan(500);
    const { tokens } = world.county;
    expect((await world.app.get('/api/consignments?cursor=x', tokens.county)).status).toBe(400);
    expect((await world.app.get('/api/consignments/freight?province=%00%00%00', tokens.county)).status).toBeLessThan(500);
    expect((await world.app.get('/api/consignments?stationCode=%00', tokens.county)).status).toBe(404);
  });
});

describe('The list of consignments', () => {
  it('is masked, page by page, newest first', async () => {
    const sent = world.consignment();
    await world.accept('station', 'consignments', { ...sent, occurredAt: world.ago(0) });
    await world.accept('station', 'consignments', world.consignment());
    const first = await world.get<Page<ConsignmentView>>('station', '/api/consignments?limit=1');
    expect(first.items).toMatchObject([
      {
        waybill: sent.waybill,
        stationCode: world.county.stations.village1.code,
        senderName: '李**',
        receiverName: '张**',
        destination: '浙江省 杭州市',
        left: false,
      },
    ]);
    const waybills: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Page<ConsignmentView> = await world.get('station', `/api/consignments?limit=3${cursor && `&cursor=${cursor}`}`);
      waybills.push(...page.items.map(({ waybill }) => waybill));
      cursor = page.nextCursor;
    }
    expect(new Set(waybills).size).toBe(waybills.length);
    const all = await world.get<Page<ConsignmentView>>('county', '/api/consignments?limit=200');
    expect(waybills).toEqual(all.items.map(({ waybill }) => waybill));
    expect(JSON.stringify(all)).not.toMatch(/13900005678|13800001234|李秀英|张小明|502室/);
    expect(JSON.stringify(all)).not.toContain(RESIDENT_ID);
  });

  it('shows a keeper their own station only, and a town its villages', async () => {
    const { county } = world;
    const station = county.stations.village1.code;
    const own = world.consignment();
    await world.accept('station', 'consignments', own);
    const has = async (who: Parameters<TransportCounty['get']>[0], query = '') =>
      (await world.get<Page<ConsignmentView>>(who, `/api/consignments?limit=200${query}`)).items.some(
        ({ waybill }) => waybill === own.waybill,
      );
    expect(await has('station')).toBe(true);
    expect(await has('town')).toBe(true);
    expect(await has('county', `&stationCode=${station}`)).toBe(true);
    expect(await has('station2')).toBe(false);
    expect(await has('town2')).toBe(false);
    expect(await has('stranger')).toBe(false);
    for (const who of ['station2', 'town2', 'stranger'] as const) {
      expect((await world.app.get(`/api/consignments?stationCode=${station}`, county.tokens[who])).status).toBe(404);
      expect((await world.app.get(`/api/consignments/${own.waybill}/label`, county.tokens[who])).status).toBe(404);
    }
    expect((await world.app.get('/api/consignments', county.tokens.producer)).status).toBe(403);
    expect((await world.app.post('/api/consignments', { records: [own] }, county.tokens.carrier)).status).toBe(403);
  });
});

describe('A consignment whose parcel left without a hand-over', () => {
  it('no longer waits: fetched by a courier, or seen further on; and not when that was a mistake', async () => {
    const { app, county } = world;
    const [fetched, further, stays, undone] = Array.from({ length: 4 }, () =>
      world.consignment({ occurredAt: world.ago(60 * MINUTE) }),
    );
    const all = [fetched, further, stays, undone].map((one) => one?.waybill ?? '');
    for (const one of [fetched, further, stays, undone]) await world.accept('station', 'consignments', one ?? {});
    const scan = async (who: 'station' | 'town', fields: object) => {
      const body = { scans: [{ id: uuidv7(), occurredAt: world.ago(30 * MINUTE), ...fields }] };
      expect((await app.post('/api/scans', body, county.tokens[who])).status).toBe(200);
    };
    await scan('station', { kind: 'dispatched', waybill: fetched?.waybill });
    await scan('town', { kind: 'arrived_town', waybill: further?.waybill });
    const mistake = uuidv7();
    await scan('station', { id: mistake, kind: 'dispatched', waybill: undone?.waybill });
    await scan('station', { kind: 'undone', undoes: mistake, waybill: undone?.waybill, occurredAt: world.ago(20 * MINUTE) });
    const listed = async (left: boolean) =>
      (await world.get<Page<ConsignmentView>>('station', `/api/consignments?limit=200&left=${String(left)}`)).items
        .filter(({ waybill, left: has }) => all.includes(waybill) && has === left)
        .map(({ waybill }) => waybill)
        .sort();
    expect(await listed(true)).toEqual([all[0], all[1]]);
    expect(await listed(false)).toEqual([all[2], all[3]]);
    await app.resolve(ConsignmentSweep).handle();
    const marked = await app.db.database.query<{ waybill: string }>(
      'select waybill from logistics.consignment where left_at is not null and waybill = any($1::text[]) order by waybill',
      [all],
    );
    expect(marked.map(({ waybill }) => waybill)).toEqual([all[0], all[1]]);
    expect(await listed(false)).toEqual([all[2], all[3]]);
  });
});

describe('A label', () => {
  it('hides part of the name, the phone and the room', async () => {
    const sent = world.consignment();
    await world.accept('station', 'consignments', sent);
    const label = await world.get<ConsignmentLabel>('town', `/api/consignments/${sent.waybill}/label`);
    expect(label).toMatchObject({
      masked: true,
      sender: { name: '李**', phone: '139******78' },
      receiver: { name: '张**', phone: '138******34', address: { province: '浙江省', detail: '文一路12号3栋*单元***室' } },
      inspected: true,
      securityCheck: 'machine',
      weightG: 5000,
    });
    expect(JSON.stringify(label)).not.toContain(RESIDENT_ID);
  });

  it("shows all to the station's own people, and each look is recorded", async () => {
    const { county, app } = world;
    const record = world.record(world.consignment());
    await world.send('station', 'consignments', record);
    const path = `/api/consignments/${String(record['waybill'])}/label?full=true`;
    for (const who of ['town', 'county'] as const) expect((await app.get(path, county.tokens[who])).status).toBe(403);
    const looks = async () =>
      await app.db.database.query<{ actorId: string }>(
        `select actor_id as "actorId" from platform.audit where action = 'consignment.unmasked' and subject = $1`,
        [`consignment:${record.id}`],
      );
    expect(await looks()).toEqual([]);
    const label = await world.get<ConsignmentLabel>('station', path);
    expect(label).toMatchObject({
      masked: false,
      receiver: { name: '张小明', phone: '13800001234', address: { detail: '文一路12号3栋2单元502室' } },
    });
    expect(await looks()).toEqual([{ actorId: county.users.station.id }]);
  });

  it('is sealed in the row', async () => {
    const sent = world.consignment();
    await world.accept('station', 'consignments', sent);
    const [row] = await world.app.db.database.query<Record<string, unknown>>(
      'select * from logistics.consignment where waybill = $1',
      [sent.waybill],
    );
    const secrets = ['李秀英', '张小明', '13900005678', '13800001234', RESIDENT_ID, '502室'];
    expect(shownIn(row, [...secrets, '浙江省 杭州市', '苹果'])).toEqual(['浙江省 杭州市', '苹果']);
  });
});

describe('Freight at the counter', () => {
  it('is compared by carrier from three parcels on, and for like weights', async () => {
    const to = (province: string, carrierCode: string, weightG: number, freightFen: number) =>
      world.consignment({
        carrierCode,
        weightG,
        freightFen,
        receiver: { name: '张小明', phone: '13800001234', address: { province, city: '西宁市', detail: '1号' } },
      });
    const rows: [string, string, number, number][] = [
      ['青海省', 'ZTO', 1000, 1000],
      ['青海', 'ZTO', 2000, 2400],
      ['青海省', 'ZTO', 1000, 1400],
      ['青海省', 'ZTO', 20_000, 8000],
      ['青海省', 'STO', 1000, 900],
      ['青海省', 'STO', 1000, 900],
    ];
    for (const row of rows) await world.accept('station', 'consignments', { ...to(...row), occurredAt: world.ago(5 * MINUTE) });
    const old = { ...to('青海省', 'STO', 1000, 900), occurredAt: world.ago(91 * 86_400_000) };
    await world.accept('station', 'consignments', old);
    const rates = async (query: string) =>
      (await world.get<{ items: FreightRate[] }>('station2', `/api/consignments/freight?${query}`)).items;
    expect(await rates('province=青海&weightG=1500')).toEqual([
      { carrierCode: 'ZTO', fenPerKg: 1200, estimateFen: 1800, parcels: 3 },
    ]);
    expect(await rates('province=青海省')).toEqual([{ carrierCode: 'ZTO', fenPerKg: 1100, parcels: 4 }]);
    expect(await rates('province=西藏')).toEqual([]);
    expect((await world.get<{ items: FreightRate[] }>('stranger', '/api/consignments/freight?province=青海')).items).toEqual([]);
  });
});
