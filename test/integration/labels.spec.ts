import { get as request } from 'node:http';
import type { CodeView, Page, Problem } from '#contracts';
import { insertLot, insertProduct } from '../factories/produce.js';
import { cropped, readGs1Bars, readQr, renderPdf, type RenderedPage } from '../factories/rendered.pdf.js';
import { codeCounty, type CodeCounty } from './code.county.js';

/** Rare characters: of place names and of surnames, one beyond the basic plane. All are in the font of the labels. */
const RARE = '㘵䶮𠅤垚犇';
const MM = 72 / 25.4;
const A4 = { dpi: 200, columns: 3, perPage: 24, x: 9 * MM, y: 12.5 * MM, width: 64 * MM, height: 34 * MM };

describe('labels', () => {
  let county: CodeCounty;
  let rareLot: string;
  beforeAll(async () => {
    county = await codeCounty();
    rareLot = await lotNamed(`${RARE}红富士苹果 5斤装 一级大果 礼盒`);
  });
  afterAll(() => county.close());

  const lotNamed = async (name: string) => {
    const { database } = county.app.db;
    const [own] = await database.query<{ producer_id: string }>('select producer_id from upflow.lot where id = $1', [
      county.lots.gtin,
    ]);
    const producerId = own!.producer_id;
    const productId = await insertProduct(database, { producerId, name });
    const { countyCode, ids } = county.county;
    return insertLot(database, {
      countyCode,
      villageId: ids.village1,
      producerId,
      productId,
      lotNo: `20261101-苹果/${name.length}`,
    });
  };
  const pdf = async (batchId: string, query = ''): Promise<Uint8Array> => {
    const response = await fetch(`${county.app.baseUrl}/api/code-batches/${batchId}/labels.pdf${query}`, {
      headers: { authorization: `Bearer ${county.county.tokens.county}` },
    });
    if (response.status !== 200) throw new Error(await response.text());
    expect(response.headers.get('content-type')).toBe('application/pdf');
    return new Uint8Array(await response.arrayBuffer());
  };
  /** What each label of A4 sheets says, each label looked at alone. */
  const decodeSheets = async (pages: readonly RenderedPage[], count: number) => {
    const texts: string[] = [];
    for (let place = 0; place < count; place += 1) {
      const onPage = place % A4.perPage;
      const [x, y] = [A4.x + (onPage % A4.columns) * A4.width, A4.y + Math.floor(onPage / A4.columns) * A4.height];
      const found = await readQr(cropped(pages[Math.floor(place / A4.perPage)]!, [x, y, A4.width, A4.height]));
      texts.push(found.join('|'));
    }
    return texts;
  };

  it('on A4 sheets decode each to its own link, rare characters and all', async () => {
    const { batch, codes } = await county.made(rareLot, { count: 50 });
    const pages = await renderPdf(await pdf(batch.id), A4.dpi);
    expect(pages).toHaveLength(3);
    expect([pages[0]!.widthPt / MM, pages[0]!.heightPt / MM].map(Math.round)).toEqual([210, 297]);
    expect(await decodeSheets(pages, 50)).toEqual(codes.map(({ url }) => url));
    const text = pages[0]!.text.replace(/\s/g, '');
    for (const words of [
      ...RARE,
      '红富士苹果',
      '产地：示范县东镇东一村',
      '生产者：东山果业合作社',
      '采收：2026-11-01',
      '扫码查真伪',
    ])
      expect(text).toContain(words);
    for (const { code } of codes.slice(0, 24)) expect(text).toContain(code);
  });

  it('show their rare characters in ink, not as blanks', async () => {
    const inkOf = async (name: string) => {
      const { batch } = await county.made(await lotNamed(name), { count: 1 });
      const [page] = await renderPdf(await pdf(batch.id, '?form=thermal'), 203);
      const { data } = cropped(page!, [1.6 * MM, 0.9 * MM, 36 * MM, 3.6 * MM]);
      return data.reduce((sum, value, index) => (index % 4 === 0 && value < 128 ? sum + 1 : sum), 0);
    };
    const without = await inkOf('苹果');
    for (const character of RARE) expect(await inkOf(`苹果${character}`)).toBeGreaterThan(without + 40);
  });

  it('for a thermal printer are one a page, decode at its resolution, and bear the SSCC of a box', async () => {
    const { batch, codes } = await county.made(county.lots.gtin, { level: 'box', count: 6, form: 'gs1' });
    const pages = await renderPdf(await pdf(batch.id, '?form=thermal'), 203);
    expect(pages).toHaveLength(6);
    expect([pages[0]!.widthPt / MM, pages[0]!.heightPt / MM].map(Math.round)).toEqual([40, 30]);
    for (const [index, page] of pages.entries()) {
      expect(await readQr(cropped(page, [0, 0, page.widthPt, page.heightPt]))).toEqual([codes[index]!.url]);
      expect(page.text.replace(/\s/g, '')).toContain(`SSCC(00)${codes[index]!.sscc}`);
    }
    const short = await county.made(rareLot, { count: 3 });
    for (const [index, page] of (await renderPdf(await pdf(short.batch.id, '?form=thermal'), 203)).entries())
      expect(await readQr(cropped(page, [0, 0, page.widthPt, page.heightPt]))).toEqual([short.codes[index]!.url]);
  });

  it('of boxes on A4 bear the SSCC in bars too, each decoded to its own', async () => {
    const { batch, codes } = await county.made(county.lots.gtin, { level: 'box', count: 12, form: 'gs1' });
    const pages = await renderPdf(await pdf(batch.id), A4.dpi);
    expect(pages).toHaveLength(2);
    const [width, height] = [99 * MM, 57 * MM];
    for (const [index, { url, sscc }] of codes.entries()) {
      const onPage = index % 10;
      const at = [6 * MM + (onPage % 2) * width, 6 * MM + Math.floor(onPage / 2) * height, width, height] as const;
      const label = cropped(pages[Math.floor(index / 10)]!, at);
      expect([await readQr(label), await readGs1Bars(label)]).toEqual([[url], [`(00)${sscc}`]]);
    }
    expect(pages[0]!.text.replace(/\s/g, '')).toContain(`SSCC(00)${codes[0]!.sscc}`);
  });

  it('never name a household in full', async () => {
    const { batch } = await county.made(county.lots.household, { count: 1 });
    const [page] = await renderPdf(await pdf(batch.id), A4.dpi);
    expect(page!.text).toContain('王*');
  });

  it('are printed in portions that join without a gap, void ones left out', async () => {
    const { batch, codes } = await county.made(county.lots.plain, { count: 60 });
    await county.post('/api/codes/void', { codes: [codes[20]!.code], reason: '印坏' });
    const first = await renderPdf(await pdf(batch.id, '?limit=30'), A4.dpi);
    const second = await renderPdf(await pdf(batch.id, '?from=30&limit=100'), A4.dpi);
    const urls = [...(await decodeSheets(first, 29)), ...(await decodeSheets(second, 30))];
    expect(urls).toEqual(codes.filter((_, index) => index !== 20).map(({ url }) => url));
    expect(await county.get(`/api/code-batches/${batch.id}/labels.pdf?from=60`)).toMatchObject({
      status: 409,
      body: { code: 'labels_none' },
    });
    expect((await county.get(`/api/code-batches/${batch.id}/labels.pdf?limit=20001`)).status).toBe(400);
  });

  it('are refused with the characters that the font lacks', async () => {
    const { batch } = await county.made(await lotNamed('𠮷家苹果'), { count: 1 });
    const answer = await county.get<Problem>(`/api/code-batches/${batch.id}/labels.pdf`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'label_glyph_missing' } });
    expect(answer.body.detail ?? answer.body.title).toContain('𠮷');
  });

  it('are there for those alone who may see the lot, and not before all codes are made', async () => {
    const { batch } = await county.made(county.lots.household, { count: 1 });
    for (const token of [county.county.tokens.stranger, county.county.tokens.producer])
      expect((await county.get(`/api/code-batches/${batch.id}/labels.pdf`, token)).status).toBe(404);
    const waiting = await county.order(county.lots.plain, { count: 200_000 });
    await county.post(`/api/code-batches/${waiting.id}/pause`, {});
    expect(await county.get(`/api/code-batches/${waiting.id}/labels.pdf`)).toMatchObject({
      status: 409,
      body: { code: 'code_batch_not_ready' },
    });
  });

  it('of many requests at once all come, and a client that leaves holds nobody up', async () => {
    const { batch } = await county.made(county.lots.plain, { count: 4000 });
    const path = `${county.app.baseUrl}/api/code-batches/${batch.id}/labels.pdf`;
    const headers = { authorization: `Bearer ${county.county.tokens.county}` };
    const leave = () =>
      new Promise<void>((resolve, reject) => {
        const call = request(path, { headers }, (response) => {
          response.once('data', () => {
            response.destroy();
            resolve();
          });
        });
        call.once('error', reject);
      });
    for (let round = 0; round < 6; round += 1) await leave();
    const files = await Promise.all(Array.from({ length: 5 }, () => pdf(batch.id, '?limit=48')));
    for (const file of files) expect(await renderPdf(file, 72)).toHaveLength(2);
  });

  it('are the same codes that the list shows', async () => {
    const { batch, codes } = await county.made(county.lots.gtin, { count: 1 });
    const list = await county.get<Page<CodeView>>(`/api/codes?batch=${batch.id}`);
    const [page] = await renderPdf(await pdf(batch.id, '?form=thermal'), 203);
    expect(await readQr(cropped(page!, [0, 0, page!.widthPt, page!.heightPt]))).toEqual([list.body.items[0]!.url]);
    expect(page!.text.replace(/\s/g, '')).toContain(codes[0]!.code);
  });
});
