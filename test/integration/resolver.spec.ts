import type { Problem, TracePage } from '#contracts';
import { BASE, codeCounty, GTIN, type CodeCounty } from './code.county.js';

const JSON_PAGE = { accept: 'application/json' };
const LINKSET = { accept: 'application/linkset+json' };
const LOT_NO = '20261101-1';
const VOCABULARY = 'https://gs1.org/voc/';
interface Linkset {
  linkset: [Record<string, { href: string }[] | undefined> & { anchor: string }];
}

describe('the resolver', () => {
  let county: CodeCounty;
  let code: string;
  let other: string;
  let sscc: string;
  beforeAll(async () => {
    county = await codeCounty();
    code = (await county.made(county.lots.gtin, { form: 'gs1' })).codes[0]?.code ?? '';
    other = (await county.made(county.lots.plain, {})).codes[0]?.code ?? '';
    sscc = '106141412345678908';
    await county.app.db.database.query(
      `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, sscc)
       select 7, county_code, batch_id, lot_id, 'box', 'active', $2 from trace.code where lot_id = $1::uuid limit 1`,
      [county.lots.gtin, sscc],
    );
  });
  afterAll(() => county.close());
  const get = <T = TracePage>(path: string, headers: Record<string, string> = JSON_PAGE) =>
    county.app.get<T & Problem>(path, undefined, headers);

  it('leads from a serial to its code, a lot to its page and a GTIN of any length to its product', async () => {
    expect(await get(`/01/${GTIN}/10/${LOT_NO}/21/${code}`)).toMatchObject({
      status: 200,
      body: { verdict: 'genuine', code, scans: { count: 1 }, lot: { lotNo: LOT_NO } },
    });
    expect(await get(`/01/${GTIN}/21/${code}`)).toMatchObject({ status: 200, body: { code, scans: { count: 2 } } });
    expect(await get(`/01/${GTIN}/10/${LOT_NO}?17=261231`)).toMatchObject({
      status: 200,
      body: { code: null, scans: null, lot: { lotNo: LOT_NO } },
    });
    for (const gtin of [GTIN, GTIN.slice(1)])
      expect(await get(`/01/${gtin}`)).toMatchObject({ status: 200, body: { lot: null, product: { gtin: GTIN } } });
    const html = await get(`/01/${GTIN}`, { accept: 'text/html' });
    expect(html.headers.get('content-type')).toContain('text/html');
  });

  it('leads from a box to its lot, without a verdict of a code', async () => {
    expect(await get(`/00/${sscc}`)).toMatchObject({ status: 200, body: { code: null, scans: null, lot: { lotNo: LOT_NO } } });
  });

  it.each([
    ['/01/06901234567893', 'link_check_digit'],
    [`/01/${GTIN}/21/s/10/l`, 'link_qualifier'],
    [`/01/${GTIN}/10/a/10/a`, 'link_repeated'],
    [`/01/${GTIN}?17=269999`, 'link_date'],
    [`/01/${GTIN}/10/%00`, 'link_characters'],
    ['/01', 'link_no_value'],
    ['/8013/1987654Ad4X4bL5ttr2310c2J', 'link_check_digit'],
  ])('refuses %s', async (path, field) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { code: 'digital_link_invalid', errors: [{ code: field }] } });
  });

  it('refuses bad percent-encoding', async () => {
    expect((await get(`/01/${GTIN}/10/a%2`)).status).toBe(400);
  });

  it.each([
    '/01/96385074',
    `/01/${GTIN}/10/none`,
    `/01/${GTIN}/235/x`,
    '/00/001234560000000018',
    '/414/9506000134376',
    '/417/9506000134376',
  ])('knows nothing of %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('leads from a plot to its last lot and from a producer to its newest product', async () => {
    const [party, plot, empty] = ['9506000134352', '9506000140445', '9521321000018'];
    const [row] = await county.app.db.database.query<{ id: string; plot: string }>(
      'select producer_id as id, plot_name as plot from upflow.lot where id = $1',
      [county.lots.plain],
    );
    const note = (gln: string, plotName: string | null) =>
      county.app.db.database.query(
        'insert into upflow.location_number (gln, producer_id, plot_name, created_by) values ($1, $2, $3, $2)',
        [gln, row?.id, plotName],
      );
    await note(party, null);
    await note(plot, row?.plot ?? '');
    await note(empty, '没有批次的地块');
    for (const path of [`/414/${plot}`, `/414/${plot}/254/32`])
      expect(await get(path)).toMatchObject({
        status: 200,
        body: { code: null, scans: null, lot: { lotNo: expect.stringMatching(/^20261101-/) as unknown } },
      });
    for (const path of [`/417/${party}`, `/414/${party}`, `/414/${empty}`])
      expect(await get(path)).toMatchObject({ status: 200, body: { lot: null, product: { name: '红富士苹果' } } });
    const { status, body } = await get<Linkset>(`/417/${party}`, LINKSET);
    expect([status, body.linkset[0].anchor]).toEqual([200, `${BASE}/417/${party}`]);
    for (const path of [`/417/${plot}`, `/414/${plot}/7040/1ABC`]) expect((await get(path)).status).toBe(404);
  });

  it('takes no serial that is unknown, or of another product or lot', async () => {
    for (const serial of ['nobody', other, `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`])
      expect(await get(`/01/${GTIN}/10/${LOT_NO}/21/${serial}`)).toMatchObject({
        status: 404,
        body: { verdict: 'unknown', lot: null },
      });
  });

  it('tells all links, or leads to one of them', async () => {
    const path = `/01/${GTIN}/10/${LOT_NO}/21/${code}`;
    const before = (await get(`/t/${code}`)).body.scans?.count ?? 0;
    for (const [query, headers] of [
      ['', LINKSET],
      ['?linkType=all', JSON_PAGE],
      ['?linkType=linkset', JSON_PAGE],
    ] as const) {
      const { status, headers: answered, body } = await get<Linkset>(`${path}${query}`, headers);
      expect([status, answered.get('content-type')]).toEqual([200, 'application/linkset+json']);
      expect(body.linkset[0].anchor).toBe(`${BASE}${path}`);
      expect(body.linkset[0][`${VOCABULARY}defaultLink`]?.[0]?.href).toBe(`${BASE}/t/${code}`);
      expect(body.linkset[0][`${VOCABULARY}certificationInfo`]).toBeUndefined();
    }
    const one = await get(`${path}?linkType=gs1:pip`);
    expect([one.status, one.headers.get('location')]).toEqual([307, `${BASE}/t/${code}`]);
    expect(one.headers.get('link')).toContain('rel="linkset"');
    for (const type of ['gs1:certificationInfo', 'gs1:nothing', 'x'])
      expect((await get(`${path}?linkType=${type}`)).status).toBe(404);
    // Only a look at the page counts.
    expect((await get(`/t/${code}`)).body.scans?.count).toBe(before + 1);
  });

  it('describes itself', async () => {
    expect(await get<object>('/.well-known/gs1resolver')).toMatchObject({
      status: 200,
      body: { resolverRoot: BASE, supportedPrimaryKeys: ['00', '01', '414', '417'], linkTypeDefaultCanBeLinkset: false },
    });
  });
});
