/** The same client id, or the same number, told twice at one time: one is taken, the other is answered the same or refused by name. Never a fault of ours. */
import type { OrderView, Problem } from '#contracts';
import { SecretBox, uuidv7 } from '#platform';
import { TraceModule } from '#trace';
import { UpflowModule } from '#upflow';
import { insertLot, insertProducer, insertProduct } from '../factories/produce.js';
import { testCounty, type TestCounty } from './income.county.js';

const COUNTY = '990101';
const ROUNDS = 3;
type Call = readonly [path: string, body: Record<string, unknown>];
interface Race {
  readonly name: string;
  /** Two requests that claim the same; `same` when they are one request sent twice. */
  readonly calls: () => Promise<readonly [Call, Call]>;
  readonly code: string;
}

describe('Two writes at once', () => {
  let county: TestCounty;
  let villageId = '';
  let producerId = '';
  let serial = 0;
  const db = () => county.app.db.database;
  const next = () => (serial += 1);

  beforeAll(async () => {
    county = await testCounty([UpflowModule, TraceModule], ['upflow', 'trace']);
    const [unit] = await db().query<{ id: string }>('select unit_id as id from directory.unit_version where code = $1', [
      county.villages[0],
    ]);
    villageId = unit?.id ?? '';
    producerId = await insertProducer(db(), { countyCode: COUNTY, villageId });
    const phone = county.app.resolve(SecretBox).encrypt('13812345678');
    await db().query('update upflow.producer set contact_phone = $2 where id = $1', [producerId, phone]);
  });
  afterAll(() => county.close());

  const post = (path: string, body: Record<string, unknown>) =>
    county.app.post<Problem & Record<string, unknown>>(path, body, county.tokens.county);
  const product = () => insertProduct(db(), { producerId, ownCode: `R${next()}` });
  const lot = async (productId?: string) =>
    insertLot(db(), {
      ...{ countyCode: COUNTY, villageId, producerId, lotNo: `R${next()}` },
      productId: productId ?? (await product()),
    });
  const line = (rest: object = {}) => ({ id: uuidv7(), sku: '苹果', quantity: 1, weightG: 1000, amountFen: 1000, ...rest });
  const order = (rest: object = {}) => ({
    ...{ id: uuidv7(), channel: 'wechat', channelOrderNo: `R-${next()}`, sellerId: producerId },
    ...{ paidAt: '2026-11-02T10:00:00+08:00', lines: [line()] },
    ...rest,
  });
  const placed = async () => (await post('/api/orders', order())).body as unknown as OrderView;
  const taking = async (of: OrderView, id = uuidv7()) => ({
    allocations: [{ id, lineId: of.lines[0]?.id, lotId: await lot(), quantityG: 1000 }],
  });
  const packable = async () => {
    const of = await placed();
    await post(`/api/orders/${of.id}/allocations`, await taking(of));
    return of;
  };
  const parcel = (rest: object = {}) => ({
    ...{ id: uuidv7(), waybill: `ZT99000000${next()}`, carrierCode: 'ZTO', weightG: 1200, freightFen: 500 },
    ...rest,
  });
  const harvest = (productId: string, rest: object = {}) => ({
    ...{ id: uuidv7(), productId, plot: { name: '东坡' }, harvestedOn: '2026-11-01', quantityG: 5000 },
    ...rest,
  });
  const split = async (rest: object = {}, output: string = uuidv7()) => {
    const productId = await product();
    const inputs = [{ lotId: await lot(productId), quantityG: 1000 }];
    return { id: uuidv7(), mode: 'split', inputs, outputs: [{ id: output, productId, quantityG: 1000 }], ...rest };
  };
  const capture = (eventID: string, action: string) => ({
    ...{ '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'], type: 'ObjectEvent', eventID, action },
    ...{ eventTime: '2026-11-02T08:00:00+08:00', eventTimeZoneOffset: '+08:00', epcList: ['https://id.example.cn/unit/1'] },
  });
  /** One body to two targets, or two bodies to one. */
  const onTwo = async (target: () => Promise<string>, body: Record<string, unknown>): Promise<[Call, Call]> => [
    [await target(), body],
    [await target(), body],
  ];
  const ofLot = (step: string) => async () => `/api/lots/${await lot()}/${step}`;
  const named = (path: string, body: (name: string) => Record<string, unknown>): [Call, Call] => [
    [path, body('甲')],
    [path, body('乙')],
  ];

  const races: Race[] = [
    {
      name: 'producers of one id',
      code: 'producer_id_taken',
      calls: async () => {
        const rest = { id: uuidv7(), kind: 'coop', villageCode: county.villages[0] };
        return Promise.resolve(named('/api/producers', (name) => ({ ...rest, name })));
      },
    },
    {
      name: 'products of one id',
      code: 'product_id_taken',
      calls: async () => {
        const rest = { id: uuidv7(), producerId, categoryCode: '010301' };
        return Promise.resolve(named('/api/products', (name) => ({ ...rest, name })));
      },
    },
    {
      name: 'products of one GTIN',
      code: 'product_gtin_taken',
      calls: async () => {
        const body = `2099${String(next()).padStart(8, '0')}`;
        const sum = [...body].reduce((so, digit, index) => so + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
        const rest = { producerId, categoryCode: '010301', gtin: `${body}${(10 - (sum % 10)) % 10}` };
        return Promise.resolve(named('/api/products', (name) => ({ id: uuidv7(), ...rest, name })));
      },
    },
    {
      name: 'certifications of one id',
      code: 'certification_id_taken',
      calls: () =>
        onTwo(async () => `/api/products/${await product()}/certifications`, {
          ...{ id: uuidv7(), kind: 'green', number: 'LB-1', issuedBy: '中心', validFrom: '2026-01-01' },
        }),
    },
    {
      name: 'branch projects of one id',
      code: 'project_id_taken',
      calls: async () => {
        const rest = { id: uuidv7(), villageCode: county.villages[0], branchName: '支部', startedOn: '2026-01-01' };
        return Promise.resolve(named('/api/projects', (name) => ({ ...rest, name })));
      },
    },
    {
      name: 'harvests of one id',
      code: 'lot_id_taken',
      calls: async () => {
        const id = uuidv7();
        return [
          ['/api/lots', harvest(await product(), { id })],
          ['/api/lots', harvest(await product(), { id })],
        ];
      },
    },
    {
      name: 'harvests of one number',
      code: 'lot_no_taken',
      calls: async () => {
        const productId = await product();
        return named('/api/lots', () => harvest(productId, { lotNo: 'ONE' }));
      },
    },
    {
      name: 'inputs of one id',
      code: 'input_id_taken',
      calls: () => onTwo(ofLot('inputs'), { id: uuidv7(), kind: 'fertiliser', name: '有机肥', appliedOn: '2026-09-01' }),
    },
    {
      name: 'tests of one id',
      code: 'test_id_taken',
      calls: () => onTwo(ofLot('tests'), { id: uuidv7(), item: '快检', result: 'pass', testedOn: '2026-11-02' }),
    },
    {
      name: 'corrections of stock of one id',
      code: 'stock_entry_id_taken',
      calls: () => onTwo(ofLot('stock'), { id: uuidv7(), kind: 'lost', quantityG: 100 }),
    },
    {
      name: 'transformations of one id',
      code: 'transform_id_taken',
      calls: async () => {
        const id = uuidv7();
        return [
          ['/api/lots/transform', await split({ id })],
          ['/api/lots/transform', await split({ id })],
        ];
      },
    },
    {
      name: 'transformations into one lot',
      code: 'lot_id_taken',
      calls: async () => {
        const output = uuidv7();
        return [
          ['/api/lots/transform', await split({}, output)],
          ['/api/lots/transform', await split({}, output)],
        ];
      },
    },
    {
      name: 'orders of one id',
      code: 'order_id_taken',
      calls: async () => {
        const id = uuidv7();
        return Promise.resolve(named('/api/orders', () => order({ id })));
      },
    },
    {
      name: 'orders of one number',
      code: 'order_no_taken',
      calls: async () => {
        const channelOrderNo = `N-${next()}`;
        return Promise.resolve(named('/api/orders', () => order({ channelOrderNo })));
      },
    },
    {
      name: 'orders with one line',
      code: 'line_id_taken',
      calls: async () => {
        const lines = [line()];
        return Promise.resolve(named('/api/orders', () => order({ lines })));
      },
    },
    {
      name: 'allocations of one id',
      code: 'allocation_id_taken',
      calls: async () => {
        const [one, two, id] = [await placed(), await placed(), uuidv7()];
        return [
          [`/api/orders/${one.id}/allocations`, await taking(one, id)],
          [`/api/orders/${two.id}/allocations`, await taking(two, id)],
        ];
      },
    },
    {
      name: 'shipments of one id',
      code: 'shipment_id_taken',
      calls: () => onTwo(async () => `/api/orders/${(await packable()).id}/shipments`, parcel()),
    },
    {
      name: 'shipments of one waybill',
      code: 'waybill_taken',
      calls: async () => {
        const { waybill } = parcel();
        const path = async () => `/api/orders/${(await packable()).id}/shipments`;
        return [
          [await path(), parcel({ waybill })],
          [await path(), parcel({ waybill })],
        ];
      },
    },
    {
      name: 'refunds of one id',
      code: 'refund_id_taken',
      calls: () =>
        onTwo(async () => `/api/orders/${(await placed()).id}/refunds`, {
          ...{ id: uuidv7(), amountFen: 100, refundedAt: '2026-11-03T10:00:00+08:00' },
        }),
    },
    {
      name: 'payouts of one id',
      code: 'payout_id_taken',
      calls: async () => {
        const { id: orderId } = await packable();
        await post(`/api/orders/${orderId}/shipments`, parcel());
        await db().query(`update upflow.sale_order set state = 'delivered' where id = $1`, [orderId]);
        const sheet = { id: uuidv7(), sellerId: producerId, from: '2026-11-02', to: '2026-11-02' };
        return [
          ['/api/payouts', { ...sheet, keptBp: 0 }],
          ['/api/payouts', { ...sheet, keptBp: 100 }],
        ];
      },
    },
    {
      name: 'certificates of one id',
      code: 'certificate_id_taken',
      calls: () => onTwo(ofLot('certificate'), { id: uuidv7(), basis: ['self_commitment'] }),
    },
    {
      name: 'batches of codes of one id',
      code: 'code_batch_id_taken',
      calls: () => onTwo(ofLot('codes'), { id: uuidv7(), count: 1 }),
    },
    {
      name: 'recalls of one id',
      code: 'recall_id_taken',
      calls: async () => {
        const id = uuidv7();
        return [
          ['/api/recalls', { id, lotId: await lot(), reason: '农残' }],
          ['/api/recalls', { id, lotId: await lot(), reason: '农残' }],
        ];
      },
    },
    {
      name: 'events of one identity',
      code: 'epcis_event_id_taken',
      calls: async () => {
        const eventID = `urn:uuid:${uuidv7()}`;
        return Promise.resolve([
          ['/epcis/capture', capture(eventID, 'OBSERVE')],
          ['/epcis/capture', capture(eventID, 'ADD')],
        ] as const);
      },
    },
  ];

  it.each(races)('$name: one is taken, the other refused', async ({ calls, code }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const both = await calls();
      const answers = await Promise.all(both.map(([path, body]) => post(path, body)));
      const told = answers.map(({ status, body }) => (status < 300 ? 'taken' : `${status} ${body.code}`)).sort();
      expect(told).toEqual([`409 ${code}`, 'taken']);
    }
  });

  it.each(races)('$name: one request sent twice is answered twice', async ({ calls }) => {
    const [[path, body]] = await calls();
    const answers = await Promise.all([post(path, body), post(path, body)]);
    expect(answers.map(({ status, body: { code } }) => (status < 300 ? 'taken' : `${status} ${code}`))).toEqual([
      'taken',
      'taken',
    ]);
  });
});
