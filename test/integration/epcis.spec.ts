import type { Problem } from '#contracts';
import { ensurePartitions, uuidv7 } from '#platform';
import { EpcisVerifier } from '#trace';
import { insertOrder, insertShipment } from '../factories/produce.js';
import { mixed, traceCounty, type TraceCounty } from './trace.steps.js';

interface Event {
  type: string;
  eventID: string;
  action?: string;
  bizStep?: string;
  [member: string]: unknown;
}
interface Document {
  '@context': unknown[];
  type: string;
  schemaVersion: string;
  epcisBody: { eventList: Event[] };
}
interface QueryDocument {
  epcisBody: { queryResults: { resultsBody: { eventList: Event[] } } };
}

const capturable = (rest: object = {}) => ({
  type: 'ObjectEvent',
  eventTime: '2026-11-05T10:00:00+08:00',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'storing',
  quantityList: [{ epcClass: 'https://id.gs1.org/01/06901234567892/10/CAPTURED' }],
  ...rest,
});
const asDocument = (eventList: object[]) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { ex: 'https://example.org/terms/' }],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-11-05T10:00:00Z',
  epcisBody: { eventList },
});

describe('the log of business steps', () => {
  let county: TraceCounty;
  beforeAll(async () => {
    county = await traceCounty();
  });
  afterAll(() => county.close());

  const life = async (lotId: string, query = '') =>
    (await county.app.get<Document>(`/api/lots/${lotId}/epcis${query}`, county.tokens.town)).body;
  const eventsOf = async (lotId: string) => (await life(lotId)).epcisBody.eventList;
  const find = async (query: Record<string, string>, token = county.tokens.county) =>
    (await county.app.get<QueryDocument>(`/epcis/events?${new URLSearchParams(query).toString()}`, token)).body.epcisBody
      .queryResults.resultsBody.eventList;
  const capture = (body: object, token = county.tokens.county, headers = {}) =>
    county.app.post<Problem>('/epcis/capture', body, token, headers);
  const database = () => county.app.db.database;

  it('tells a lot from its harvest to its delivery, its sources included', async () => {
    const [one, two] = [await county.lot('LIFE-1'), await county.lot('LIFE-2')];
    const blend = await county.lot('LIFE-3', { product: 'own', madeOf: [one, two] });
    const testId = uuidv7();
    await database().query(
      `insert into upflow.lot_test (id, lot_id, item, result, tested_on, laboratory, report_id, created_by)
       values ($1, $2, '农药残留快检', 'pass', '2026-11-01', '县检测中心', $3, $1)`,
      [testId, one, uuidv7()],
    );
    const place = { countyCode: county.code, villageId: county.villageId };
    const order = await insertOrder(database(), {
      ...place,
      sellerId: county.producerId,
      channelOrderNo: 'L1',
      lots: [{ lotId: blend }],
    });
    const waybill = 'YT1234567890123';
    const shipmentId = await insertShipment(database(), {
      ...place,
      orderId: order.id,
      waybill,
      allocationIds: order.allocationIds,
    });
    await county.record(
      { at: '2026-11-01T08:00:00+08:00', step: { kind: 'harvested', lotId: one } },
      { at: '2026-11-01T09:00:00+08:00', step: { kind: 'harvested', lotId: two } },
      { at: '2026-11-01T10:00:00+08:00', step: { kind: 'tested', lotId: one, testId } },
      { at: '2026-11-02T08:00:00+08:00', step: mixed([one, two], blend) },
      {
        at: '2026-11-03T08:00:00+08:00',
        step: { kind: 'shipped', shipmentId, waybill, villageId: county.villageId, lots: [{ lotId: blend, quantityG: 2500 }] },
      },
    );
    const moved = (kind: string, hour: number) => ({
      eventId: uuidv7(),
      kind,
      occurredAt: `2026-11-03T${hour}:00:00+08:00`,
      unitId: county.villageId,
      stationId: null,
    });
    const steps = ['accepted', 'arrived_county', 'dispatched', 'note', 'delivered', 'picked_up'].map((kind, index) =>
      moved(kind, 10 + index),
    );
    await county.publish(
      {
        countyCode: county.code,
        topic: 'logistics.produce.moved',
        payload: { waybill, revision: 1, stage: 'delivered', stageAt: '2026-11-03T14:00:00+08:00', steps },
      },
      {
        countyCode: county.code,
        topic: 'trace.boxed',
        payload: {
          id: uuidv7(),
          action: 'pack',
          at: '2026-11-02T12:00:00+08:00',
          boxSerial: 7,
          sscc: '069012340000000011',
          unitSerials: [11, 12],
          lotIds: [blend],
        },
      },
    );
    const { status, headers, body } = await county.app.get<Document>(`/api/lots/${blend}/epcis`, county.tokens.town);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/ld+json');
    expect(body).toMatchObject({ type: 'EPCISDocument', schemaVersion: '2.0' });
    const told = body.epcisBody.eventList.map(({ type, action, bizStep }) => [type, action, bizStep].filter(Boolean).join(' '));
    expect([...told].sort()).toEqual(
      [
        'ObjectEvent ADD commissioning',
        'ObjectEvent ADD commissioning',
        'ObjectEvent OBSERVE inspecting',
        'TransformationEvent creating_class_instance',
        'ObjectEvent OBSERVE shipping',
        'AggregationEvent ADD packing',
        'ObjectEvent OBSERVE receiving',
        'ObjectEvent OBSERVE staging_outbound',
        'ObjectEvent OBSERVE departing',
        'AggregationEvent DELETE retail_selling',
      ].sort(),
    );
    const [harvest] = body.epcisBody.eventList;
    expect(harvest).toMatchObject({
      quantityList: [{ epcClass: 'https://id.gs1.org/01/06901234567892/10/LIFE-1', quantity: 100, uom: 'KGM' }],
      ilmd: { 'cbvmda:lotNumber': 'LIFE-1', 'cbvmda:harvestEndDate': '2026-11-01', 'xy:plot': '东坡三号' },
      readPoint: { id: expect.stringContaining(`/id/unit/${county.villages[0]}`) as string },
    });
    const mix = body.epcisBody.eventList.find(({ type }) => type === 'TransformationEvent');
    expect(mix?.['outputQuantityList']).toEqual([
      { epcClass: expect.stringContaining('/id/product/XY12345678/lot/LIFE-3') as string, quantity: 2, uom: 'KGM' },
    ]);
    expect((await eventsOf(one)).map(({ bizStep }) => bizStep)).toEqual([
      'commissioning',
      'inspecting',
      'creating_class_instance',
    ]);
    expect((await life(one, '?descendants=true')).epcisBody.eventList).toHaveLength(9);
  });

  it('writes a step once, however often it is told', async () => {
    const lot = await county.lot('ONCE');
    const stepId = uuidv7();
    const step = { stepId, step: { kind: 'harvested' as const, lotId: lot } };
    await county.record(step, step);
    await county.record(step);
    expect((await eventsOf(lot)).map(({ eventID }) => eventID)).toEqual([`urn:uuid:${stepId}`]);
  });

  it('is read within the unit and by the producer only', async () => {
    const lot = await county.lot('SCOPE', { villageId: county.foreignVillageId });
    await county.record({ step: { kind: 'harvested', lotId: lot } });
    const query = { MATCH_anyEPCClass: 'https://id.gs1.org/01/06901234567892/10/SCOPE' };
    expect(await find(query)).toHaveLength(1);
    expect(await find(query, county.tokens.admin)).toHaveLength(1);
    expect(await find(query, county.tokens.town)).toEqual([]);
    expect(await find(query, county.tokens.producer)).toEqual([]);
    expect((await county.app.get(`/api/lots/${lot}/epcis`, county.tokens.town)).status).toBe(404);
    expect((await county.app.get(`/api/lots/${lot}/epcis`)).status).toBe(401);
    expect((await county.app.get(`/api/lots/${uuidv7()}/epcis`, county.tokens.county)).status).toBe(404);
    expect((await county.app.get('/api/lots/none/epcis', county.tokens.county)).status).toBe(400);
    expect((await capture([capturable()], county.tokens.town)).status).toBe(403);
    expect((await capture([capturable()], county.tokens.admin)).body.code).toBe('epcis_county_needed');
  });

  describe('captures events of others', () => {
    it('once by their identity, and joins them to the lots that they name', async () => {
      const lot = await county.lot('CAPTURED');
      const eventID = `urn:uuid:${uuidv7()}`;
      const body = asDocument([capturable({ eventID, 'ex:shelf': 'A-3' })]);
      const first = await capture(body);
      expect(first.status).toBe(202);
      expect(first.headers.get('gs1-epcis-version')).toBe('2.0.0');
      const job = await county.app.get<object>(first.headers.get('location') ?? '', county.tokens.county);
      expect(job.body).toMatchObject({ running: false, success: true, errors: [], events: 1, added: 1 });
      const again = await capture(body, county.tokens.county, { 'content-type': 'application/ld+json' });
      expect(again.status).toBe(202);
      expect((await county.app.get<object>(again.headers.get('location') ?? '', county.tokens.county)).body).toMatchObject({
        added: 0,
      });
      expect((await eventsOf(lot)).filter((event) => event.eventID === eventID)).toHaveLength(1);
      const alone = await county.app.get<Event>(`/epcis/events/${encodeURIComponent(eventID)}`, county.tokens.county);
      expect(alone.body).toMatchObject({ 'ex:shelf': 'A-3' });
      expect(alone.body['@context']).toContainEqual({ ex: 'https://example.org/terms/' });
      expect(await capture([capturable({ eventID, bizStep: 'shipping' })])).toMatchObject({
        status: 409,
        body: { code: 'epcis_event_id_taken' },
      });
    });

    it('of many at a time in one chain', async () => {
      const shared = capturable({ eventID: `urn:uuid:${uuidv7()}`, bizStep: 'stocking' });
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          capture([shared, capturable({ bizStep: 'stocking', eventTime: `2026-09-${10 + index}T00:00:00Z` })]),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
      expect(await find({ EQ_bizStep: 'stocking', perPage: '200' })).toHaveLength(13);
      expect(await county.app.resolve(EpcisVerifier).verify(county.code)).toMatchObject({ firstBreak: null });
    });

    it('without an identity once by their content', async () => {
      const event = capturable({ bizStep: 'holding' });
      await capture(event);
      await capture([event]);
      const held = await find({ EQ_bizStep: 'holding' });
      expect(held.map(({ eventID }) => eventID)).toEqual([expect.stringMatching(/^ni:\/\/\/sha-256;[0-9a-f]{64}$/)]);
    });

    it.each([
      ['no event', []],
      ['an unknown type', [capturable({ type: 'ScanEvent' })]],
      ['no time', [capturable({ eventTime: undefined })]],
      ['an unknown step', [capturable({ bizStep: 'juggling' })]],
      ['nothing observed', [capturable({ quantityList: undefined })]],
      ['an identity that is no URI', [capturable({ eventID: 'seven' })]],
      ['an unknown member', [capturable({ shelf: 'A-3' })]],
      ['master data of an observation', [capturable({ ilmd: { 'cbvmda:lotNumber': '1' } })]],
      ['a NUL character', [capturable({ 'ex:note': 'a\u0000b' })]],
      ['a document of another kind', { ...asDocument([]), type: 'EPCISQueryDocument' }],
      ['a context that is none', [capturable({ '@context': [['nested']] })]],
      ['text', { hello: 'world' }],
    ])('refuses %s', async (_, body) => {
      expect((await capture(body)).status).toBe(400);
    });

    it('refuses what is no JSON at all', async () => {
      const ask = (type: string) =>
        county.app.send<Problem>('POST', '/epcis/capture', '{"type":', county.tokens.county, { 'content-type': type });
      expect((await ask('application/ld+json')).status).toBe(400);
      expect((await ask('application/xml')).status).toBe(415);
    });

    it('does not promise what it cannot do', async () => {
      const { status, body } = await capture([capturable()], county.tokens.county, { 'gs1-capture-error-behaviour': 'proceed' });
      expect([status, body.code]).toEqual([400, 'epcis_capture_behaviour']);
    });
  });

  describe('answers queries', () => {
    it('page by page', async () => {
      for (let day = 1; day <= 5; day += 1)
        await capture([capturable({ eventTime: `2026-10-0${day}T08:00:00Z`, bizStep: 'loading' })]);
      const first = await county.app.get<QueryDocument>('/epcis/events?EQ_bizStep=loading&perPage=2', county.tokens.county);
      const seen = first.body.epcisBody.queryResults.resultsBody.eventList;
      expect(seen).toHaveLength(2);
      let next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
      while (next) {
        const page = await county.app.get<QueryDocument>(next, county.tokens.county);
        seen.push(...page.body.epcisBody.queryResults.resultsBody.eventList);
        next = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
      }
      expect(new Set(seen.map(({ eventID }) => eventID)).size).toBe(5);
      expect(
        await find({ EQ_bizStep: 'loading', GE_eventTime: '2026-10-02T08:00:00Z', LT_eventTime: '2026-10-04T08:00:00Z' }),
      ).toHaveLength(2);
      expect(await find({ EQ_bizStep: 'loading|holding', eventType: 'ObjectEvent', EQ_action: 'OBSERVE' })).toHaveLength(6);
      expect(await find({ EQ_bizStep: 'loading', eventType: 'TransformationEvent' })).toEqual([]);
    });

    it('by what an event names', async () => {
      expect(await find({ MATCH_anyEPC: 'https://id.gs1.org/00/069012340000000011' })).toHaveLength(1);
      expect(await find({ MATCH_anyEPC: 'https://id.gs1.org/00/069012340000000028' })).toEqual([]);
      const [one] = await find({ MATCH_anyEPCClass: 'https://id.gs1.org/01/06901234567892/10/ONCE' });
      const { body } = await county.app.get<Event>(
        `/epcis/events/${encodeURIComponent(one?.eventID ?? '')}`,
        county.tokens.county,
      );
      expect(body).toMatchObject({ type: 'ObjectEvent', eventID: one?.eventID, '@context': expect.any(Array) as unknown });
    });

    it('by what the standard lists, and by any place or object', async () => {
      const get = <T>(path: string) => county.app.get<T>(`/epcis/${path}`, county.tokens.county);
      const members = async (name: string) => (await get<{ type: string; member: string[] }>(name)).body;
      expect(await members('eventTypes')).toMatchObject({
        type: 'Collection',
        member: expect.arrayContaining(['ObjectEvent']) as unknown,
      });
      expect((await members('bizSteps')).member).toEqual(expect.arrayContaining(['loading', 'retail_selling']));
      expect((await members('dispositions')).member).toContain('in_transit');
      expect((await members('bizSteps/loading')).member).toEqual(['events']);
      const page = await get<QueryDocument>('bizSteps/loading/events?perPage=2');
      expect(page.body.epcisBody.queryResults.resultsBody.eventList).toHaveLength(2);
      const next = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      expect(next).toMatch(/^\/epcis\/bizSteps\/loading\/events\?/);
      expect((await county.app.get<QueryDocument>(next, county.tokens.county)).status).toBe(200);
      const epc = encodeURIComponent('https://id.gs1.org/00/069012340000000011');
      const ofBox = await get<QueryDocument>(`epcs/${epc}/events`);
      expect(ofBox.body.epcisBody.queryResults.resultsBody.eventList).toHaveLength(1);
      for (const path of [
        'queries',
        'epcs',
        'bizSteps/dancing',
        'bizSteps/dancing/events',
        'nothing/x',
        'eventTypes/Party/events',
      ])
        expect([path, (await get(path)).status]).toEqual([path, 404]);
      expect((await get('epcs/%00/events')).status).toBe(400);
      expect((await county.app.get('/epcis/bizSteps')).status).toBe(401);
    });

    it.each(['EQ_unheardOf=1', 'perPage=0', 'GE_eventTime=yesterday', 'nextPageToken=here', 'eventType=Party', 'EQ_bizStep='])(
      'refuses ?%s',
      async (query) => {
        expect((await county.app.get(`/epcis/events?${query}`, county.tokens.county)).status).toBe(400);
      },
    );
  });

  it('is corrected by a declaration beside the event, which stays', async () => {
    const lot = await county.lot('WRONG');
    const stepId = uuidv7();
    await county.record({ stepId, step: { kind: 'harvested', lotId: lot } });
    const path = `/api/epcis/events/${encodeURIComponent(`urn:uuid:${stepId}`)}/error`;
    const declare = (body: object, token = county.tokens.county) => county.app.post<Problem & Event>(path, body, token);
    const first = await declare({ reason: 'did_not_occur' });
    expect(first).toMatchObject({
      status: 201,
      body: { eventID: `urn:uuid:${stepId}`, errorDeclaration: { reason: 'did_not_occur' } },
    });
    expect((await declare({ reason: 'did_not_occur' })).body['errorDeclaration']).toEqual(first.body['errorDeclaration']);
    expect(await declare({ reason: 'incorrect_data' })).toMatchObject({ status: 409, body: { code: 'epcis_already_declared' } });
    expect((await declare({ reason: 'did_not_occur' }, county.tokens.town)).status).toBe(403);
    expect(
      (await county.app.post('/api/epcis/events/urn:none/error', { reason: 'did_not_occur' }, county.tokens.county)).status,
    ).toBe(404);
    const [before, after, ...rest] = await eventsOf(lot);
    expect(rest).toEqual([]);
    expect(before?.['errorDeclaration']).toBeUndefined();
    expect(after).toMatchObject({ eventID: before?.eventID, errorDeclaration: { reason: 'did_not_occur' } });
  });

  describe('cannot be changed unseen', () => {
    const verify = (until?: { seq: number; head: string }) => county.app.resolve(EpcisVerifier).verify(county.code, until);
    const asSuperuser = async (statement: string, check: () => Promise<void>) => {
      const client = await database().pool.connect();
      try {
        await client.query('begin');
        await client.query(`set local session_replication_role = 'replica'`);
        await client.query(statement);
        await client.query('commit');
        await check();
      } finally {
        client.release();
      }
    };

    it('by UPDATE, DELETE or TRUNCATE, in any partition', async () => {
      await database().query(
        `insert into trace.epcis_event values ('999999', 1, '1999-01-15', 'urn:old', '1999-01-15', '', '{}', '', '')`,
      );
      for (const statement of [
        `update trace.epcis_event set biz_step = 'x' where county_code = '${county.code}' and seq = 1`,
        `delete from trace.epcis_event where county_code = '${county.code}' and seq = 1`,
        `delete from trace.epcis_event_default`,
        'truncate trace.epcis_event',
      ])
        await expect(database().query(statement)).rejects.toThrow(/append-only/);
      expect(await verify()).toMatchObject({ firstBreak: null });
      await ensurePartitions(database(), '1999-01', '1999-01');
      expect(await database().query('select seq from trace.epcis_event_1999_01')).toEqual([{ seq: 1 }]);
      await expect(database().query('delete from trace.epcis_event_1999_01')).rejects.toThrow(/append-only/);
    });

    it('by anyone who goes around the trigger', async () => {
      const sound = await verify();
      expect(sound).toMatchObject({ county: county.code, firstBreak: null });
      expect(sound.events).toBeGreaterThan(10);
      const at = (seq: number) => `where county_code = '${county.code}' and seq = ${seq}`;
      const last = sound.events;
      const cases: [string, string, { seq: number; kind: string }][] = [
        [
          `update trace.epcis_event set body = jsonb_set(body, '{bizStep}', '"shipping"') ${at(3)}`,
          `update trace.epcis_event e set body = b.body from before b where e.seq = b.seq and e.county_code = b.county_code and e.seq = 3`,
          { seq: 3, kind: 'changed' },
        ],
        [
          `update trace.epcis_event set event_time = event_time - interval '1 day' ${at(4)}`,
          `update trace.epcis_event e set event_time = b.event_time from before b where e.seq = b.seq and e.county_code = b.county_code and e.seq = 4`,
          { seq: 4, kind: 'changed' },
        ],
        [
          `delete from trace.epcis_event ${at(5)}`,
          `insert into trace.epcis_event select * from before ${at(5)}`,
          { seq: 5, kind: 'missing' },
        ],
        [
          `delete from trace.epcis_event ${at(last)}`,
          `insert into trace.epcis_event select * from before ${at(last)}`,
          { seq: last, kind: 'missing' },
        ],
        [
          `delete from trace.epcis_lot ${at(2)}`,
          `insert into trace.epcis_lot select * from lots_before ${at(2)}`,
          { seq: 2, kind: 'changed' },
        ],
        [
          `update trace.epcis_head set hash = '\\x00' where county_code = '${county.code}'`,
          `update trace.epcis_head set hash = (select hash from before ${at(last)}) where county_code = '${county.code}'`,
          { seq: last, kind: 'head_differs' },
        ],
        [
          `insert into trace.epcis_event select county_code, seq + 5, recorded_at, 'urn:x', event_time, biz_step, body, prev_hash, hash from trace.epcis_event ${at(last)}`,
          `delete from trace.epcis_event ${at(last + 5)}`,
          { seq: last + 5, kind: 'out_of_chain' },
        ],
      ];
      await database().query('create table before as table trace.epcis_event');
      await database().query('create table lots_before as table trace.epcis_lot');
      for (const [damage, repair, found] of cases) {
        await asSuperuser(damage, async () => expect((await verify()).firstBreak).toEqual(found));
        await asSuperuser(repair, async () => expect((await verify()).firstBreak).toBeNull());
      }
      await asSuperuser(
        `with gone as (delete from trace.epcis_event ${at(last)}), index as (delete from trace.epcis_lot ${at(last)})
         update trace.epcis_head set seq = ${last - 1}, hash = (select prev_hash from before ${at(last)}) where county_code = '${county.code}'`,
        async () => {
          expect((await verify()).firstBreak).toBeNull();
          expect((await verify({ seq: last, head: sound.head })).firstBreak).toEqual({ seq: last, kind: 'missing' });
        },
      );
    });
  });
});
