/** Load on the application over HTTP, as keepers' phones make it: scans of new parcels at the keeper's own station. */
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
}

interface LoadOptions {
  connections: number;
  scansPerCall: number;
  seconds: number;
}

let sequence = 0;

/** A waybill that no other run of this process makes. */
export function nextWaybill(): string {
  sequence += 1;
  return `LOAD${process.pid}X${String(sequence).padStart(9, '0')}`;
}

function call(scansPerCall: number): string {
  const occurredAt = new Date().toISOString();
  const scans = Array.from({ length: scansPerCall }, () => ({
    id: uuidv7(),
    waybill: nextWaybill(),
    kind: 'shelved',
    occurredAt,
  }));
  return JSON.stringify({ scans });
}

/** Signs in as the demo county's keeper. */
export async function signIn(baseUrl: string): Promise<ScanClient> {
  const answer = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'station', password: 'xiangyi-demo' }),
  });
  if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${await answer.text()}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { baseUrl, token: accessToken };
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
        setupRequest: (request) => ({ ...request, body: call(options.scansPerCall) }),
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
