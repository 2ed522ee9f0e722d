import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  periodOf,
  type Coverage,
  type CoverageEvidenceRow,
  type Me,
  type Page,
  type ParcelView,
  type ScanResult,
} from '#contracts';
import { uuidv7 } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ApiClient, until } from './api.client.js';

/** From a scan's answer to the county's number. */
const PATIENCE_MS = 60_000;
const PERIOD = periodOf(new Date());

describe('a parcel scanned in a village', () => {
  let app: Standalone;
  let keeper: ApiClient;
  let officer: ApiClient;
  let me: Me;
  const run = String(Date.now()).slice(-9);
  const waybills = Array.from({ length: 10 }, (_, index) => `SF${run}${String(index).padStart(4, '0')}`);

  const coverage = async (unit: string) =>
    (await officer.get<Coverage>(`${app.baseUrl}/api/coverage?unit=${unit}&period=${PERIOD}`)).body;
  const inbound = async (unit: string) => (await coverage(unit)).metrics.inbound_parcels?.numerator ?? 0;
  const scan = <T extends object>(fields: T) => ({
    id: uuidv7(),
    kind: 'arrived_village',
    occurredAt: new Date().toISOString(),
    ...fields,
  });

  beforeAll(async () => {
    app = await startStandalone();
    keeper = await ApiClient.signIn(app.baseUrl, 'station');
    officer = await ApiClient.signIn(app.baseUrl, 'county');
    me = (await keeper.get<Me>(`${app.baseUrl}/api/auth/me`)).body;
  });
  afterAll(async () => {
    await app.stop();
  });

  it('moves the numbers of its village, town and county soon, and says so', async () => {
    const units = [me.unit.code, me.unit.code.slice(0, 9), me.unit.code.slice(0, 6)];
    const before = await Promise.all(units.map(inbound));
    const stream = await officer.events(`${app.baseUrl}/api/coverage/stream?unit=${units[2]}`);
    const scans = waybills.map((waybill) => scan({ waybill }));
    const answer = await keeper.post<{ results: ScanResult[] }>(`${app.baseUrl}/api/scans`, { deviceId: 'e2e', scans });
    expect(answer.body.results.map((result) => result.outcome)).toEqual(scans.map(() => 'accepted'));
    const answeredAt = Date.now();
    expect(await stream.next()).toMatchObject({ countyCode: units[2], periods: [PERIOD] });
    const [village = 0, ...above] = before;
    const after = await until(
      () => Promise.all(units.map(inbound)),
      ([now = 0]) => now >= village + waybills.length,
      PATIENCE_MS,
    );
    process.stdout.write(`scan to figures in ${Date.now() - answeredAt} ms\n`);
    expect(after).toEqual([village, ...above].map((count) => count + waybills.length));
    stream.close();
  });

  it('stands behind the village’s number, and opens to its own timeline', async () => {
    const path = `/api/coverage/inbound_parcels/evidence?unit=${me.unit.code}&period=${PERIOD}&limit=200`;
    const rows: CoverageEvidenceRow[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await officer.get<Page<CoverageEvidenceRow>>(
        `${app.baseUrl}${path}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      rows.push(...body.items);
      cursor = body.nextCursor ?? null;
    }
    const found = rows.flatMap((row) => ('waybill' in row ? [row.waybill] : []));
    expect(found).toEqual(expect.arrayContaining(waybills));
    const parcel = (await officer.get<ParcelView>(`${app.baseUrl}/api/parcels/${waybills[0]}`)).body;
    expect(parcel.timeline.map((event) => event.kind)).toEqual(['arrived_village']);
  });

  it('counts once, however often its scan is sent', async () => {
    const again = scan({ waybill: `${waybills[0]}X` });
    const send = async () =>
      (await keeper.post<{ results: ScanResult[] }>(`${app.baseUrl}/api/scans`, { scans: [again] })).body.results[0]?.outcome;
    expect([await send(), await send(), await send()]).toEqual(['accepted', 'duplicate', 'duplicate']);
    const parcel = (await keeper.get<ParcelView>(`${app.baseUrl}/api/parcels/${again.waybill}`)).body;
    expect(parcel.timeline).toHaveLength(1);
  });

  it('is not sunk by a bad scan in its batch', async () => {
    const scans = [
      scan({ waybill: '!' }),
      scan({ waybill: `${waybills[1]}X` }),
      { nonsense: true },
      scan({ waybill: `${waybills[2]}X`, stationCode: 'nowhere' }),
    ];
    const answer = await keeper.post<{ results: ScanResult[] }>(`${app.baseUrl}/api/scans`, { scans });
    expect(answer.status).toBe(200);
    expect(answer.body.results.map((result) => result.outcome)).toEqual(['rejected', 'accepted', 'rejected', 'rejected']);
  });

  it('may be known from a carrier’s push alone', async () => {
    const recorded = JSON.parse(readFileSync('test/fixtures/ok/logistics.kuaidi100-delivered.json', 'utf8')) as {
      form: { param: string };
      expected: { waybill: string };
    };
    const { param } = recorded.form;
    // No salt is configured here, and an empty salt still signs.
    const form = { param, sign: createHash('md5').update(param).digest('hex').toUpperCase() };
    const push = (fields: Record<string, string>) =>
      officer.post<{ result: boolean }>(
        `${app.baseUrl}/api/carriers/kuaidi100/push?county=${me.unit.code.slice(0, 6)}`,
        new URLSearchParams(fields),
      );
    expect((await push({ ...form, sign: 'WRONG' })).body).not.toMatchObject({ result: true });
    expect((await push(form)).body).toMatchObject({ result: true });
    const parcel = await until(
      async () => (await officer.get<ParcelView>(`${app.baseUrl}/api/parcels/${recorded.expected.waybill}`)).body,
      (view) => view.timeline !== undefined,
      PATIENCE_MS,
    );
    expect(parcel.timeline.length).toBeGreaterThan(0);
    expect(parcel.timeline.every((event) => event.source === 'kuaidi100')).toBe(true);
  });
});
