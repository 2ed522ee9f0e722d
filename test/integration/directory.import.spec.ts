/** Imports of real village lists, and refusals of broken ones: test/fixtures/{ok,not-ok}/directory. */
import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import type { ImportResult, Problem } from '#contracts';
import { DirectoryModule, DirectoryReader, SessionService, SYSTEM_ACTOR, UnitService, UserService } from '#directory';
import { uuidv7 } from '#platform';
import { testApp, type Answer, type TestApplication } from '../factories/application.js';
import { PASSWORD, smallCounty, type SmallCounty } from '../factories/county.js';

let app: TestApplication;
let county: SmallCounty;
beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule], services: ['directory'] });
  county = await smallCounty(app);
});
afterAll(async () => await app?.close());

const fixture = (name: string): Buffer => readFileSync(`test/fixtures/${name}`);

async function upload<T = ImportResult>(buffer: Buffer, token: string, query = '', language = 'zh-CN'): Promise<Answer<T>> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(buffer)]), 'list.csv');
  return await app.send<T>('POST', `/api/units/import${query}`, form, token, { 'accept-language': language });
}

/** An administrator of a province of its own. */
async function provinceAdmin(code: string): Promise<string> {
  await app.resolve(UnitService).createMany(SYSTEM_ACTOR, [{ id: uuidv7(), code, name: `省${code}`, validFrom: '2020-01-01' }]);
  const username = `admin${code}`;
  await app
    .resolve(UserService)
    .createMany(SYSTEM_ACTOR, [{ id: uuidv7(), username, password: PASSWORD, role: 'admin', unitCode: code }]);
  return (await app.resolve(SessionService).open({ username, password: PASSWORD }, '127.0.0.1')).token;
}

describe.each([
  { county: '610431', villages: 192, towns: 8, province: '61' },
  { county: '371425', villages: 1038, towns: 15, province: '37' },
])('the real list of $county', ({ county: code, villages, towns, province }) => {
  const file = fixture(`ok/directory/${code}.csv`);
  let token: string;
  beforeAll(async () => void (token = await provinceAdmin(province)));

  it('shows in a dry run what it would import, and imports nothing', async () => {
    const { status, body } = await upload(file, token, '?dryRun=true&validFrom=2023-06-30');
    expect({ status, body }).toEqual({ status: 200, body: { rows: villages, imported: villages, unchanged: 0, problems: [] } });
    expect((await app.resolve(DirectoryReader).snapshot()).unitByCode(code)).toBeUndefined();
  });

  it('is imported whole, without a warning', async () => {
    const { status, body } = await upload(file, token, '?validFrom=2023-06-30');
    expect({ status, body }).toEqual({ status: 200, body: { rows: villages, imported: villages, unchanged: 0, problems: [] } });
    const snapshot = await app.resolve(DirectoryReader).snapshot();
    const unit = snapshot.unitByCode(code);
    expect(snapshot.descendants(unit?.id ?? '', 'village', '2023-06-30')).toHaveLength(villages);
    expect(snapshot.descendants(unit?.id ?? '', 'town', '2023-06-30')).toHaveLength(towns);
    expect(snapshot.descendants(unit?.id ?? '', 'village', '2023-06-29')).toHaveLength(0);
    expect(snapshot.ancestor(unit?.id ?? '', 'province')?.code).toBe(province);
  });

  it('changes nothing when it comes again, on the same or a later day', async () => {
    const { revision } = await app.resolve(DirectoryReader).snapshot();
    for (const query of ['?validFrom=2023-06-30', '']) {
      const { status, body } = await upload(file, token, query);
      expect({ status, body }).toEqual({ status: 200, body: { rows: villages, imported: 0, unchanged: villages, problems: [] } });
    }
    expect((await app.resolve(DirectoryReader).snapshot()).revision).toBe(revision);
  });
});

describe('a list from a Chinese spreadsheet', () => {
  it('is read in GB18030, with Chinese titles and codes written in full', async () => {
    const { status, body } = await upload(fixture('ok/directory/chinese-header.gb18030.csv'), county.tokens.admin);
    expect({ status, body }).toMatchObject({ status: 200, body: { rows: 2, imported: 2, problems: [] } });
    const unit = await app.get<{ name: string; path: { code: string }[] }>('/api/units/990103100202', county.tokens.admin);
    expect(unit.body).toMatchObject({
      name: '甲二村村委会',
      path: [{ code: '99' }, { code: '9901' }, { code: '990103' }, { code: '990103100' }],
    });
  });

  it('may be a workbook, whose numbers are codes', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('村');
    sheet.addRow(['县代码', '县名称', '乡镇代码', '乡镇名称', '村代码', '村名称']);
    sheet.addRow([990104, '第四县', 990104100, '丙镇', 990104100201, '丙一村村委会']);
    const { status, body } = await upload(Buffer.from(await workbook.xlsx.writeBuffer()), county.tokens.admin);
    expect({ status, body }).toMatchObject({ status: 200, body: { rows: 1, imported: 1, problems: [] } });
  });
});

describe('a list with errors', () => {
  const errors = (body: Problem): string[] => (body.errors ?? []).map((error) => `${error.path} ${error.code}`);

  it.each([
    ['wrong-parent', ['3:village_code code_parent_mismatch', '4:town_code code_parent_mismatch']],
    ['malformed-code', ['3:village_code code_malformed', '4:village_code code_malformed', '5:town_code code_malformed']],
    ['two-names', ['3:village_name name_conflict', '4:town_name name_conflict']],
    ['no-name', ['3:village_name name_missing', '4:village_name name_too_long']],
  ])('%s.csv is refused row by row, and nothing of it is stored', async (name, expected) => {
    const before = await app.get<{ items: unknown[] }>('/api/units?parent=99&level=county', county.tokens.admin);
    const { status, body } = await upload<Problem>(
      fixture(`not-ok/directory/${name}.csv`),
      county.tokens.admin,
      '?validFrom=2026-01-01',
    );
    expect({ status, code: body.code, errors: errors(body) }).toEqual({ status: 422, code: 'import_refused', errors: expected });
    expect((await app.get('/api/units?parent=99&level=county', county.tokens.admin)).body).toEqual(before.body);
  });

  it('is answered in the reader’s language', async () => {
    const file = fixture('not-ok/directory/wrong-parent.csv');
    const chinese = await upload<Problem>(file, county.tokens.admin);
    const english = await upload<Problem>(file, county.tokens.admin, '', 'en');
    expect(chinese.body).toMatchObject({ detail: '有 2 处错误，未导入任何内容' });
    expect(chinese.body.errors?.[0]?.message).toBe('代码 990107101202 不以上级代码 990107100 开头');
    expect(english.body.errors?.[0]?.message).toBe('Code 990107101202 does not begin with its parent’s, 990107100');
  });

  it('lists its problems without refusal in a dry run', async () => {
    const { status, body } = await upload(fixture('not-ok/directory/two-names.csv'), county.tokens.admin, '?dryRun=true');
    expect({ status, imported: body.imported, severities: body.problems.map((problem) => problem.severity) }).toMatchObject({
      status: 200,
      imported: 0,
      severities: expect.arrayContaining(['error']),
    });
  });

  it('names the columns that are missing', async () => {
    const { status, body } = await upload<Problem>(fixture('not-ok/directory/missing-column.csv'), county.tokens.admin, '', 'en');
    expect({ status, code: body.code, detail: body.detail }).toEqual({
      status: 422,
      code: 'import_columns_missing',
      detail: 'The header lacks columns: town_code, town_name',
    });
  });
});

describe('the scope of an import', () => {
  const list = (code: string): Buffer =>
    Buffer.from(
      `county_code,county_name,town_code,town_name,village_code,village_name\n${code},县,${code}150,新镇,${code}150201,新村\n`,
    );

  it('is the caller’s unit: a county takes in its own list and no other, and makes no county', async () => {
    const own = list(county.codes.county).toString().replace(',县,', ',示范县,');
    expect((await upload(Buffer.from(own), county.tokens.county)).status).toBe(200);
    expect((await upload(list(county.codes.otherCounty), county.tokens.county)).status).toBe(403);
    expect((await upload(list('990177'), county.tokens.county)).status).toBe(403);
    expect((await upload(list('120101'), county.tokens.admin)).status).toBe(403);
  });

  it('needs the right to write', async () => {
    expect((await upload(list(county.codes.county), county.tokens.town)).status).toBe(403);
    expect((await upload(list(county.codes.county), '')).status).toBe(401);
  });
});
