import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import {
  addMonths,
  periodOf,
  type AccountListRow,
  type AccountView,
  type ImportResult,
  type Income,
  type IncomeEvidenceRow,
  type Page,
  type Period,
  type Problem,
} from '#contracts';
import { IncomeAggregator, InsightModule, type IncomeRebuild } from '#insight';
import { testCounty, type TestCounty } from './income.county.js';

/** An account, or a problem. */
type AccountAnswer = AccountView & Omit<Problem, 'status'>;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const present = periodOf(new Date());
const line = (code: string, amountFen: number, rest: object = {}) => ({ line: code, amountFen, ...rest });
const sales = (amountFen: number) => line('sales', amountFen, { mode: 'planting' });

describe('collective income', () => {
  let county: TestCounty;
  beforeAll(async () => {
    county = await testCounty([InsightModule], ['insight']);
  });
  afterAll(() => county.close());

  const path = (village: string, period: Period) => `/api/income/accounts/${village}/${period}`;
  const enter = (village: string, period: Period, lines: object[], token = county.tokens.town, version = 0) =>
    county.app.send<AccountAnswer>('PUT', path(village, period), { regime: '2023', lines, version }, token);
  const decide = (
    village: string,
    period: Period,
    version: number,
    decision = 'approve',
    token = county.tokens.county,
    reason?: string,
  ) => county.app.post<AccountAnswer>(`${path(village, period)}/decision`, { version, decision, reason }, token);
  const income = async (unit: string, period: Period, token = county.tokens.county) =>
    (await county.app.get<Income>(`/api/income?unit=${unit}&period=${period}`, token)).body;
  /** Waits until the jobs have stored what holds for a unit. */
  async function settled(unit: string, period: Period, holds: (income: Income) => boolean): Promise<Income> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const found = await income(unit, period);
      if (found.summary.version > 0 && holds(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${unit} ${period} never became what was expected`);
  }

  /** Compares what is stored with a rebuild from scratch until they agree, or the jobs had time enough. */
  async function verified(): Promise<IncomeRebuild> {
    for (let attempt = 0; ; attempt += 1) {
      const found = await county.app.resolve(IncomeAggregator).rebuildIncome(county.code, { verify: true });
      if (!found.differences.length || attempt > 100) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  describe('a month from the village to the county', () => {
    const month = addMonths(present, -1);

    it('is entered by the keeper, approved by the town and aggregated by the job', async () => {
      const [village = ''] = county.villages;
      const lines = [
        sales(52_000_00),
        line('rent', 3_000_00, { mode: 'leasing' }),
        line('subsidy', 10_000_00),
        line('administration', 5_000_00),
      ];
      const entered = await enter(village, month, lines, county.tokens.station);
      expect(entered).toMatchObject({ status: 200, body: { status: 'submitted', version: 1, operatingResultFen: 50_000_00 } });
      await settled(county.code, month, ({ summary }) => summary.month.pending === 1 && summary.month.approved === 0);
      expect(await decide(village, month, 1, 'approve', county.tokens.town)).toMatchObject({
        status: 200,
        body: { status: 'approved', version: 1 },
      });
      const found = await settled(county.code, month, ({ summary }) => summary.month.approved === 1);
      expect(found.summary.month).toMatchObject({
        operatingResultFen: 50_000_00,
        withSubsidiesFen: 60_000_00,
        expected: 5,
        pending: 0,
      });
      expect(found.summary).toMatchObject({ villages: 5, notReported: 4, shellVillages: 0, bands: { '5_10': 1 } });
      expect(found.children).toHaveLength(2);
      expect(found.trend).toEqual([{ period: month, operatingResultFen: 50_000_00, withSubsidiesFen: 60_000_00 }]);
      const ofVillage = await income(village, month);
      expect(ofVillage.summary).toMatchObject({
        band: '5_10',
        shell: false,
        month: { byModeFen: { planting: 52_000_00, leasing: 3_000_00 } },
      });
      expect((await income(village, present)).summary.trailingYear.operatingResultFen).toBe(50_000_00);
    });

    it('keeps its approved figures while a newer version waits, is returned, and until it is approved', async () => {
      const [village = ''] = county.villages;
      await enter(village, month, [sales(1_00)], county.tokens.station, 1);
      await settled(
        village,
        month,
        ({ summary }) => summary.month.pending === 1 && summary.month.operatingResultFen === 50_000_00,
      );
      expect((await decide(village, month, 2, 'return')).body.errors?.[0]?.path).toBe('reason');
      expect((await decide(village, month, 2, 'return', county.tokens.county, '收入有误')).body).toMatchObject({
        status: 'returned',
        reason: '收入有误',
      });
      await settled(
        village,
        month,
        ({ summary }) => summary.month.pending === 0 && summary.month.operatingResultFen === 50_000_00,
      );
      await enter(village, month, [sales(40_000_00)], county.tokens.station, 2);
      await decide(village, month, 3);
      await settled(county.code, month, ({ summary }) => summary.month.operatingResultFen === 40_000_00);
      const { body } = await county.app.get<Page<AccountView>>(`${path(village, month)}/versions`, county.tokens.station);
      expect(body.items.map(({ version, status }) => [version, status])).toEqual([
        [3, 'approved'],
        [2, 'returned'],
        [1, 'approved'],
      ]);
    });

    it('counts a version of the figures only when they change', async () => {
      const [village = ''] = county.villages;
      const before = (await income(village, month)).summary.version;
      await county.app.resolve(IncomeAggregator).rebuildIncome(county.code, { verify: false });
      expect((await income(village, month)).summary.version).toBe(before);
    });
  });

  describe('entering and deciding', () => {
    const month = addMonths(present, -2);

    it('stays inside the unit: a keeper enters for the own village, a town for its villages', async () => {
      const [own = '', other = ''] = county.villages;
      expect((await enter(other, month, [], county.tokens.station)).status).toBe(403);
      expect((await enter(county.foreignVillages[0], month, [], county.tokens.town)).status).toBe(403);
      expect((await decide(own, month, 1, 'approve', county.tokens.station)).status).toBe(403);
      expect((await county.app.get(path(county.foreignVillages[0], month), county.tokens.town)).status).toBe(403);
      expect((await county.app.get(`/api/income?unit=${county.code}&period=${month}`, county.tokens.town)).status).toBe(403);
      expect((await county.app.get(`/api/income/evidence?unit=${county.code}&period=${month}`, county.tokens.town)).status).toBe(
        403,
      );
      expect((await county.app.get(`/api/income?unit=${county.code}&period=${month}`)).status).toBe(401);
      expect((await county.app.get(`/api/income?unit=${county.code}&period=${month}`, county.tokens.producer)).status).toBe(403);
    });

    it('never lets a person decide what that person entered', async () => {
      const village = county.villages[1] ?? '';
      await enter(village, month, [sales(5)], county.tokens.town);
      expect(await decide(village, month, 1, 'approve', county.tokens.town)).toMatchObject({
        status: 403,
        body: { code: 'income_own_account' },
      });
      expect((await decide(village, month, 1, 'approve', county.tokens.county)).status).toBe(200);
    });

    it('refuses a stale version, and takes a repeated request once', async () => {
      const village = county.villages[2] ?? '';
      const first = await enter(village, month, [sales(5)]);
      const again = await enter(village, month, [sales(5)]);
      expect([first.body.version, again.body.version]).toEqual([1, 1]);
      expect(await enter(village, month, [sales(6)])).toMatchObject({ status: 409, body: { code: 'income_version_conflict' } });
      expect((await enter(village, month, [sales(6)], county.tokens.town, 1)).body.version).toBe(2);
      expect(await decide(village, month, 1)).toMatchObject({ status: 409, body: { code: 'income_version_conflict' } });
      expect((await decide(village, month, 3)).status).toBe(404);
      expect((await decide(village, month, 2)).status).toBe(200);
      expect((await decide(village, month, 2)).status).toBe(200);
      expect(await decide(village, month, 2, 'return', county.tokens.county, 'too late')).toMatchObject({
        status: 409,
        body: { code: 'income_already_decided' },
      });
    });

    it('takes one of many entries at once', async () => {
      const village = county.villages[0] ?? '';
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => enter(village, month, [sales(index)])));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    });

    it('says what is wrong with each line', async () => {
      const { status, body } = await enter(county.villages[0] ?? '', month, [
        line('sales', 1),
        line('mystery', 1),
        line('taxes', -1),
      ]);
      expect(status).toBe(400);
      expect(body.errors?.map(({ path: at, code }) => [at, code])).toEqual([
        ['lines.0.mode', 'income_mode_missing'],
        ['lines.1.line', 'income_line_unknown'],
        ['lines.2.amountFen', 'income_amount_negative'],
      ]);
      expect(body.errors?.[0]?.message).toBe('经营性收入须注明经营方式');
    });

    it('refuses months that have not come and villages that are none', async () => {
      expect((await enter(county.villages[0] ?? '', addMonths(present, 1), [])).body.errors?.[0]?.code).toBe(
        'income_period_future',
      );
      expect((await enter('990101999999', month, [])).status).toBe(404);
      expect(
        (await county.app.get(`/api/income?unit=${county.code}&period=${addMonths(present, 1)}`, county.tokens.county)).status,
      ).toBe(400);
      expect((await county.app.get(`/api/income?unit=99&period=${month}`, county.tokens.admin)).body).toMatchObject({
        code: 'income_level_unsupported',
      });
    });
  });

  describe('the list of accounts', () => {
    const month = addMonths(present, -3);
    const list = (query: string, token = county.tokens.county) =>
      county.app.get<Page<AccountListRow>>(`/api/income/accounts?unit=${county.code}&period=${month}${query}`, token);

    it('names every village that owes one, missing ones too, page by page', async () => {
      await enter(county.villages[1] ?? '', month, []);
      const first = (await list('&limit=3')).body;
      const second = (await list(`&limit=3&cursor=${first.nextCursor ?? ''}`)).body;
      const rows = [...first.items, ...second.items];
      expect(rows.map(({ village }) => village.code)).toEqual([...county.villages, ...county.foreignVillages]);
      expect(rows.map(({ status }) => status)).toEqual(['missing', 'submitted', 'missing', 'missing', 'missing']);
      expect(second.nextCursor).toBeUndefined();
      expect((await list('&status=missing')).body.items).toHaveLength(4);
      expect((await list('&cursor=x')).body).toMatchObject({ code: 'bad_cursor' });
    });

    it('is a table by Accept', async () => {
      const headers = { accept: 'text/csv', 'accept-language': 'en' };
      const csv = await county.app.get<string>(
        `/api/income/accounts?unit=${county.code}&period=${month}`,
        county.tokens.county,
        headers,
      );
      expect(csv.body.split('\n')[0]).toContain('Village code,Village,Month,Status');
      expect(csv.body.trim().split('\n')).toHaveLength(6);
    });
  });

  describe('an import', () => {
    const month = addMonths(present, -4);
    const fixture = (name: string) =>
      readFileSync(`test/fixtures/${name}`, 'utf8')
        .replaceAll('{month}', month)
        .replaceAll(/\{village(\d)\}/g, (_, number: string) => county.villages[Number(number) - 1] ?? '')
        .replaceAll('{foreign}', county.foreignVillages[0]);
    const send = (content: string | Uint8Array<ArrayBuffer>, name: string) => {
      const form = new FormData();
      form.append('file', new Blob([content]), name);
      return county.app.post<ImportResult & Problem>('/api/income/accounts/import', form, county.tokens.town);
    };
    const states = async () =>
      (
        await county.app.get<Page<AccountListRow>>(
          `/api/income/accounts?unit=${county.towns[0]}&period=${month}`,
          county.tokens.town,
        )
      ).body.items;

    it('with a problem in any row enters nothing, and names every problem by its row', async () => {
      const { status, body } = await send(fixture('not-ok/income-accounts.csv'), 'accounts.csv');
      expect(status).toBe(422);
      expect(body.code).toBe('import_refused');
      expect(body.errors?.map(({ path: at, code }) => [at, code])).toEqual([
        ['3:mode', 'income_mode_missing'],
        ['4:village', 'income_import_village'],
        ['5:village', 'income_import_scope'],
        ['6:period', 'income_period_future'],
        ['7:amountYuan', 'income_import_amount'],
        ['7:line', 'income_line_unknown'],
        ['7:oneOff', 'income_import_one_off'],
      ]);
      expect(body.errors?.[0]).toMatchObject({ row: 3, message: '经营性收入须注明经营方式' });
      expect((await states()).every(({ status: state }) => state === 'missing')).toBe(true);
    });

    it('enters every account of a good file, and the same file again changes nothing', async () => {
      const good = fixture('ok/income-accounts.csv');
      expect((await send(good, 'accounts.csv')).body).toEqual({ rows: 8, imported: 3, unchanged: 0, problems: [] });
      expect((await send(good, 'accounts.csv')).body).toMatchObject({ imported: 0, unchanged: 3 });
      expect((await states()).map(({ status, regime, operatingResultFen }) => [status, regime, operatingResultFen])).toEqual([
        ['submitted', '2023', 13_500_00],
        ['submitted', '2004', -300_00],
        ['submitted', '2023', 0],
      ]);
    });

    it('takes its own template back', async () => {
      const response = await fetch(`${county.app.baseUrl}/api/income/accounts/template?regime=2023`, {
        headers: { authorization: `Bearer ${county.tokens.town}`, 'accept-language': 'en' },
      });
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.load(await response.arrayBuffer());
      const sheet = workbook.worksheets[0];
      expect(workbook.worksheets[1]?.getCell('B2').text).toBe('Operating income: sales');
      for (const [index, value] of [
        county.villages[0],
        month,
        '2023',
        'Operating income: sales',
        'planting',
        77.7,
        'no',
        '',
      ].entries())
        if (sheet) sheet.getCell(2, index + 1).value = value ?? '';
      const file = new Uint8Array(await workbook.xlsx.writeBuffer());
      expect((await send(file, 'accounts.xlsx')).body).toEqual({ rows: 1, imported: 1, unchanged: 0, problems: [] });
      expect((await states())[0]).toMatchObject({ version: 2, operatingResultFen: 77_70 });
    });

    it('refuses what is no table', async () => {
      expect(await send('a,b\n1,2\n', 'x.csv')).toMatchObject({ status: 400, body: { code: 'income_import_columns' } });
      expect((await county.app.post('/api/income/accounts/import', {}, county.tokens.town)).status).toBe(400);
    });
  });

  describe('evidence', () => {
    async function evidence(unit: string, query: string): Promise<IncomeEvidenceRow[]> {
      const rows: IncomeEvidenceRow[] = [];
      let cursor = '';
      do {
        const { body } = await county.app.get<Page<IncomeEvidenceRow>>(
          `/api/income/evidence?unit=${unit}&limit=2${query}${cursor}`,
          county.tokens.county,
        );
        rows.push(...body.items);
        cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
      } while (cursor);
      return rows;
    }

    it('sums to every figure, of the month and of the trailing year', async () => {
      const month = addMonths(present, -5);
      const [first = '', second = ''] = county.villages;
      await enter(first, month, [sales(900), line('investment', -50), line('operating_expense', 100), line('subsidy', 30)]);
      await enter(second, month, [
        line('rent', 70, { mode: 'leasing' }),
        line('rent', 11, { mode: 'leasing', oneOff: true }),
        line('other_income', 3),
      ]);
      await decide(first, month, 1);
      await decide(second, month, 1);
      await settled(county.code, month, ({ summary }) => summary.month.approved === 2);
      for (const unit of [county.code, county.towns[0] ?? '', first, second])
        for (const span of ['month', 'trailing_year'] as const) {
          const { summary } = await income(unit, month);
          const figures = span === 'month' ? summary.month : summary.trailingYear;
          const rows = await evidence(unit, `&period=${month}&span=${span}`);
          const sum = (of: (row: IncomeEvidenceRow) => boolean) =>
            rows.filter(of).reduce((total, row) => total + row.amountFen, 0);
          expect(sum((row) => row.lineClass === 'operating_income' && !row.oneOff)).toBe(figures.operatingIncomeFen);
          expect(sum((row) => row.lineClass === 'expense' && !row.oneOff)).toBe(figures.expensesFen);
          expect(sum((row) => row.lineClass === 'subsidy_income')).toBe(figures.subsidyIncomeFen);
          expect(sum((row) => row.mode === 'leasing' && row.inOperatingResult)).toBe(figures.byModeFen.leasing);
          const result = rows
            .filter((row) => row.inOperatingResult)
            .reduce((total, row) => total + (row.lineClass === 'expense' ? -1 : 1) * row.amountFen, 0);
          expect(result).toBe(figures.operatingResultFen);
        }
    });

    it('is a workbook by Accept', async () => {
      const response = await fetch(
        `${county.app.baseUrl}/api/income/evidence?unit=${county.code}&period=${addMonths(present, -5)}`,
        {
          headers: { authorization: `Bearer ${county.tokens.county}`, accept: XLSX },
        },
      );
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.load(await response.arrayBuffer());
      expect(workbook.worksheets[0]?.rowCount).toBe(8);
    });
  });

  it('ends in what a rebuild from scratch gives, whatever was entered, approved and returned in whatever order', async () => {
    const steps = fc.record({
      village: fc.constantFrom(...county.villages),
      ago: fc.integer({ min: 6, max: 20 }),
      amountFen: fc.integer({ min: -9_000_000, max: 9_000_000 }),
      decision: fc.constantFrom('approve', 'return', 'none'),
    });
    const versions = new Map<string, number>();
    for (const { village, ago, amountFen, decision } of fc.sample(steps, 60)) {
      const period = addMonths(present, -ago);
      const key = `${village} ${period}`;
      const version = (versions.get(key) ?? 0) + 1;
      versions.set(key, version);
      const answer = await enter(village, period, [line('investment', amountFen)], county.tokens.town, version - 1);
      expect(answer.status).toBe(200);
      if (decision !== 'none')
        expect((await decide(village, period, version, decision, county.tokens.county, 'reason')).status).toBe(200);
    }
    const { differences, periods } = await verified();
    expect(periods.length).toBeGreaterThan(12);
    expect(differences).toEqual([]);
  });

  it('gives a merged village the sums of its predecessors, from the merger on', async () => {
    const month = addMonths(present, -5);
    const [first = '', second = ''] = county.villages;
    const before = await income(county.towns[0] ?? '', present);
    const parts = await Promise.all(
      [first, second].map(async (village) => (await income(village, present)).summary.trailingYear.operatingResultFen),
    );
    const successor = await county.merge([first, second], `${present}-01`);
    const merged = await settled(successor, present, () => true);
    expect(merged.summary.trailingYear.operatingResultFen).toBe(parts.reduce((a, b) => a + b, 0));
    const after = await settled(county.towns[0] ?? '', present, ({ summary }) => summary.villages === 2);
    expect(after.summary.trailingYear.operatingResultFen).toBe(before.summary.trailingYear.operatingResultFen);
    expect((await income(first, month)).summary.villages).toBe(1);
    expect((await verified()).differences).toEqual([]);
  });
});
