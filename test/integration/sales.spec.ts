import type { Day, Page, SaleEntryKind, SalesEvidenceRow, SalesFacts, SalesReport } from '#contracts';
import { PARCEL_DAY_COUNTS } from '#contracts';
import { SalesRebuild } from '#insight';
import { Outbox, uuidv7 } from '#platform';
import { COUNTY, CoverageCounty } from './coverage.county.js';

interface Entry {
  village: string;
  day: Day;
  kind: SaleEntryKind;
  amountFen: number;
  producer?: string;
  household?: boolean;
  order?: string;
}

const VILLAGES_OF = { T1: ['A', 'B', 'D'], T2: ['E', 'G'] } as const;
const NOTHING: SalesFacts = { gmvFen: 0, refundFen: 0, netFen: 0, orders: 0, payoutFen: 0, households: 0 };

describe('Sales of produce', () => {
  let county: CoverageCounty;
  beforeAll(async () => {
    county = await CoverageCounty.start();
  });
  afterAll(() => county.close());
  beforeEach(async () => {
    await county.settled();
    await county.db.query('truncate upflow.sale_entry, insight.unit_sales_month, insight.stale_sale');
  });

  /** Writes entries and tells of them in one transaction, as upflow does; the event goes through this application's own relay. */
  async function put(entries: readonly Entry[], told = 1): Promise<void> {
    await county.db.transaction(async (tx) => {
      for (const { village, day, kind, amountFen, producer, household, order } of entries)
        await tx.query(
          `insert into upflow.sale_entry (county_code, id, day, kind, village_id, producer_id, household, order_id, amount_fen)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            COUNTY,
            uuidv7(),
            day,
            kind,
            county.id(village),
            producer ?? uuidv7(),
            household ?? false,
            order ?? uuidv7(),
            amountFen,
          ],
        );
      await tell(entries, told, tx);
    });
    await county.settled();
  }
  const tell = async (
    entries: readonly Pick<Entry, 'village' | 'day'>[],
    times: number,
    tx: Parameters<Outbox['publish']>[0],
  ): Promise<void> => {
    const keys = entries.map(({ village, day }): [string, string] => [county.id(village), day]);
    for (let time = 0; time < times; time += 1)
      await county.app
        .resolve(Outbox)
        .publish(tx, 'insight', [{ countyCode: COUNTY, topic: 'upflow.sales.touched', payload: { keys } }]);
  };
  const ask = (query: string, who = 'officer', headers: Record<string, string> = {}) =>
    county.app.get<SalesReport & { code?: string }>(`/api/sales${query}`, county.token(who), headers);
  async function report(unit: string, period: string, who = 'officer'): Promise<SalesReport> {
    const answer = await ask(`?unit=${unit}&period=${period}`, who);
    expect(answer.status).toBe(200);
    return answer.body;
  }
  const rebuild = () => county.app.resolve(SalesRebuild);

  it('add up from village to town to county, but for households, who are distinct', async () => {
    const [family, other, coop, order] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    await put([
      { village: 'A', day: '2026-09-03', kind: 'payment', amountFen: 5000, order },
      { village: 'A', day: '2026-09-03', kind: 'payment', amountFen: 1000, order },
      { village: 'A', day: '2026-09-20', kind: 'refund', amountFen: 800 },
      { village: 'B', day: '2026-09-05', kind: 'payment', amountFen: 3000 },
      { village: 'E', day: '2026-09-30', kind: 'payment', amountFen: 700 },
      { village: 'A', day: '2026-09-25', kind: 'payout', amountFen: 2000, producer: family, household: true },
      { village: 'A', day: '2026-09-26', kind: 'payout', amountFen: 100, producer: family, household: true },
      { village: 'B', day: '2026-09-25', kind: 'payout', amountFen: 900, producer: family, household: true },
      { village: 'B', day: '2026-09-25', kind: 'payout', amountFen: 400, producer: other, household: true },
      { village: 'B', day: '2026-09-25', kind: 'payout', amountFen: 300, producer: coop },
      { village: 'A', day: '2026-10-01', kind: 'payment', amountFen: 99 },
    ]);
    const facts = { A: 1, B: 2, E: 0, T1: 2, T2: 0, C: 2 };
    const town = await report('990101100', '2026-09');
    expect(town).toMatchObject({
      facts: { gmvFen: 9000, refundFen: 800, netFen: 8200, orders: 2, payoutFen: 3700, households: facts.T1 },
      formulaVersion: 'sales-1',
      version: 1,
    });
    expect(town.children.map(({ unit, facts: { netFen, households } }) => [unit.code, netFen, households])).toEqual([
      ['990101100201', 5200, facts.A],
      ['990101100202', 3000, facts.B],
      ['990101100203', 0, 0],
    ]);
    const whole = await report(COUNTY, '2026-09');
    expect(whole.facts).toEqual({ gmvFen: 9700, refundFen: 800, netFen: 8900, orders: 3, payoutFen: 3700, households: 2 });
    expect(whole.trend).toMatchObject([{ period: '2026-09', facts: whole.facts }]);
    expect((await report(COUNTY, '2026-11')).trend.map(({ period, facts: { gmvFen } }) => [period, gmvFen])).toEqual([
      ['2026-09', 9700],
      ['2026-10', 99],
      ['2026-11', 0],
    ]);
    expect((await report('99', '2026-09', 'admin')).facts).toEqual(whole.facts);
  });

  it('are recomputed, never added to: events told again or twice change nothing, not even the version', async () => {
    const sale: Entry = { village: 'D', day: '2026-08-10', kind: 'payment', amountFen: 1234 };
    await put([sale], 3);
    expect(await report(COUNTY, '2026-08')).toMatchObject({ facts: { gmvFen: 1234, orders: 1 }, version: 1 });
    await put([{ ...sale, amountFen: 100 }]);
    await county.db.transaction((tx) => tell([sale], 2, tx));
    await county.settled();
    expect(await report(COUNTY, '2026-08')).toMatchObject({ facts: { gmvFen: 1334, orders: 2 }, version: 2 });
  });

  it('go away with their entries', async () => {
    const sale: Entry = { village: 'D', day: '2026-08-10', kind: 'payment', amountFen: 1234 };
    await put([sale]);
    await county.db.transaction(async (tx) => {
      await tx.query('delete from upflow.sale_entry');
      await tell([sale], 1, tx);
    });
    await county.settled();
    expect(await report(COUNTY, '2026-08')).toMatchObject({ facts: NOTHING, version: 0, asOf: null });
    expect(await county.db.query('select 1 from insight.unit_sales_month')).toEqual([]);
  });

  it('are what a plain count of any entries gives, at every level', async () => {
    const people = Array.from({ length: 6 }, () => uuidv7());
    let seed = 7;
    const pick = <T>(values: readonly T[]): T => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return values[Math.floor((seed / 2_147_483_648) * values.length)]!;
    };
    const orders = Array.from({ length: 40 }, () => uuidv7());
    const entries = Array.from({ length: 300 }, (): Entry & { producer: string; household: boolean; order: string } => {
      const producer = pick(people);
      return {
        village: pick(['A', 'B', 'D', 'E', 'G']),
        day: pick(['2026-06-01', '2026-06-15', '2026-06-30', '2026-07-01', '2026-07-31']),
        kind: pick(['payment', 'payment', 'refund', 'payout']),
        amountFen: pick([1, 20, 300, 4000]),
        producer,
        household: people.indexOf(producer) < 4,
        order: pick(orders),
      };
    });
    await put(entries);
    const model = (period: string, villages: readonly string[]): SalesFacts => {
      const own = entries.filter(({ day, village }) => day.startsWith(period) && villages.includes(village));
      const sum = (kind: SaleEntryKind) =>
        own.filter((entry) => entry.kind === kind).reduce((total, { amountFen }) => total + amountFen, 0);
      const payments = own.filter(({ kind }) => kind === 'payment');
      return {
        gmvFen: sum('payment'),
        refundFen: sum('refund'),
        netFen: sum('payment') - sum('refund'),
        orders: new Set(payments.map(({ village, order }) => `${village} ${order}`)).size,
        payoutFen: sum('payout'),
        households: new Set(own.flatMap(({ kind, household, producer }) => (kind === 'payout' && household ? [producer] : [])))
          .size,
      };
    };
    for (const period of ['2026-06', '2026-07']) {
      const whole = await report(COUNTY, period);
      expect(whole.facts).toEqual(model(period, ['A', 'B', 'D', 'E', 'G']));
      for (const [town, code] of [
        ['T1', '990101100'],
        ['T2', '990101200'],
      ] as const) {
        const own = await report(code, period);
        expect(own.facts).toEqual(model(period, VILLAGES_OF[town]));
        expect(own.children.map(({ facts }) => facts)).toEqual(VILLAGES_OF[town].map((village) => model(period, [village])));
      }
    }
    expect(await rebuild().rebuildSales(COUNTY, { verify: true })).toMatchObject({ differing: 0, pending: 0 });
  });

  it('stand beside the parcels that went out and came in', async () => {
    await county.put([
      { unit: 'E', day: '2026-10-02', waybill: 'YT8000000000001', counts: PARCEL_DAY_COUNTS.outbound },
      { unit: 'E', day: '2026-10-02', waybill: 'YT8000000000002', station: 'SE', counts: PARCEL_DAY_COUNTS.inbound },
      { unit: 'E', day: '2026-10-03', waybill: 'YT8000000000003', station: 'SE', counts: PARCEL_DAY_COUNTS.inbound },
    ]);
    await county.settled();
    const whole = await report(COUNTY, '2026-10');
    expect(whole).toMatchObject({ outboundParcels: 1, inboundParcels: 2, facts: NOTHING });
    expect(whole.children.map(({ unit, outboundParcels }) => [unit.code, outboundParcels])).toEqual([
      ['990101100', 0],
      ['990101200', 1],
    ]);
  });

  it('open to the entries behind them, page by page, by kind, and as tables', async () => {
    const days = Array.from({ length: 7 }, (_, index) => `2026-09-0${index + 1}`);
    await put([
      ...days.map((day, index): Entry => ({ village: 'A', day, kind: 'payment', amountFen: 100 + index })),
      { village: 'A', day: '2026-09-04', kind: 'refund', amountFen: 50 },
      { village: 'E', day: '2026-09-04', kind: 'payment', amountFen: 7 },
    ]);
    const page = (query: string, who = 'officer') =>
      county.app.get<Page<SalesEvidenceRow> & { code?: string }>(`/api/sales/evidence?period=2026-09${query}`, county.token(who));
    const seen: SalesEvidenceRow[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await page(`&unit=990101100&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.items);
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen.map(({ day }) => day)).toEqual([...days.slice(0, 4), '2026-09-04', ...days.slice(4)]);
    const { facts } = await report('990101100', '2026-09');
    const sum = (kind: SaleEntryKind) => seen.filter((row) => row.kind === kind).reduce((total, row) => total + row.amountFen, 0);
    expect([sum('payment'), sum('refund')]).toEqual([facts.gmvFen, facts.refundFen]);
    expect((await page(`&unit=${COUNTY}&kind=refund`)).body.items).toMatchObject([
      { kind: 'refund', amountFen: 50, village: { code: '990101100201', name: 'A村' } },
    ]);
    expect(await page('&cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'bad_cursor' } });
    const table = await county.app.get<string>(`/api/sales/evidence?period=2026-09&unit=${COUNTY}`, county.token('officer'), {
      accept: 'text/csv',
    });
    expect(table.body.trim().split('\n')).toHaveLength(10);
    expect(table.body).toContain('1.06');
    const children = await ask(`?unit=${COUNTY}&period=2026-09`, 'officer', { accept: 'text/csv' });
    expect(String(children.body)).toMatch(/990101100,T1村,7\.21,0\.5,6\.71,7,/);
  });

  it('are for those who may see the unit', async () => {
    expect((await ask('?period=2026-09', 'town')).body.unit.code).toBe('990101100');
    expect((await ask('?unit=990101200&period=2026-09', 'town')).status).toBe(403);
    expect((await ask('/evidence?unit=990101200&period=2026-09', 'town')).status).toBe(403);
    expect((await ask('?unit=880000&period=2026-09')).status).toBe(404);
    expect((await ask('?period=2026-13')).status).toBe(400);
    expect((await ask('', 'producer')).status).toBe(403);
    expect((await ask('', 'nobody')).status).toBe(401);
    expect((await ask('', 'keeper')).status).toBe(200);
  });

  it('are verified and made anew from the entries', async () => {
    await put([{ village: 'G', day: '2026-09-04', kind: 'payment', amountFen: 700 }]);
    await county.db.query(`update insight.unit_sales_month set facts = jsonb_set(facts, '{gmvFen}', '1') where level = 'county'`);
    await county.db.query(`delete from insight.unit_sales_month where level = 'town'`);
    expect(await rebuild().rebuildSales(COUNTY, { verify: true })).toMatchObject({ differing: 2, months: 3 });
    expect(await rebuild().rebuildSales(COUNTY, { verify: false })).toMatchObject({ differing: 2 });
    expect(await rebuild().rebuildSales(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
    expect((await report('990101200', '2026-09')).facts.gmvFen).toBe(700);
  });

  it('follow a merger: from its month on the successor has what its predecessors sold, before it they keep it', async () => {
    await put([
      { village: 'A', day: '2026-09-10', kind: 'payment', amountFen: 100 },
      { village: 'A', day: '2026-11-10', kind: 'payment', amountFen: 200 },
      { village: 'B', day: '2026-11-11', kind: 'payment', amountFen: 300 },
    ]);
    await county.merge(['A', 'B'], 'M', '990101100299', '2026-11-05');
    await county.settled();
    expect((await report('990101100299', '2026-11')).facts).toMatchObject({ gmvFen: 500, orders: 2 });
    const [september, november] = [await report('990101100', '2026-09'), await report('990101100', '2026-11')];
    expect(september.children.map(({ unit, facts }) => [unit.code, facts.gmvFen])).toContainEqual(['990101100201', 100]);
    expect(november.facts.gmvFen).toBe(500);
    expect(november.children.map(({ facts }) => facts.gmvFen).reduce((sum, fen) => sum + fen)).toBe(500);
    const evidence = await county.app.get<Page<SalesEvidenceRow>>(
      '/api/sales/evidence?unit=990101100299&period=2026-11',
      county.token('officer'),
    );
    expect(evidence.body.items.map(({ amountFen }) => amountFen)).toEqual([200, 300]);
    expect(await rebuild().rebuildSales(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
  });
});
