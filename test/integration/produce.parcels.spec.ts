import { createHash } from 'node:crypto';
import { PARCEL_DAY_COUNTS, type DomainEventPayload, type ParcelView, type ScanKind } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule, ParcelRebuild } from '#logistics';
import { Clock, Outbox, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

type Moved = DomainEventPayload<'logistics.produce.moved'>;

const SALT = 'xiangyi-test-salt';
const COUNTY = '990101';
const MINUTE = 60_000;
const WAIT_MS = 40_000;

describe('Parcels of produce', () => {
  let app: TestApplication;
  let county: SmallCounty;
  /** One moment for all times of a test: what a provider repeats bears the same time. */
  let nowMs = 0;
  let serial = 0;
  beforeAll(async () => {
    app = await testApp({
      modules: [DirectoryModule, LogisticsModule],
      services: ['directory', 'logistics'],
      config: { KUAIDI100_SALT: SALT },
    });
    county = await smallCounty(app);
    nowMs = app.resolve(Clock).now().getTime();
    // The relay empties the outbox as it fills: what went through it is kept aside.
    await query('create table public.told (at bigserial, topic text, payload jsonb)');
    await query(`create function public.keep_told() returns trigger language plpgsql as
      $$ begin insert into public.told (topic, payload) values (new.topic, new.payload); return null; end $$`);
    await query('create trigger keep_told after insert on platform.outbox for each row execute function public.keep_told()');
  });
  afterAll(() => app.close());

  const query = <R = unknown>(text: string, parameters: unknown[] = []) => app.db.database.query<R>(text, parameters);
  const newWaybill = () => `YT${String(7_000_000_000_000 + (serial += 1))}`;
  const ago = (minutes: number) => new Date(nowMs - minutes * MINUTE).toISOString();
  const parcel = async (waybill: string) => (await app.get<ParcelView>(`/api/parcels/${waybill}`, county.tokens.county)).body;
  const told = async (waybill: string) => {
    const rows = await query<{ payload: Moved }>(
      `select payload from public.told where topic = 'logistics.produce.moved' and payload->>'waybill' = $1 order by at`,
      [waybill],
    );
    return rows.map(({ payload }) => payload);
  };
  const countedAs = async (waybill: string) => {
    const rows = await query<{ unitId: string; counts: number }>(
      'select unit_id as "unitId", counts from logistics.parcel_day where waybill = $1 and counts & $2 > 0',
      [waybill, PARCEL_DAY_COUNTS.outbound],
    );
    return rows.map(({ unitId }) => unitId);
  };
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
      if (await isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Error('It did not come');
  }
  const packed = (waybill: string, rest: Partial<DomainEventPayload<'upflow.shipment.packed'>> = {}) => ({
    shipmentId: uuidv7(),
    waybill,
    carrierCode: 'YTO',
    villageId: county.ids.village4,
    categoryCode: '010301',
    weightG: 2500,
    packedAt: ago(60),
    ...rest,
  });
  async function announce(payload: DomainEventPayload<'upflow.shipment.packed'>, times = 1): Promise<void> {
    await app.db.database.transaction((tx) =>
      app
        .resolve(Outbox)
        .publish(tx, 'logistics', Array(times).fill({ countyCode: COUNTY, topic: 'upflow.shipment.packed', payload })),
    );
    await until(
      async () =>
        (
          await query<object>('select 1 from logistics.parcel_event where waybill = $1 and source = $2', [
            payload.waybill,
            'upflow',
          ])
        ).length > 0,
    );
  }
  async function scan(who: UserKey, waybill: string, kind: ScanKind, minutesAgo: number): Promise<void> {
    const scans = [{ id: uuidv7(), waybill, kind, occurredAt: ago(minutesAgo) }];
    const answer = await app.post<{ results: { outcome: string }[] }>('/api/scans', { scans }, county.tokens[who]);
    expect(answer.body.results).toMatchObject([{ outcome: 'accepted' }]);
  }
  async function push(waybill: string, data: { minutesAgo: number; statusCode: string; context: string }[]): Promise<void> {
    const shanghai = (minutes: number) =>
      new Date(Date.parse(ago(minutes)) + 8 * 60 * MINUTE).toISOString().slice(0, 19).replace('T', ' ');
    const entries = data.map(({ minutesAgo, statusCode, context }) => {
      const time = shanghai(minutesAgo);
      return { time, ftime: time, context, statusCode, status: context };
    });
    const param = JSON.stringify({
      status: 'polling',
      lastResult: { message: 'ok', state: '0', status: '200', nu: waybill, com: 'yuantong', data: entries },
    });
    const sign = createHash('md5')
      .update(param + SALT)
      .digest('hex')
      .toUpperCase();
    const answer = await app.post(`/api/carriers/kuaidi100/push?county=${COUNTY}`, new URLSearchParams({ param, sign }));
    expect(answer.status).toBe(200);
  }

  it('exist as soon as they are packed: announced, outbound, of the village of their lot', async () => {
    const waybill = newWaybill();
    await announce(packed(waybill), 3);
    expect(await parcel(waybill)).toMatchObject({
      direction: 'outbound',
      stage: 'announced',
      carrierCode: 'YTO',
      village: { code: county.codes.village4 },
      timeline: [{ kind: 'announced', source: 'upflow' }],
    });
    expect(await countedAs(waybill)).toEqual([]);
    expect(await told(waybill)).toMatchObject([{ stage: 'announced', revision: 1, steps: [{ kind: 'announced' }] }]);
  });

  it('count for their origin at the first acceptance, though the keeper said nothing of produce and scans elsewhere', async () => {
    const waybill = newWaybill();
    await announce(packed(waybill));
    await scan('station', waybill, 'accepted', 50);
    expect(await countedAs(waybill)).toEqual([county.ids.village4]);
    await scan('town', waybill, 'arrived_town', 30);
    expect(await countedAs(waybill)).toEqual([county.ids.village4]);
    expect(await parcel(waybill)).toMatchObject({ stage: 'at_town', direction: 'outbound' });
  });

  it('are followed by pushes of a provider to the buyer, each step told once', async () => {
    const waybill = newWaybill();
    await announce(packed(waybill));
    const accepted = { minutesAgo: 50, statusCode: '103', context: '已揽收' };
    const delivered = { minutesAgo: 5, statusCode: '301', context: '本人签收' };
    await push(waybill, [accepted]);
    expect(await countedAs(waybill)).toEqual([county.ids.village4]);
    await push(waybill, [delivered, { minutesAgo: 20, statusCode: '1002', context: '干线运输' }, accepted]);
    expect((await parcel(waybill)).stage).toBe('delivered');
    const moves = await told(waybill);
    expect(moves.map(({ stage, revision, steps }) => [stage, revision, steps.map(({ kind }) => kind)])).toEqual([
      ['announced', 1, ['announced']],
      ['accepted', 2, ['accepted']],
      ['delivered', 3, ['in_transit', 'delivered']],
    ]);
    expect(Math.abs(Date.parse(moves[2]!.stageAt) - Date.parse(ago(5)))).toBeLessThan(MINUTE);
  });

  it('end the same when the packing is told after the scans, and then all of them are told', async () => {
    const [early, late] = [newWaybill(), newWaybill()];
    const journey = async (waybill: string) => {
      await scan('station', waybill, 'accepted', 50);
      await scan('town', waybill, 'arrived_town', 40);
    };
    await announce(packed(early));
    await journey(early);
    await journey(late);
    expect(await told(late)).toEqual([]);
    await announce(packed(late));
    const state = ({ stage, direction, village, carrierCode, timeline }: ParcelView) => ({
      stage,
      direction,
      village,
      carrierCode,
      kinds: timeline.map(({ kind, flags }) => [kind, flags]),
    });
    expect(state(await parcel(late))).toEqual(state(await parcel(early)));
    expect(await countedAs(late)).toEqual(await countedAs(early));
    const [move, ...others] = await told(late);
    expect(others).toEqual([]);
    expect(move).toMatchObject({ stage: 'at_town', revision: 3 });
    expect(move!.steps.map(({ kind, unitId }) => [kind, unitId])).toEqual([
      ['announced', null],
      ['accepted', county.ids.village1],
      ['arrived_town', county.ids.town1],
    ]);
  });

  it('that come back are not outbound', async () => {
    const waybill = newWaybill();
    await announce(packed(waybill));
    await scan('station', waybill, 'accepted', 50);
    await push(waybill, [{ minutesAgo: 10, statusCode: '6', context: '退回' }]);
    expect(await parcel(waybill)).toMatchObject({ stage: 'returning' });
    expect(await countedAs(waybill)).toEqual([]);
    expect((await told(waybill)).at(-1)).toMatchObject({ stage: 'returning' });
  });

  it('alone are told of', async () => {
    const waybill = newWaybill();
    await scan('station', waybill, 'accepted', 50);
    await scan('station', waybill, 'dispatched', 30);
    expect(await told(waybill)).toEqual([]);
    expect(await countedAs(waybill)).toEqual([]);
  });

  it('are what the ledger says, and a rebuild that puts them right tells of them', async () => {
    const waybill = newWaybill();
    await announce(packed(waybill));
    await scan('station', waybill, 'accepted', 50);
    const rebuild = app.resolve(ParcelRebuild);
    expect(await rebuild.rebuildParcels(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
    await query(`update logistics.parcel set stage = 'lost' where waybill = $1`, [waybill]);
    await query('delete from logistics.parcel_day where waybill = $1', [waybill]);
    expect(await rebuild.rebuildParcels(COUNTY)).toMatchObject({ differing: 1 });
    expect(await rebuild.rebuildParcels(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
    expect(await countedAs(waybill)).toEqual([county.ids.village4]);
    expect((await told(waybill)).at(-1)).toMatchObject({ stage: 'accepted', revision: 3 });
  });
});
