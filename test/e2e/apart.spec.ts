import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  dayOf,
  periodOf,
  SERVICES,
  type Coverage,
  type ImportResult,
  type Page,
  type ScanResult,
  type ServiceName,
  type UnitView,
} from '#contracts';
import { freePort, startEmbeddedPostgres, uuidv7, type EmbeddedPostgres } from '#platform';
import { ApiClient, until } from './api.client.js';

const PASSWORD = 'a password for the first day';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;
const FACTS_TIMEOUT_MS = 60_000;
/** A county is founded from the first day of the year. */
const FROM = `${dayOf(new Date()).slice(0, 4)}-01-01`;

interface Service {
  baseUrl: string;
  process: ChildProcess;
}

describe('the five services apart, on one database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-apart-'));
  const services = new Map<ServiceName, Service>();
  let server: EmbeddedPostgres;
  let env: NodeJS.ProcessEnv;
  let admin: ApiClient;
  let village: UnitView;

  const at = (service: ServiceName, address: string) => `${services.get(service)?.baseUrl ?? ''}${address}`;
  const isReady = async (service: ServiceName) => {
    try {
      return (await fetch(at(service, '/health/ready'))).ok;
    } catch {
      return false;
    }
  };

  beforeAll(async () => {
    server = await startEmbeddedPostgres(path.join(folder, 'postgres'));
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    await client.query('create database xiangyi');
    await client.end();
    env = {
      ...process.env,
      DATABASE_URL: server.url('xiangyi'),
      DATABASE_POOL: '8',
      SECRET_KEY: 'one key for all of the services apart',
      ADMIN_PASSWORD: PASSWORD,
      ...(process.env['TEST_REDIS_URL'] ? { REDIS_URL: process.env['TEST_REDIS_URL'] } : {}),
    };
  });
  afterAll(async () => {
    for (const service of services.values()) service.process.kill('SIGKILL');
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('begin with a county that an operator founds', async () => {
    const args = ['dist/apps/standalone/src/county.js', '371425', '齐河县'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...env, DATA_DIR: path.join(folder, 'operator') },
    });
    expect(stdout).toContain('371425');
  });

  it('all become ready', async () => {
    for (const service of SERVICES) {
      const port = await freePort();
      const child = spawn(process.execPath, [`dist/apps/${service}/src/main.js`], {
        env: { ...env, PORT: String(port), DATA_DIR: path.join(folder, service) },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      services.set(service, { baseUrl: `http://127.0.0.1:${port}`, process: child });
    }
    for (const service of SERVICES)
      expect([service, await until(() => isReady(service), Boolean, START_TIMEOUT_MS)]).toEqual([service, true]);
  });

  it('take in the real village list of the county', async () => {
    admin = await ApiClient.signIn(at('directory', ''), 'admin', PASSWORD);
    const form = new FormData();
    form.append('file', new Blob([readFileSync('test/fixtures/ok/directory/371425.csv')]), '371425.csv');
    const { status, body } = await admin.post<ImportResult>(at('directory', `/api/units/import?validFrom=${FROM}`), form);
    expect([status, status === 200 ? '' : body]).toEqual([200, '']);
    expect(body.imported).toBeGreaterThan(1000);
    const list = await admin.get<Page<UnitView>>(at('directory', '/api/units?parent=371425&level=village&limit=1'));
    const [first] = list.body.items;
    if (!first) throw new Error('No village');
    village = first;
  });

  it('carry a scan at one service to the figures of another', async () => {
    const open = { validFrom: FROM, validTo: null };
    const made = [
      await admin.post(at('directory', '/api/stations'), {
        id: uuidv7(),
        code: 'S1',
        name: '村站',
        unitCode: village.code,
        ...open,
      }),
      await admin.post(at('directory', '/api/service-relations'), {
        ...{
          id: uuidv7(),
          villageCode: village.code,
          carrierCode: 'ZTO',
          mode: 'resident_station',
          stationCode: 'S1',
          distanceM: 0,
        },
        ...open,
      }),
      await admin.post(at('directory', '/api/users'), {
        ...{
          id: uuidv7(),
          username: 'keeper',
          password: PASSWORD,
          role: 'station',
          unitCode: village.code,
          stationCodes: ['S1'],
        },
      }),
    ];
    expect(made.map((answer) => [answer.status, answer.status < 300 ? '' : answer.body])).toEqual(made.map(() => [201, '']));

    const keeper = await ApiClient.signIn(at('directory', ''), 'keeper', PASSWORD);
    const now = new Date();
    const scans = [{ id: uuidv7(), waybill: 'SF1234567890123', kind: 'arrived_village', occurredAt: now.toISOString() }];
    const { body } = await keeper.post<{ results: ScanResult[] }>(at('logistics', '/api/scans'), { scans });
    expect(body.results.map((result) => result.outcome)).toEqual(['accepted']);

    const report = await until(
      async () => (await admin.get<Coverage>(at('insight', `/api/coverage?unit=${village.code}&period=${periodOf(now)}`))).body,
      (coverage) => coverage.metrics?.inbound_parcels?.numerator === 1,
      FACTS_TIMEOUT_MS,
    );
    expect(report.metrics.inbound_parcels?.numerator).toBe(1);
    expect(report.days?.find((day) => day.day === dayOf(now))?.service).toBe(true);
  });

  it('each refuse a token that nobody gave, and answer for their own paths only', async () => {
    const answer = await fetch(at('insight', '/api/coverage?unit=371425&period=2026-10'), {
      headers: { authorization: 'Bearer invented' },
    });
    expect(answer.status).toBe(401);
    expect((await admin.get(at('insight', '/api/parcels'))).status).toBe(404);
    const page = await fetch(at('directory', '/'));
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it('all end when they are told to', async () => {
    const codes = [...services.values()].map(
      (service) =>
        new Promise<number | null>((resolve) => {
          const timeout = setTimeout(() => service.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
          service.process.once('exit', (code) => {
            clearTimeout(timeout);
            resolve(code);
          });
          service.process.kill('SIGTERM');
        }),
    );
    expect(await Promise.all(codes)).toEqual(codes.map(() => 0));
  });
});
