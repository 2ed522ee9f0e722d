/** Sessions, API keys, users and devices; a second application on the same database stands for another process. */
import { createHash } from 'node:crypto';
import type { ApiKeyView, DeviceView, Me, NewApiKey, Page, PersonView, Problem, Session, UserView } from '#contracts';
import { DeviceRegistry, DirectoryModule } from '#directory';
import { createApplication, Authenticator, Clock, uuidv7 } from '#platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testApp, type TestApplication } from '../factories/application.js';
import { PASSWORD, smallCounty, type SmallCounty } from '../factories/county.js';
import { shownIn } from '../factories/sealed.row.js';

let app: TestApplication;
let county: SmallCounty;
let other: NestFastifyApplication;
let otherUrl: string;
beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule], services: [] });
  county = await smallCounty(app);
  other = await createApplication({
    config: { ...app.config, PUBLIC_BASE_URL: 'https://county.example' },
    databaseUrl: app.db.url,
    services: [],
    modules: [DirectoryModule],
    prismaFolder: 'prisma',
  });
  await other.listen({ host: '127.0.0.1', port: 0 });
  otherUrl = (await other.getUrl()).replace('[::1]', '127.0.0.1');
});
afterAll(async () => {
  await other?.close();
  await app?.close();
});

const login = async (username: string, password = PASSWORD) =>
  await app.post<Session & Problem>('/api/auth/login', { username, password });
const meStatus = async (token: string, baseUrl = app.baseUrl): Promise<number> =>
  (await fetch(`${baseUrl}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const audited = async (action: string): Promise<{ actor: string; subject: string }[]> =>
  await app.db.database.query('select actor_id as actor, subject from platform.audit where action = $1 order by at', [action]);

/** Waits a moment for a notice to reach the other process; far less than its memory lasts. */
async function soon(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('It did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a log-in', () => {
  it('gives a token for twelve hours, a cookie that scripts cannot read, and who one is', async () => {
    const { status, body, headers } = await login('station');
    expect(status).toBe(200);
    expect(body.user).toMatchObject({
      username: 'station',
      role: 'station',
      unit: { code: county.codes.village1 },
      stations: [{ code: 'S-V1' }],
    });
    expect(body.user.rights).toContain('scan:write');
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
    expect(headers.get('set-cookie')).toMatch(/^xiangyi_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/);
    const me = await app.get<Me>('/api/auth/me', undefined, { cookie: `xiangyi_session=${body.accessToken}` });
    expect(me).toMatchObject({ status: 200, body: { id: county.users.station.id } });
    expect(await audited('session.opened')).toContainEqual({
      actor: county.users.station.id,
      subject: `user:${county.users.station.id}`,
    });
  });

  it('marks the cookie Secure behind https', async () => {
    const answer = await fetch(`${otherUrl}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'town', password: PASSWORD }),
    });
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('stores the hash of the token and nothing of the token itself', async () => {
    const { body } = await login('town');
    const rows = await app.db.database.query<{ hash: string }>(
      'select token_hash as hash from directory.session where user_id = $1',
      [county.users.town.id],
    );
    expect(rows.map((row) => row.hash)).toContain(createHash('sha256').update(body.accessToken).digest('hex'));
    const [account] = await app.db.database.query<{ hash: string }>(
      'select password_hash as hash from directory.user_account where username = $1',
      ['town'],
    );
    expect(account?.hash).toMatch(/^\$argon2id\$/);
  });

  it('is refused alike for a wrong password, an unknown name and a name that is none', async () => {
    for (const username of ['producer', 'nobody', 'no\u0000body']) {
      const { status, body } = await login(username, 'wrong password');
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'bad_credentials' });
    }
    expect(await audited('session.refused')).toEqual([
      { actor: county.users.producer.id, subject: `user:${county.users.producer.id}` },
    ]);
  });

  it('takes an unknown name about as long as a wrong password', async () => {
    const timed = async (username: string): Promise<number> => {
      const begun = performance.now();
      await login(username, 'wrong password');
      return performance.now() - begun;
    };
    // In turns, and the quickest of each: what else the machine does only makes an attempt slower.
    let [known, unknown] = [Infinity, Infinity];
    for (let time = 0; time < 6; time += 1) {
      known = Math.min(known, await timed('county2'));
      unknown = Math.min(unknown, await timed('nobody-at-all'));
    }
    expect(unknown).toBeGreaterThan(known / 3);
  });

  it('is slowed down after eight failures from one address, the right password included', async () => {
    const outcomes: number[] = [];
    for (let time = 0; time < 9; time += 1) outcomes.push((await login('stranger', 'wrong password')).status);
    expect(outcomes).toEqual([...Array<number>(8).fill(401), 429]);
    const { status, body } = await login('stranger');
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'too_many_attempts' });
  });
});

describe('a session', () => {
  it('ends by log-out at once, here and in every other process', async () => {
    const { body } = await login('town2');
    expect([await meStatus(body.accessToken), await meStatus(body.accessToken, otherUrl)]).toEqual([200, 200]);
    expect((await app.post('/api/auth/logout', undefined, body.accessToken)).status).toBe(204);
    expect(await meStatus(body.accessToken)).toBe(401);
    await soon(async () => (await meStatus(body.accessToken, otherUrl)) === 401);
  });

  it('ends after twelve hours', async () => {
    const { body } = await login('town2');
    const clock = app.resolve(Clock);
    const now = clock.now.bind(clock);
    try {
      clock.now = () => new Date(now().getTime() + 12 * 3_600_000 + 1000);
      expect(await meStatus(body.accessToken)).toBe(401);
    } finally {
      clock.now = now;
    }
    expect(await meStatus(body.accessToken)).toBe(200);
  });

  it('is told from memory for most requests', async () => {
    const { body } = await login('town2');
    const authenticator = app.resolve(Authenticator);
    await authenticator.authenticate(body.accessToken);
    const took = async (work: () => Promise<unknown>) => {
      const begun = performance.now();
      for (let time = 0; time < 2000; time += 1) await work();
      return performance.now() - begun;
    };
    // Quicker than the least that a database can be asked.
    const asking = await took(() => app.db.database.query('select 1'));
    expect(await took(() => authenticator.authenticate(body.accessToken))).toBeLessThan(asking);
  });

  it('is not opened by any other text', async () => {
    for (const token of ['x', 'xyk_', `xyk_${'a'.repeat(43)}`, 'a'.repeat(5000)]) expect(await meStatus(token)).toBe(401);
  });
});

describe('an API key', () => {
  it('acts for its carrier within its unit', async () => {
    const { status, body } = await app.get<Me>('/api/auth/me', county.tokens.carrier);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { username: 'ZTO', role: 'carrier', unit: { code: county.codes.county } },
    });
    expect((await app.get('/api/units', county.tokens.carrier)).status).toBe(403);
  });

  it('is shown once, listed without its secret, and revoked in every process', async () => {
    const input = { id: uuidv7(), name: 'YTO', unitCode: county.codes.county, carrierCode: 'YTO' };
    const made = await app.post<NewApiKey>('/api/api-keys', input, county.tokens.admin);
    expect(made.body.key).toMatch(/^xyk_[\w-]{43}$/);
    const again = await app.post<NewApiKey>('/api/api-keys', input, county.tokens.admin);
    expect({ status: again.status, key: again.body.key }).toEqual({ status: 201, key: undefined });
    const key = made.body.key ?? '';
    expect([await meStatus(key), await meStatus(key, otherUrl)]).toEqual([200, 200]);
    const list = await app.get<Page<ApiKeyView>>('/api/api-keys', county.tokens.admin);
    expect(list.body.items.map((item) => item.name).sort()).toEqual(['YTO', 'ZTO']);
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect((await app.post(`/api/api-keys/${input.id}/revoke`, undefined, county.tokens.county)).status).toBe(403);
    expect((await app.post(`/api/api-keys/${input.id}/revoke`, undefined, county.tokens.admin)).status).toBe(200);
    expect(await meStatus(key)).toBe(401);
    await soon(async () => (await meStatus(key, otherUrl)) === 401);
  });
});

describe('a user', () => {
  const input = (username: string) => ({
    id: uuidv7(),
    username,
    password: 'first password',
    role: 'station',
    unitCode: county.codes.town1,
    stationCodes: ['S-V2'],
    person: { name: '张三丰', phone: '13812345678' },
  });

  it('has a person whose name and phone are stored encrypted and answered masked', async () => {
    const user = input('keeper.one');
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await app.post<UserView>('/api/users', user, county.tokens.admin);
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { person: { name: '张**', phone: '138******78' }, stations: [{ code: 'S-V2' }] },
      });
    }
    const [row] = await app.db.database.query<{ name: Buffer }>(
      'select p.* from directory.person p join directory.user_account u on u.person_id = p.id where u.id = $1',
      [user.id],
    );
    expect(shownIn(row, ['张三', '12345678', '"5678"'])).toEqual([]);
    const found = await app.get<Page<UserView>>('/api/users?phoneTail=5678', county.tokens.admin);
    expect(found.body.items.map((item) => item.username)).toEqual(['keeper.one']);
  });

  it('is unmasked by right only, and each look is recorded', async () => {
    const path = `/api/users/${county.users.station.id}/person`;
    expect((await app.get(path, county.tokens.county)).status).toBe(403);
    const { status, body, headers } = await app.get<PersonView>(path, county.tokens.admin);
    expect({ status, body }).toEqual({ status: 200, body: { name: '王示范', phone: '13900001234' } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await audited('person.unmasked')).toEqual([
      { actor: county.users.admin.id, subject: `user:${county.users.station.id}` },
    ]);
  });

  it('loses its sessions everywhere with a new password, role or unit, and when disabled', async () => {
    const user = input('keeper.two');
    await app.post('/api/users', user, county.tokens.admin);
    for (const [change, password] of [
      [{ password: 'second password' }, 'second password'],
      [{ unitCode: county.codes.village2 }, 'second password'],
      [{ disabled: true }, undefined],
    ] as const) {
      const { accessToken } = (await login(user.username, change.password === undefined ? 'second password' : 'first password'))
        .body;
      expect([await meStatus(accessToken), await meStatus(accessToken, otherUrl)]).toEqual([200, 200]);
      expect((await app.send('PATCH', `/api/users/${user.id}`, change, county.tokens.admin)).status).toBe(200);
      expect(await meStatus(accessToken)).toBe(401);
      await soon(async () => (await meStatus(accessToken, otherUrl)) === 401);
      if (password) expect((await login(user.username, password)).status).toBe(200);
    }
    expect((await login(user.username, 'second password')).body.code).toBe('bad_credentials');
  });

  it('is refused with a taken name, a station elsewhere, a unit elsewhere, the role of a program, or a weak password', async () => {
    const send = async (change: object, token = county.tokens.admin) => {
      const { status, body } = await app.post<Problem>('/api/users', { ...input('keeper.three'), ...change }, token);
      return `${status} ${body.code}`;
    };
    expect(await send({ username: 'admin' })).toBe('409 username_taken');
    expect(await send({ stationCodes: ['S-V4'] })).toBe('409 station_outside_unit');
    expect(await send({ unitCode: '990999' })).toBe('404 not_found');
    expect(await send({ role: 'carrier' })).toBe('400 invalid_input');
    expect(await send({ password: 'short' })).toBe('400 invalid_input');
    expect(await send({}, county.tokens.county)).toBe('403 forbidden');
  });

  it('is made once, and its name goes to one, when many ask at the same time', async () => {
    const post = async (user: object) => (await app.post('/api/users', user, county.tokens.admin)).status;
    const same = input('keeper.four');
    expect(await Promise.all(Array.from({ length: 4 }, () => post(same)))).toEqual([201, 201, 201, 201]);
    const rivals = await Promise.all(Array.from({ length: 4 }, () => post(input('keeper.five'))));
    expect(rivals.sort()).toEqual([201, 409, 409, 409]);
  });

  it('cannot lock itself out', async () => {
    const path = `/api/users/${county.users.admin.id}`;
    for (const change of [{ disabled: true }, { role: 'station' }, { unitCode: county.codes.county }]) {
      const { status, body } = await app.send<Problem>('PATCH', path, change, county.tokens.admin);
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'own_account' });
    }
  });

  it('is listed page by page within the unit asked for', async () => {
    const first = await app.get<Page<UserView>>(`/api/users?unit=${county.codes.town2}&limit=1`, county.tokens.admin);
    const second = await app.get<Page<UserView>>(
      `/api/users?unit=${county.codes.town2}&cursor=${first.body.nextCursor}`,
      county.tokens.admin,
    );
    expect([...first.body.items, ...second.body.items].map((item) => item.username).sort()).toEqual(['station2', 'town2']);
    expect((await app.get('/api/users?cursor=WyJ4Il0', county.tokens.admin)).status).toBe(400);
  });
});

describe('a device', () => {
  it('is met at its first use and refused everywhere once it is revoked', async () => {
    const devices = app.resolve(DeviceRegistry);
    const elsewhere = other.get(DeviceRegistry);
    const user = county.users.station.id;
    await devices.admit('phone-1', user);
    await elsewhere.admit('phone-1', user);
    const list = await app.get<Page<DeviceView>>('/api/devices', county.tokens.admin);
    expect(list.body.items).toMatchObject([
      { id: 'phone-1', username: 'station', unit: { code: county.codes.village1 }, revokedAt: null },
    ]);
    expect((await app.post('/api/devices/phone-1/revoke', undefined, county.tokens.admin)).status).toBe(200);
    await expect(devices.admit('phone-1', user)).rejects.toMatchObject({ code: 'device_revoked', status: 403 });
    await soon(
      async () =>
        await elsewhere.admit('phone-1', user).then(
          () => false,
          () => true,
        ),
    );
    expect((await app.post('/api/devices/phone-2/revoke', undefined, county.tokens.admin)).status).toBe(404);
  });

  it('ends the sessions that are bound to it when it is revoked, in every process, and no others', async () => {
    const onPhone = async (deviceId: string) =>
      await app.post<Session & Problem>('/api/auth/login', { username: 'station', password: PASSWORD, deviceId });
    const lost = await onPhone('phone:lost');
    const kept = await onPhone('phone-kept');
    const unbound = await login('station');
    const tokens = [lost, kept, unbound].map(({ body }) => body.accessToken);
    for (const token of tokens) for (const url of [app.baseUrl, otherUrl]) expect(await meStatus(token, url)).toBe(200);

    expect((await app.post('/api/devices/phone:lost/revoke', undefined, county.tokens.admin)).status).toBe(200);
    const refused = await app.get<Problem>('/api/auth/me', lost.body.accessToken);
    expect([refused.status, refused.body.code]).toEqual([403, 'device_revoked']);
    await soon(async () => (await meStatus(lost.body.accessToken, otherUrl)) === 403);
    const left = await app.post('/api/auth/logout', undefined, lost.body.accessToken);
    expect([left.status, left.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(await meStatus(lost.body.accessToken)).toBe(401);
    for (const token of tokens.slice(1)) for (const url of [app.baseUrl, otherUrl]) expect(await meStatus(token, url)).toBe(200);
  });

  it('opens no session once it is revoked, and tells so only to who knows the password', async () => {
    const attempt = async (password: string, deviceId: string) => {
      const { status, body } = await app.post<Problem>('/api/auth/login', { username: 'station', password, deviceId });
      return [status, body.code];
    };
    expect(await attempt(PASSWORD, 'phone:lost')).toEqual([403, 'device_revoked']);
    expect(await attempt('wrong', 'phone:lost')).toEqual([401, 'bad_credentials']);
    expect(await attempt(PASSWORD, 'line\nbreak')).toEqual([400, 'invalid_input']);
    expect((await login('station')).status).toBe(200);
  });
});
