/** Notices to recipients over HTTP, against a gateway that is a small server of its own. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NoticeAnswer, NoticeView, Page } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { Clock, JobQueues, uuidv7 } from '#platform';
import { signatureOf } from '../../libs/logistics/src/notice/webhook.signature.js';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

const SECRET = 'a secret between us and the gateway';
const WAIT_MS = 40_000;
const MINUTE = 60_000;

interface Message {
  headers: IncomingHttpHeaders;
  raw: string;
  body: { id: string; phone: string; text: string; waybillTail: string; stationCode: string };
}

/** A gateway that keeps what it is sent and answers as told. */
class Gateway {
  readonly messages: Message[] = [];
  answer: () => { status: number; body?: string } = () => ({ status: 200, body: '{"ref":"m-1"}' });
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        this.messages.push({ headers: request.headers, raw, body: JSON.parse(raw) as Message['body'] });
        const { status, body = '' } = this.answer();
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sms`;
  }

  about(tail: string): Message[] {
    return this.messages.filter(({ body }) => body.waybillTail === tail);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

const gateway = new Gateway();
let app: TestApplication;
let county: SmallCounty;
let clockOffsetMs = 0;

beforeAll(async () => {
  const SMS_WEBHOOK_URL = await gateway.start();
  app = await testApp({
    modules: [DirectoryModule, LogisticsModule],
    services: ['directory', 'logistics'],
    config: { SMS_WEBHOOK_URL, SMS_WEBHOOK_SECRET: SECRET },
  });
  app.resolve(Clock).now = () => new Date(Date.now() + clockOffsetMs);
  county = await smallCounty(app);
});
afterAll(async () => {
  await app.close();
  await gateway.stop();
});
beforeEach(() => {
  clockOffsetMs = 0;
  gateway.answer = () => ({ status: 200, body: '{"ref":"m-1"}' });
});

let serial = 0;
const newWaybill = () => `YT${String(5_000_000_000_000 + (serial += 1))}`;
const tail = (waybill: string) => waybill.slice(-4);
const now = () => app.resolve(Clock).now();

async function shelve(waybill: string, who: UserKey = 'station', shelfCode = '1-1'): Promise<string> {
  const scan = { id: uuidv7(), waybill, kind: 'shelved', carrierCode: 'YTO', shelfCode, occurredAt: now().toISOString() };
  const { body } = await app.post<{ results: { outcome: string }[] }>('/api/scans', { scans: [scan] }, county.tokens[who]);
  expect(body.results).toMatchObject([{ outcome: 'accepted' }]);
  return scan.id;
}

async function know(waybill: string, phone = '13812345678', fields: object = {}): Promise<void> {
  const record = { id: uuidv7(), waybill, name: '张三丰', phone, occurredAt: now().toISOString(), ...fields };
  const { body } = await app.post<{ results: object[] }>('/api/recipients', { records: [record] }, county.tokens.county);
  expect(body.results).toMatchObject([{ outcome: 'accepted' }]);
}

async function setNoticeOnShelving(noticeOnShelving: boolean): Promise<void> {
  const path = `/api/parameters/${county.countyCode}`;
  const { status } = await app.send('PUT', path, { noticeOnShelving }, county.tokens.county);
  expect(status).toBe(200);
}

async function ask(who: UserKey, waybills: string[], stationCode?: string) {
  return await app.post<NoticeAnswer & { code?: string }>('/api/notices', { waybills, stationCode }, county.tokens[who]);
}

async function log(who: UserKey, query = ''): Promise<NoticeView[]> {
  const { status, body } = await app.get<Page<NoticeView>>(`/api/notices?limit=200${query}`, county.tokens[who]);
  expect(status).toBe(200);
  return body.items;
}
const noticeOf = async (waybill: string) => (await log('county')).find((notice) => notice.waybill === waybill);

async function until<T>(what: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error('Nothing happened in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
/** The row as it is; `inHand`: taken up and not noted yet, by the minute that whoever took it up has. */
const rowOf = async (waybill: string) => {
  const [row] = await app.db.database.query<{ state: string; attempts: number; due: Date | null }>(
    'select state, attempts, due_at as due from logistics.notice where waybill = $1',
    [waybill],
  );
  if (!row) return undefined;
  const dueInMs = (row.due?.getTime() ?? 0) - now().getTime();
  return { ...row, dueInMs, inHand: dueInMs > MINUTE / 2 && dueInMs <= MINUTE };
};
const inState = (waybill: string, state: string) =>
  until(async () => {
    const notice = await noticeOf(waybill);
    return notice?.state === state && notice;
  });
const sweep = () => app.resolve(JobQueues).add([{ name: 'logistics.notices.sweep', payload: {} }]);

describe('A parcel that is shelved and whose recipient is known', () => {
  it('has its recipient told once, signed and with an id that is always the same', async () => {
    const waybill = newWaybill();
    await know(waybill);
    await shelve(waybill, 'station', '2-2-1521');
    await inState(waybill, 'sent');
    const [message, ...others] = gateway.about(tail(waybill));
    expect(others).toEqual([]);
    expect(message?.body).toMatchObject({ phone: '13812345678', stationCode: county.stations.village1.code });
    expect(message?.body.text).toContain('取件码2-2-1521');
    expect(message?.body.text).toContain('圆通');
    expect(message?.body.text).toContain('东一村村委会站');
    expect(message?.headers['idempotency-key']).toBe(message?.body.id);
    const timestamp = Number(message?.headers['x-xiangyi-timestamp']);
    expect(message?.headers['x-xiangyi-signature']).toBe(signatureOf(SECRET, timestamp, message?.raw ?? ''));
    await shelve(waybill, 'station', '3-3');
    await sweep();
    expect((await ask('station', [waybill])).body.results).toEqual([{ waybill, outcome: 'known' }]);
    expect(gateway.about(tail(waybill))).toHaveLength(1);
  });

  it('has its recipient told also when the phone becomes known while it lies there', async () => {
    const waybill = newWaybill();
    await shelve(waybill);
    await know(waybill);
    await inState(waybill, 'sent');
  });

  it('has its recipient told by the sweep when neither the scan nor the phone saw the other', async () => {
    const waybill = newWaybill();
    await know(waybill);
    await setNoticeOnShelving(false);
    await shelve(waybill);
    await until(async () => (await app.db.database.query('select 1 from platform.outbox')).length === 0);
    await setNoticeOnShelving(true);
    await sweep();
    await inState(waybill, 'sent');
  });

  it('has nobody told against their will, or where the county wants to be asked', async () => {
    const [refused, asked] = [newWaybill(), newWaybill()];
    await know(refused, '13812345678', { consent: 'refused', consentWay: 'phone' });
    await shelve(refused);
    await setNoticeOnShelving(false);
    await know(asked);
    await shelve(asked);
    await sweep();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await noticeOf(refused)).toBeUndefined();
    expect(await noticeOf(asked)).toBeUndefined();
    expect(
      (await ask('station', [refused, asked, newWaybill()])).body.results.map(({ outcome, reason }) => [outcome, reason]),
    ).toEqual([
      ['skipped', 'consent_refused'],
      ['queued', undefined],
      ['skipped', 'not_on_shelf'],
    ]);
    await inState(asked, 'sent');
    await setNoticeOnShelving(true);
  });
});

describe('A keeper', () => {
  it('asks for notices of their own shelf, and is told why there is none', async () => {
    await setNoticeOnShelving(false);
    const [known, unknown, elsewhere] = [newWaybill(), newWaybill(), newWaybill()];
    await shelve(known);
    await shelve(unknown);
    await shelve(elsewhere, 'station2');
    await know(known);
    await know(elsewhere);
    const { status, body } = await ask('station', [elsewhere, known, unknown]);
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { waybill: elsewhere, outcome: 'skipped', reason: 'not_on_shelf' },
      { waybill: known, outcome: 'queued' },
      { waybill: unknown, outcome: 'skipped', reason: 'no_phone' },
    ]);
    expect((await ask('station', [known], county.stations.village4.code)).status).toBe(404);
    expect((await ask('county2', [known])).body.code).toBe('station_required');
    expect((await ask('producer', [known])).status).toBe(403);
    expect((await ask('station', [])).status).toBe(400);
    await setNoticeOnShelving(true);
  });

  it('and everybody else at once make one notice of one parcel', async () => {
    await setNoticeOnShelving(false);
    const waybills = Array.from({ length: 5 }, newWaybill);
    for (const waybill of waybills) {
      await shelve(waybill);
      await know(waybill);
    }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => ask('station', index % 2 === 0 ? waybills : [...waybills].reverse())),
    );
    await setNoticeOnShelving(true);
    const outcomes = answers.flatMap(({ body }) => body.results).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'queued')).toHaveLength(waybills.length);
    expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(5 * waybills.length);
    await Promise.all([sweep(), sweep()]);
    for (const waybill of waybills) {
      await inState(waybill, 'sent');
      expect(gateway.about(tail(waybill))).toHaveLength(1);
    }
  });

  it('sees the log of their own stations only, newest first, page by page and with masked phones', async () => {
    const waybill = newWaybill();
    await know(waybill, '13900001234');
    await shelve(waybill, 'station2');
    await inState(waybill, 'sent');
    const own = await log('station');
    expect(own.length).toBeGreaterThan(2);
    expect(new Set(own.map(({ stationCode }) => stationCode))).toEqual(new Set([county.stations.village1.code]));
    const others = await log('station2');
    expect(others[0]?.waybill).toBe(waybill);
    expect(new Set(others.map(({ stationCode }) => stationCode))).toEqual(new Set([county.stations.village4.code]));
    expect((await log('town2', `&stationCode=${county.stations.village4.code}`))[0]?.phone).toBe('139******34');
    expect(await log('town')).toHaveLength(own.length);
    expect(await log('stranger')).toEqual([]);
    expect((await app.get('/api/notices?stationCode=S-V4', county.tokens.station)).status).toBe(404);
    const pages: NoticeView[] = [];
    for (let cursor = ''; ;) {
      const { body } = await app.get<Page<NoticeView>>(`/api/notices?limit=2${cursor}`, county.tokens.station);
      pages.push(...body.items);
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(pages).toEqual(own);
    expect([...own].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).map((one) => one.createdAt)).toEqual(
      own.map((one) => one.createdAt),
    );
    for (const cursor of ['x', 'WzEsMl0', btoa('["a","b"]')])
      expect((await app.get<{ code: string }>(`/api/notices?cursor=${cursor}`, county.tokens.station)).body.code).toBe(
        'bad_cursor',
      );
  });
});

describe('A gateway', () => {
  it('that is down is tried again with growing waits, and gets the message once it is back', async () => {
    gateway.answer = () => ({ status: 503 });
    const waybill = newWaybill();
    await know(waybill);
    await shelve(waybill);
    await until(async () => (await noticeOf(waybill))?.reason === 'gateway_503');
    expect((await noticeOf(waybill))?.state).toBe('queued');
    await sweep();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(gateway.about(tail(waybill))).toHaveLength(1);
    clockOffsetMs += MINUTE;
    await sweep();
    await until(async () => {
      const row = await rowOf(waybill);
      return row?.attempts === 2 && !row.inHand;
    });
    gateway.answer = () => ({ status: 200 });
    clockOffsetMs += 5 * MINUTE;
    await sweep();
    await inState(waybill, 'sent');
    const ids = gateway.about(tail(waybill)).map(({ body }) => body.id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('that is down is asked a few times and not for every message that waits', async () => {
    await setNoticeOnShelving(false);
    const waybills = Array.from({ length: 20 }, newWaybill);
    for (const waybill of waybills) {
      await shelve(waybill);
      await know(waybill);
    }
    gateway.answer = () => ({ status: 503 });
    const before = gateway.messages.length;
    await ask('station', waybills);
    await until(async () => (await log('county', '&state=queued')).filter(({ reason }) => reason === 'gateway_503').length === 8);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(gateway.messages.length - before).toBe(8);
    gateway.answer = () => ({ status: 200 });
    clockOffsetMs += 2 * MINUTE;
    await sweep();
    for (const waybill of waybills) await inState(waybill, 'sent');
    expect(gateway.messages.length - before).toBe(8 + waybills.length);
    clockOffsetMs = 0;
    await setNoticeOnShelving(true);
  });

  it('that stays down fails in the end, and one that refuses fails at once', async () => {
    gateway.answer = () => ({ status: 500 });
    const [down, refused] = [newWaybill(), newWaybill()];
    await know(down);
    await shelve(down);
    for (let attempt = 1; attempt < 7; attempt += 1) {
      const row = await until(async () => {
        const found = await rowOf(down);
        return found?.attempts === attempt && !found.inHand && found;
      });
      clockOffsetMs += row.dueInMs + 1000;
      await sweep();
    }
    await until(async () => (await rowOf(down))?.state === 'failed');
    expect(gateway.about(tail(down))).toHaveLength(7);
    clockOffsetMs = 0;
    expect((await noticeOf(down))?.reason).toBe('gateway_500');
    gateway.answer = () => ({ status: 400 });
    await know(refused);
    await shelve(refused);
    expect((await inState(refused, 'failed')).reason).toBe('gateway_400');
    expect(gateway.about(tail(refused))).toHaveLength(1);
  });

  it('is not told of a parcel that was fetched, or refused, while it was down', async () => {
    gateway.answer = () => ({ status: 503 });
    const [fetched, refused] = [newWaybill(), newWaybill()];
    for (const waybill of [fetched, refused]) {
      await know(waybill);
      await shelve(waybill);
      await until(async () => (await noticeOf(waybill))?.reason === 'gateway_503');
    }
    const scan = { id: uuidv7(), waybill: fetched, kind: 'picked_up', occurredAt: now().toISOString() };
    await app.post('/api/scans', { scans: [scan] }, county.tokens.station);
    await know(refused, '13812345678', { consent: 'refused', consentWay: 'phone' });
    gateway.answer = () => ({ status: 200 });
    clockOffsetMs += 10 * MINUTE;
    await sweep();
    expect((await inState(fetched, 'skipped')).reason).toBe('not_on_shelf');
    expect((await inState(refused, 'skipped')).reason).toBe('consent_refused');
    expect(gateway.about(tail(fetched))).toHaveLength(1);
    clockOffsetMs = 0;
  });

  it('is told where the parcel lies when the message goes out, not where it lay', async () => {
    gateway.answer = () => ({ status: 503 });
    const waybill = newWaybill();
    await know(waybill);
    await shelve(waybill, 'station', '1-1-5');
    await until(async () => (await noticeOf(waybill))?.reason === 'gateway_503');
    await shelve(waybill, 'station2', '2-1-9');
    gateway.answer = () => ({ status: 200 });
    clockOffsetMs += 10 * MINUTE;
    await sweep();
    await inState(waybill, 'sent');
    const message = gateway.about(tail(waybill)).at(-1);
    expect(message?.body).toMatchObject({ stationCode: county.stations.village4.code });
    expect(message?.body.text).toContain('取件码2-1-9');
    expect((await log('station2')).map((notice) => notice.waybill)).toContain(waybill);
    clockOffsetMs = 0;
  });

  it('is told of a parcel that comes back to the shelf after it was passed over', async () => {
    gateway.answer = () => ({ status: 503 });
    const waybill = newWaybill();
    await know(waybill);
    const mistake = await shelve(waybill, 'station', '1-1-6');
    await until(async () => (await noticeOf(waybill))?.reason === 'gateway_503');
    const undone = { id: uuidv7(), kind: 'undone', undoes: mistake, waybill, occurredAt: now().toISOString() };
    await app.post('/api/scans', { scans: [undone] }, county.tokens.station);
    gateway.answer = () => ({ status: 200 });
    clockOffsetMs += 10 * MINUTE;
    await sweep();
    expect((await inState(waybill, 'skipped')).reason).toBe('not_on_shelf');
    await shelve(waybill, 'station', '1-1-7');
    await inState(waybill, 'sent');
    expect(gateway.about(tail(waybill)).at(-1)?.body.text).toContain('取件码1-1-7');
    clockOffsetMs = 0;
  });

  it('gets the message of a sender that died with it in hand again, under the same id', async () => {
    const waybill = newWaybill();
    await know(waybill);
    await shelve(waybill);
    await inState(waybill, 'sent');
    await app.db.database.query("update logistics.notice set state = 'queued', due_at = $2 where waybill = $1", [
      waybill,
      new Date(now().getTime() + MINUTE),
    ]);
    await sweep();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(gateway.about(tail(waybill))).toHaveLength(1);
    clockOffsetMs += 2 * MINUTE;
    await sweep();
    await inState(waybill, 'sent');
    const [first, second] = gateway.about(tail(waybill));
    expect(second?.body.id).toBe(first?.body.id);
    clockOffsetMs = 0;
  });

  describe('that reports', () => {
    const send = async (body: string, secret = SECRET, timestamp = Math.floor(now().getTime() / 1000)) =>
      await app.post<{ code?: string }>('/api/notices/reports', body, undefined, {
        'content-type': 'application/json',
        'x-xiangyi-timestamp': String(timestamp),
        'x-xiangyi-signature': signatureOf(secret, timestamp, body),
      });

    async function sent(): Promise<{ waybill: string; id: string }> {
      const waybill = newWaybill();
      await know(waybill);
      await shelve(waybill);
      await inState(waybill, 'sent');
      return { waybill, id: gateway.about(tail(waybill))[0]?.body.id ?? '' };
    }

    it('is believed when it signs the bytes that it sends', async () => {
      const [arrived, lost] = [await sent(), await sent()];
      expect((await send(`{ "id" : "${arrived.id}",\n "state":"delivered" }`)).status).toBe(204);
      expect((await send(JSON.stringify({ id: lost.id, state: 'failed', reason: 'MK:0012' }))).status).toBe(204);
      expect((await noticeOf(arrived.waybill))?.state).toBe('delivered');
      expect(await noticeOf(lost.waybill)).toMatchObject({ state: 'failed', reason: 'MK:0012' });
      expect((await send(JSON.stringify({ id: arrived.id, state: 'failed' }))).status).toBe(204);
      expect((await noticeOf(arrived.waybill))?.state).toBe('delivered');
    });

    it('is refused with another secret, an old moment, or something that is no report', async () => {
      const { waybill, id } = await sent();
      const body = JSON.stringify({ id, state: 'delivered' });
      const hourAgo = Math.floor(now().getTime() / 1000) - 3600;
      expect((await send(body, 'another secret of somebody')).body.code).toBe('signature_refused');
      expect((await send(body, SECRET, hourAgo)).status).toBe(401);
      expect((await app.post('/api/notices/reports', JSON.parse(body))).status).toBe(401);
      expect((await send(JSON.stringify({ id: uuidv7(), state: 'delivered' }))).status).toBe(404);
      expect((await send(JSON.stringify({ id, state: 'failed', reason: '13812345678 is off\u0000' }))).status).toBe(400);
      expect((await send(`"${'x'.repeat(20_000)}"`)).status).toBe(413);
      expect((await noticeOf(waybill))?.state).toBe('sent');
    });
  });
});

describe('After the time that a county keeps recipients', () => {
  it('name and phone are gone; that there was a notice stays, and there is no other', async () => {
    const [old, young] = [newWaybill(), newWaybill()];
    for (const waybill of [old, young]) {
      await know(waybill);
      await shelve(waybill);
      await inState(waybill, 'sent');
    }
    const before = new Date(now().getTime() - 181 * 24 * 60 * MINUTE);
    await app.db.database.query('update logistics.recipient set updated_at = $2 where waybill = $1', [old, before]);
    await app.db.database.query('update logistics.notice set created_at = $2 where waybill = $1', [old, before]);
    await app.resolve(JobQueues).add([{ name: 'logistics.recipients.purge', payload: {} }]);
    await until(async () => (await noticeOf(old))?.phone === '');
    const [row] = await app.db.database.query('select phone, state from logistics.notice where waybill = $1', [old]);
    expect(row).toEqual({ phone: null, state: 'sent' });
    expect(await app.db.database.query('select 1 from logistics.recipient where waybill = $1', [old])).toEqual([]);
    expect(await noticeOf(young)).toMatchObject({ phone: '138******78' });
    expect(await app.db.database.query('select 1 from logistics.recipient where waybill = $1', [young])).toHaveLength(1);
    const audited = await app.db.database.query("select detail from platform.audit where action = 'recipients.purged'");
    expect(audited).toEqual([{ detail: { recipients: 1, notices: 1, proofs: 0 } }]);
    await know(old);
    expect((await ask('station', [old])).body.results).toEqual([{ waybill: old, outcome: 'known' }]);
  });
});

describe('Without a gateway', () => {
  it('nothing is sent, and the log says so', async () => {
    const other = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
    try {
      const { tokens } = await smallCounty(other);
      const waybill = newWaybill();
      const at = { id: uuidv7(), waybill, occurredAt: new Date().toISOString() };
      await other.post('/api/scans', { scans: [{ ...at, kind: 'shelved' }] }, tokens.station);
      await other.post('/api/recipients', { records: [{ ...at, phone: '13812345678' }] }, tokens.station);
      const notice = await until(async () => {
        const { body } = await other.get<Page<NoticeView>>('/api/notices', tokens.station);
        return body.items.find(({ state }) => state === 'skipped');
      });
      expect(notice).toMatchObject({ waybill, reason: 'no_gateway', phone: '138******78' });
      const refused = await other.post('/api/notices/reports', { id: uuidv7(), state: 'delivered' });
      expect(refused.status).toBe(401);
    } finally {
      await other.close();
    }
  });
});
