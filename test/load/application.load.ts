/** Load on the application over HTTP, as the stations of a county make it: each call brings new parcels of one station. */
import autocannon from 'autocannon';
import { uuidv7 } from '#platform';

export interface LoadResult {
  scansPerSecond: number;
  /** Milliseconds from request to answer. */
  latencyMs: { p50: number; p99: number };
}

export interface ScanClient {
  baseUrl: string;
  token: string;
  /** Codes of the village stations, used in turn. */
  stations: readonly string[];
}

interface LoadOptions {
  connections: number;
  scansPerCall: number;
  seconds: number;
}

const VILLAGE_CODE_LENGTH = 12;
let sequence = 0;

/** A waybill that no other run of this process makes. */
export function nextWaybill(): string {
  sequence += 1;
  return `LOAD${process.pid}X${String(sequence).padStart(9, '0')}`;
}

/** A scan of a new parcel at a station. */
export function newScan(stationCode: string, waybill = nextWaybill()): object {
  return { id: uuidv7(), waybill, kind: 'shelved', stationCode, occurredAt: new Date().toISOString() };
}

let calls = 0;

function call(stations: readonly string[], scansPerCall: number): string {
  calls += 1;
  const station = stations[calls % stations.length] ?? '';
  const scans = Array.from({ length: scansPerCall }, () => newScan(station));
  return JSON.stringify({ scans });
}

/** Signs in as the demo county's officer, who may scan at every station of the county. */
export async function signIn(baseUrl: string): Promise<ScanClient> {
  const { accessToken } = await ask<{ accessToken: string }>(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'county', password: 'xiangyi-demo' }),
  });
  const { items } = await ask<{ items: { code: string; unit: { code: string } }[] }>(`${baseUrl}/api/stations?limit=200`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const stations = items.filter((station) => station.unit.code.length === VILLAGE_CODE_LENGTH).map((station) => station.code);
  return { baseUrl, token: accessToken, stations };
}

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Sends calls for some seconds. Throws when one of them was not answered, or not accepted whole. */
export async function load(client: ScanClient, options: LoadOptions): Promise<LoadResult> {
  const unaccepted: string[] = [];
  const result = await autocannon({
    url: client.baseUrl,
    connections: options.connections,
    duration: options.seconds,
    requests: [
      {
        method: 'POST',
        path: '/api/scans',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
        setupRequest: (request) => ({ ...request, body: call(client.stations, options.scansPerCall) }),
        onResponse: (status, body) => {
          const accepted = body.split('"outcome":"accepted"').length - 1;
          if (status !== 200 || accepted !== options.scansPerCall) unaccepted.push(`${status} ${body.slice(0, 300)}`);
        },
      },
    ],
  });
  if (result.errors || unaccepted.length)
    throw new Error(`${result.errors} errors; ${unaccepted.length} calls not accepted: ${unaccepted[0] ?? ''}`);
  const answered = result['2xx'];
  return {
    scansPerSecond: (answered * options.scansPerCall) / result.duration,
    latencyMs: { p50: result.latency.p50, p99: result.latency.p99 },
  };
}
