import { addDays, dayOf, type CertificateView, type LotCertificate, type Page } from '#contracts';
import { SecretBox, uuidv7 } from '#platform';
import { insertLot, insertLotPart, insertProducer, insertProduct } from '../factories/produce.js';
import { cropped, readQr, renderPdf } from '../factories/rendered.pdf.js';
import { shownIn } from '../factories/sealed.row.js';
import { codeCounty, type CodeCounty } from './code.county.js';

const PHONE = '13812345678';

describe('certificates', () => {
  let trace: CodeCounty;
  let producerId = '';
  beforeAll(async () => {
    trace = await codeCounty();
    const [lot] = await query<{ producerId: string }>('select producer_id as "producerId" from upflow.lot where id = $1', [
      trace.lots.plain,
    ]);
    producerId = lot!.producerId;
    await withPhone(producerId);
  });
  afterAll(() => trace.close());

  const query = <T>(text: string, params: unknown[]) => trace.app.db.database.query<T>(text, params);
  const withPhone = (id: string) =>
    query('update upflow.producer set contact_phone = $2 where id = $1', [id, trace.app.resolve(SecretBox).encrypt(PHONE)]);
  const issue = (lotId: string, rest: object = {}, token?: string) =>
    trace.post<CertificateView>(`/api/lots/${lotId}/certificate`, { id: uuidv7(), ...rest }, token);
  const collect = (certificate: string, rest: object = {}, token = trace.county.tokens.station) =>
    trace.post<CertificateView>('/api/certificates/collect', { id: uuidv7(), certificate, ...rest }, token);
  const addTest = (lotId: string, result: string, testedOn = '2026-11-02') =>
    query(
      `insert into upflow.lot_test (id, lot_id, item, result, tested_on, created_by) values ($1, $2, '农药残留快检', $3, $4, $1)`,
      [uuidv7(), lotId, result, testedOn],
    );
  let lotNumber = 0;
  async function freshLot(
    rest: { categoryCode?: string; villageId?: string; origin?: 'mix'; producerId?: string } = {},
  ): Promise<string> {
    const { database } = trace.app.db;
    const place = { countyCode: trace.county.countyCode, villageId: rest.villageId ?? trace.county.ids.village1 };
    const owner = rest.producerId ?? producerId;
    const productId = await insertProduct(database, {
      producerId: owner,
      ...(rest.categoryCode ? { categoryCode: rest.categoryCode } : {}),
    });
    const lotNo = `C${(lotNumber += 1)}`;
    return insertLot(database, {
      ...place,
      producerId: owner,
      productId,
      lotNo,
      ...(rest.origin ? { origin: rest.origin } : {}),
    });
  }

  it('are issued with every field, numbered, and the same again when sent again', async () => {
    const lotId = await freshLot();
    await addTest(lotId, 'pass');
    const input = { id: uuidv7() };
    const first = await issue(lotId, input, trace.county.tokens.producer);
    expect(first.status).toBe(201);
    const { body } = first;
    const today = dayOf(new Date());
    expect(body).toMatchObject({
      lotId,
      contact: '138******78',
      supersededBy: null,
      url: `https://su.example.cn/c/${body.number}`,
      content: {
        productName: '红富士苹果',
        quantityG: 100_000,
        origin: '示范县东镇东一村村委会 东坡三号',
        producer: '东山果业合作社',
        basis: ['self_inspection'],
        issuedOn: today,
      },
    });
    expect(body.number).toMatch(new RegExp(`^990101${today.slice(2).replaceAll('-', '')}\\d{6}$`));
    expect(body.keepUntil > addDays(today, 180)).toBe(true);
    await query('update upflow.lot set stock_g = 1 where id = $1', [lotId]);
    expect((await issue(lotId, input)).body).toEqual(body);
    expect(await issue(lotId, { ...input, quantityG: 5 })).toMatchObject({ status: 409, body: { code: 'certificate_id_taken' } });
    expect(await issue(await freshLot(), input)).toMatchObject({ status: 409, body: { code: 'certificate_id_taken' } });
  });

  it('keep the telephone sealed in the row', async () => {
    const { body } = await issue(await freshLot());
    const [row] = await query<{ contact: Buffer }>('select * from trace.certificate where id = $1', [body.id]);
    expect(row?.contact.length).toBeGreaterThan(PHONE.length);
    expect(shownIn(row, [PHONE, PHONE.slice(-8)])).toEqual([]);
  });

  it('are refused with the fields that are missing', async () => {
    const { database } = trace.app.db;
    const silent = await insertProducer(database, { countyCode: trace.county.countyCode, villageId: trace.county.ids.village1 });
    const lotId = await freshLot({ producerId: silent });
    await query('update upflow.lot set plot_name = null where id = $1', [lotId]);
    const refused = await issue(lotId, { quantityG: 100_001, basis: ['inspection_entrusted'] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'certificate_incomplete' } });
    expect(refused.body.errors?.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'plot certificate_field_missing',
      'contactPhone certificate_field_missing',
      'quantityG beyond_stock',
      'basis test_missing',
    ]);
    expect(refused.body.errors?.[1]?.message).toBe('必须填写');
    await query(`update upflow.lot set plot_name = '西坡' where id = $1`, [lotId]);
    expect((await issue(lotId, { contactPhone: PHONE })).status).toBe(201);
  });

  it('are refused after a failed test, until it is passed', async () => {
    const lotId = await freshLot();
    await addTest(lotId, 'fail');
    expect((await issue(lotId)).body.errors?.[0]).toMatchObject({ path: 'tests', code: 'test_not_passed' });
    await addTest(lotId, 'pass', '2026-11-04');
    expect((await issue(lotId)).body.content.basis).toEqual(['self_inspection']);
  });

  it('are for the produce that the law names', async () => {
    expect(await issue(await freshLot({ categoryCode: '0101' }))).toMatchObject({
      status: 422,
      body: { code: 'certificate_not_covered' },
    });
  });

  it('supersede one another and are all kept', async () => {
    const lotId = await freshLot();
    const former = (await issue(lotId)).body;
    const latest = (await issue(lotId, { quantityG: 40_000 })).body;
    const { body } = await trace.get<LotCertificate>(`/api/lots/${lotId}/certificate`);
    expect(body.id).toBe(latest.id);
    expect(body.history.map(({ id, supersededBy }) => [id, supersededBy])).toEqual([
      [latest.id, null],
      [former.id, latest.id],
    ]);
    expect(await collect(former.number)).toMatchObject({ status: 409, body: { code: 'certificate_superseded' } });
  });

  it('are needed anew after mixing, and not for a mixture with a failed part', async () => {
    const [one, two] = [await freshLot(), await freshLot()];
    await issue(one);
    const mixed = await freshLot({ origin: 'mix' });
    for (const parentId of [one, two]) await insertLotPart(trace.app.db.database, { parentId, childId: mixed });
    expect((await trace.get(`/api/lots/${mixed}/certificate`)).status).toBe(404);
    expect((await issue(mixed)).body.content.origin).toBe('示范县东镇东一村村委会');
    await addTest(two, 'fail');
    expect((await issue(mixed)).body.errors?.[0]).toMatchObject({ code: 'test_not_passed' });
  });

  it('get one number each when they are issued at the same time', async () => {
    const lots = await Promise.all(Array.from({ length: 12 }, () => freshLot()));
    const answers = await Promise.all(lots.map((lotId) => issue(lotId)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.number}`)).size).toBe(12);
    const again = { id: uuidv7() };
    const same = await Promise.all(Array.from({ length: 6 }, () => issue(lots[0]!, again)));
    expect(new Set(same.map(({ body }) => body.number)).size).toBe(1);
  });

  it('stay with who acts for the producer', async () => {
    const lotId = await freshLot();
    const { tokens } = trace.county;
    expect((await issue(lotId, {}, tokens.town2)).status).toBe(404);
    expect((await issue(trace.lots.household, {}, tokens.producer)).status).toBe(404);
    const { body } = await issue(lotId, {}, tokens.station);
    for (const path of [`/api/certificates/${body.id}`, `/api/lots/${lotId}/certificate`, `/api/certificates/${body.id}/print`])
      expect((await trace.get(path, tokens.town2)).status).toBe(404);
    expect((await trace.get('/api/certificates/not-an-id')).status).toBe(400);
    expect((await trace.app.get('/api/certificates')).status).toBe(401);
  });

  it('are listed newest first, below a unit, page by page, and as a table', async () => {
    const { codes, tokens } = trace.county;
    const list = async (search: string, token?: string) =>
      (await trace.get<Page<CertificateView>>(`/api/certificates?${search}`, token)).body;
    const all = await list(`unit=${codes.town1}&limit=200`);
    const first = await list('limit=3');
    const rest = await list(`limit=200&cursor=${first.nextCursor ?? ''}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(all.items.map(({ id }) => id));
    expect(all.items.length).toBeGreaterThan(10);
    expect((await list('', tokens.town2)).items).toEqual([]);
    expect((await list('limit=200', tokens.producer)).items.length).toBeLessThan(all.items.length);
    expect((await trace.get(`/api/certificates?unit=${codes.town1}`, tokens.town2)).status).toBe(403);
    expect((await trace.get('/api/certificates?cursor=x')).status).toBe(400);
    const table = await trace.app.get<string>('/api/certificates', tokens.county, { accept: 'text/csv' });
    expect(table.body.trim().split('\n')).toHaveLength(all.items.length + 1);
    expect(table.body).toContain('承诺主体');
  });

  describe('print', () => {
    it('as one page with a household in full, on record', async () => {
      const { database } = trace.app.db;
      const { county } = trace;
      const farmer = await insertProducer(database, {
        countyCode: county.countyCode,
        villageId: county.ids.village1,
        kind: 'household',
        name: '欧***',
      });
      const secrets = trace.app.resolve(SecretBox);
      await query('update upflow.producer set full_name = $2 where id = $1', [farmer, secrets.encrypt('欧阳修文')]);
      const { body } = await issue(await freshLot({ producerId: farmer }), { contactPhone: PHONE });
      expect(JSON.stringify(body)).not.toMatch(/欧阳|13812345678/);
      const answer = await fetch(`${trace.app.baseUrl}/api/certificates/${body.id}/print`, {
        headers: { authorization: `Bearer ${county.tokens.station}` },
      });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      const pages = await renderPdf(new Uint8Array(await answer.arrayBuffer()), 200);
      expect(pages.map(({ widthPt, heightPt }) => [Math.round(widthPt / 2.835), Math.round(heightPt / 2.835)])).toEqual([
        [100, 70],
      ]);
      const text = pages[0]!.text.replace(/\s/g, '');
      for (const field of [
        '承诺达标合格证',
        '红富士苹果',
        '100千克',
        '示范县东镇东一村村委会东坡三号',
        '欧阳修文',
        PHONE,
        '自我承诺',
      ])
        expect(text).toContain(field);
      const { widthPt, heightPt } = pages[0]!;
      expect(await readQr(cropped(pages[0]!, [0, 0, widthPt, heightPt]))).toEqual([body.url]);
      const [record] = await query<{ actorId: string }>(
        `select actor_id as "actorId" from platform.audit where action = 'certificate.printed' and subject = $1`,
        [`certificate:${body.id}`],
      );
      expect(record?.actorId).toBe(county.users.station.id);
    });
  });

  describe('collected', () => {
    it('by a keeper who scans the link, once', async () => {
      const { body } = await issue(await freshLot());
      const input = { id: uuidv7(), quantityG: 60_000 };
      const first = await collect(body.url, input);
      expect(first).toMatchObject({
        status: 201,
        body: { id: body.id, collections: [{ id: input.id, station: { code: 'S-V1' }, buyer: null, quantityG: 60_000 }] },
      });
      expect((await collect(body.number, input)).body).toEqual(first.body);
      expect(await collect(body.number, { ...input, quantityG: 1 })).toMatchObject({
        status: 409,
        body: { code: 'collection_id_taken' },
      });
      expect(await collect(body.number, { quantityG: 50_000 })).toMatchObject({
        status: 409,
        body: { code: 'certificate_used_up', detail: expect.stringContaining('40') },
      });
    });

    it('by a cooperative, from another town too', async () => {
      const { body } = await issue(await freshLot());
      const answer = await collect(body.number, {}, trace.county.tokens.producer);
      expect(answer.body.collections).toMatchObject([{ buyer: { id: producerId, name: '东山果业合作社' }, station: null }]);
      expect((await collect(body.number, {}, trace.county.tokens.station2)).status).toBe(201);
    });

    it('never twice at the same time beyond the quantity', async () => {
      const { body } = await issue(await freshLot());
      const answers = await Promise.all(Array.from({ length: 8 }, () => collect(body.number, { quantityG: 30_000 })));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    });

    it('not when it is unknown, recalled, or somebody else says so', async () => {
      const { county } = trace;
      expect(await collect('990101261123000010')).toMatchObject({ status: 404, body: { code: 'certificate_unknown' } });
      expect((await collect('\u0000; drop table')).status).toBe(404);
      const lotId = await freshLot();
      const { body } = await issue(lotId);
      expect((await collect(body.number, { stationCode: 'S-V4' })).status).toBe(403);
      expect((await collect(body.number, { stationCode: 'nowhere' })).body.errors?.[0]?.code).toBe('station_unknown');
      expect((await collect(body.number, {}, county.tokens.county2)).body.errors?.[0]?.code).toBe('collector_missing');
      expect((await collect(body.number, { collectedAt: '2030-01-01T00:00:00Z' })).status).toBe(400);
      const recallId = uuidv7();
      await query(
        `insert into trace.recall (id, county_code, lot_id, reason, started_by, started_at) values ($1, '990101', $2, '农残超标', $1, now())`,
        [recallId, lotId],
      );
      await query('insert into trace.recall_lot (recall_id, lot_id) values ($1, $2)', [recallId, lotId]);
      expect(await collect(body.number)).toMatchObject({ status: 409, body: { code: 'certificate_recalled' } });
      expect((await issue(lotId)).body.errors?.[0]?.code).toBe('lot_recalled');
    });
  });
});
