/** Proofs of hand-overs over HTTP: taken once, sealed, shown masked, and pictures only to those who were there. */
import { PROOF_MAX_BYTES, type ProofView, type RecordResult } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { JobQueues, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';
import { shownIn } from '../factories/sealed.row.js';

const MINUTE = 60_000;
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('the signature of 王小明')]);

let app: TestApplication;
let county: SmallCounty;

beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
  county = await smallCounty(app);
});
afterAll(async () => {
  await app.close();
});

let serial = 0;
const newWaybill = () => `YT${String(6_000_000_000_000 + (serial += 1))}`;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

async function handOut(who: UserKey, ...waybills: string[]): Promise<void> {
  const scans = waybills.flatMap((waybill) => [
    { id: uuidv7(), waybill, kind: 'shelved', occurredAt: ago(10 * MINUTE) },
    { id: uuidv7(), waybill, kind: 'picked_up', occurredAt: ago(MINUTE) },
  ]);
  expect((await app.post('/api/scans', { scans }, county.tokens[who])).status).toBe(200);
}
const picture = (content = JPEG, type = 'image/jpeg') => ({ type, base64: content.toString('base64') });
const proof = (waybills: string[], fields: object = {}) => ({
  id: uuidv7(),
  occurredAt: ago(MINUTE),
  waybills,
  kind: 'photo',
  picture: picture(),
  ...fields,
});
async function send(who: UserKey, ...records: object[]): Promise<RecordResult[]> {
  const { status, body } = await app.post<{ results: RecordResult[] }>('/api/proofs', { records }, county.tokens[who]);
  expect(status).toBe(200);
  return body.results;
}
const list = (who: UserKey, waybill: string) =>
  app.get<{ items: ProofView[] }>(`/api/proofs?waybill=${waybill}`, county.tokens[who]);
const fieldOf = ({ problem }: RecordResult) => problem?.errors?.map(({ path, code }) => `${path}: ${code}`);

describe('A proof', () => {
  it('is taken once: the same again is a duplicate, another under its id is refused', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const record = proof([waybill]);
    const both = await Promise.all([send('station', record), send('station', record)]);
    expect(both.map(([result]) => result?.outcome).sort()).toEqual(['accepted', 'duplicate']);
    const [again] = await send('station', { ...record, picture: picture(Buffer.concat([JPEG, JPEG])) });
    expect(again).toMatchObject({ id: record.id, outcome: 'rejected', problem: { code: 'record_id_reused' } });
    expect((await list('station', waybill)).body.items).toHaveLength(1);
  });

  it('is for several parcels of one person at once, names masked', async () => {
    const waybills = [newWaybill(), newWaybill()];
    await handOut('station', ...waybills);
    const record = proof(waybills, {
      kind: 'named_proxy',
      proxyName: '李大嫂',
      picture: undefined,
      note: '电话 13812345678 说过',
    });
    expect(await send('station', record)).toMatchObject([{ outcome: 'accepted' }]);
    for (const waybill of waybills)
      expect((await list('town', waybill)).body.items).toEqual([
        { id: record.id, kind: 'named_proxy', occurredAt: record.occurredAt, waybills, proxyName: '李**', hasPicture: false },
      ]);
    const [row] = await app.db.database.query<{ note: string }>('select * from logistics.proof where id = $1', [record.id]);
    expect(row?.note).toContain('说过');
    expect(shownIn(row, ['13812345678', '李大嫂'])).toEqual([]);
  });

  it('is refused for a parcel of another station', async () => {
    const [own, theirs] = [newWaybill(), newWaybill()];
    await handOut('station', own);
    await handOut('station2', theirs);
    const [refused] = await send('station', proof([own, theirs]));
    expect(refused).toMatchObject({ outcome: 'rejected', problem: { code: 'parcel_out_of_scope' } });
    expect((await list('county', theirs)).body.items).toEqual([]);
  });

  it('of a time that no calendar has is refused, and the next of the call is taken', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const [refused, kept] = await send('station', proof([waybill], { occurredAt: '0000-06-01T00:00:00Z' }), proof([waybill]));
    expect(refused).toMatchObject({ outcome: 'rejected', problem: { errors: [{ path: 'occurredAt', code: 'before_1970' }] } });
    expect(kept).toMatchObject({ outcome: 'accepted' });
  });

  it('is refused by itself when something is wrong with it, and the others of the call are taken', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const large = Buffer.concat([JPEG, Buffer.alloc(PROOF_MAX_BYTES)]).subarray(0, PROOF_MAX_BYTES + 1);
    const results = await send(
      'station',
      proof([waybill], { picture: undefined }),
      proof([waybill], { kind: 'named_proxy' }),
      proof([waybill], { picture: picture(Buffer.from('<svg onload="alert(1)"/>')) }),
      proof([waybill], { picture: picture(JPEG, 'image/png') }),
      proof([waybill], { picture: picture(large) }),
      proof([]),
      proof([waybill], { stationCode: county.stations.village4.code }),
      { ...proof([waybill]), id: 'x' },
      proof([waybill]),
    );
    expect(results.map(fieldOf)).toEqual([
      ['picture: picture_required'],
      ['proxyName: proxy_name_required'],
      ['picture.type: picture_type_differs'],
      ['picture.type: picture_type_differs'],
      ['picture.base64: picture_too_large'],
      ['waybills: too_small'],
      undefined,
      ['id: invalid_format'],
      undefined,
    ]);
    expect(results[6]?.problem?.code).toBe('station_out_of_scope');
    expect(results.at(-1)?.outcome).toBe('accepted');
    expect((await list('station', waybill)).body.items).toHaveLength(1);
  });

  it('comes in a batch of pictures up to four megabytes; a larger one is refused as that', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const large = Buffer.concat([JPEG, Buffer.alloc(PROOF_MAX_BYTES - JPEG.length)]);
    const records = Array.from({ length: 15 }, () => proof([waybill], { picture: picture(large) }));
    expect((await send('station', ...records)).every(({ outcome }) => outcome === 'accepted')).toBe(true);
    const answer = await app.post<{ code: string }>(
      '/api/proofs',
      { records: [...records, proof([waybill], { picture: picture(large) })] },
      county.tokens.station,
    );
    expect([answer.status, answer.body.code]).toEqual([413, 'payload_too_large']);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  it('is for those who may see the parcel', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    await send('station', proof([waybill]));
    const statuses = await Promise.all(
      (['station', 'town', 'county', 'admin', 'station2', 'town2', 'stranger', 'producer'] as const).map(
        async (who) => (await list(who, waybill)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 404, 404, 404, 403]);
    expect((await app.post('/api/proofs', { records: [proof([waybill])] }, county.tokens.producer)).status).toBe(403);
    expect((await list('station', 'nonsense%00')).status).toBe(404);
  });
});

describe("A proof's picture", () => {
  const get = (who: UserKey, id: string) => app.get<string>(`/api/proofs/${id}/picture`, county.tokens[who]);
  const looks = async (id: string) =>
    await app.db.database.query<{ actor: string }>(
      "select actor_id as actor from platform.audit where action = 'proof.unmasked' and subject = $1",
      [`proof:${id}`],
    );

  it("is sealed in the row and shown to the station's people and to those who may unmask, who are noted", async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const record = proof([waybill]);
    await send('station', record);
    const [row] = await app.db.database.query<{ picture: Buffer }>('select picture from logistics.proof where id = $1', [
      record.id,
    ]);
    expect(row?.picture.includes(record.picture.base64.slice(0, 20))).toBe(false);
    expect(await looks(record.id)).toEqual([]);
    const { status, headers, body } = await get('station', record.id);
    expect(status).toBe(200);
    expect(body).toContain('the signature of');
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('admin', record.id)).status).toBe(200);
    expect((await get('county', record.id)).status).toBe(403);
    expect((await get('town', record.id)).status).toBe(403);
    for (const who of ['station2', 'town2', 'stranger'] as const) expect((await get(who, record.id)).status).toBe(404);
    expect((await get('producer', record.id)).status).toBe(403);
    expect((await get('station', uuidv7())).status).toBe(404);
    expect((await get('station', 'x')).status).toBe(400);
    expect((await looks(record.id)).map(({ actor }) => actor)).toEqual([county.users.station.id, county.users.admin.id]);
  });

  it('is gone after the time that a county keeps it, with the name; that there was a proof stays, and a wrong clock ages nothing', async () => {
    const waybill = newWaybill();
    await handOut('station', waybill);
    const [old, young] = [proof([waybill], { proxyName: '李大嫂' }), proof([waybill])];
    const wrongClock = proof([waybill], { occurredAt: '2000-01-01T00:00:00Z' });
    await send('station', old, young, wrongClock);
    await app.db.database.query("update logistics.proof set occurred_at = occurred_at - interval '181 days' where id = $1", [
      old.id,
    ]);
    await app.db.database.query(
      "update logistics.station_record set received_at = received_at - interval '181 days' where id = $1",
      [old.id],
    );
    await app.resolve(JobQueues).add([{ name: 'logistics.recipients.purge', payload: {} }]);
    const end = Date.now() + 40_000;
    const views = async () => (await list('station', waybill)).body.items.map(({ id, hasPicture }) => [id, hasPicture]);
    while ((await views()).some(([id, hasPicture]) => id === old.id && hasPicture) && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await views()).toEqual([
      [young.id, true],
      [old.id, false],
      [wrongClock.id, true],
    ]);
    expect((await get('station', old.id)).status).toBe(404);
    expect((await list('station', waybill)).body.items[1]?.proxyName).toBeUndefined();
  });
});
