/** `npm run simulate`: the demo's people keep scanning over HTTP, as their phones would, until they are stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dayOf, scanBatchResultSchema, sessionSchema, type Scan } from '#contracts';
import { generateCounty } from './county.generator.js';
import { LiveTraffic, type LiveSender } from './live.traffic.js';
import { RandomSource } from './random.source.js';

const TICK_MS = 500;
const RETRY_MS = 2000;
/** Scans in one call. */
const BATCH = 500;
const SENDERS: readonly LiveSender[] = ['station', 'county'];

export interface SimulationOptions {
  /** Where the county runs, e.g. `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** Password of the demo logins. */
  readonly password: string;
  /** Scans a second, on average; fractions are fine. */
  readonly ratePerSecond: number;
  /** Ends the simulation. */
  readonly signal: AbortSignal;
  /** The present; only tests give another. */
  readonly now?: () => Date;
  /** Called after each batch with the totals so far. */
  readonly onProgress?: (report: SimulationReport) => void;
}

export interface SimulationReport {
  accepted: number;
  duplicate: number;
  rejected: number;
  /** Calls that were tried again: the server was away, busy, or had ended the session. */
  retries: number;
}

/**
 * Scans until the signal. A call that fails is sent again with the same ids, so no scan counts twice.
 * @returns the totals, when stopped
 * @throws Error when a login is refused: the demo county is not there, or its password is another
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const { ratePerSecond, signal, now = () => new Date(), onProgress } = options;
  const report: SimulationReport = { accepted: 0, duplicate: 0, rejected: 0, retries: 0 };
  const started = now();
  const traffic = new LiveTraffic(generateCounty(dayOf(started)), new RandomSource(`simulation/${started.getTime()}`));
  const people = new Map(SENDERS.map((sender) => [sender, new Person(sender, options, report)]));
  for (const person of people.values()) await person.logIn();
  let lastMs = started.getTime();
  while (!signal.aborted) {
    const nowMs = now().getTime();
    const scans = traffic.tick(nowMs, nowMs - lastMs, ratePerSecond, BATCH);
    lastMs = nowMs;
    for (const [sender, person] of people)
      await person.send(scans.filter((entry) => entry.sender === sender).map((entry) => entry.scan));
    if (scans.length > 0) onProgress?.({ ...report });
    await pause(TICK_MS, signal);
  }
  return report;
}

/** One of the demo's people with a session. */
class Person {
  private token = '';

  constructor(
    private readonly username: string,
    private readonly options: SimulationOptions,
    private readonly report: SimulationReport,
  ) {}

  async logIn(): Promise<void> {
    const { password, baseUrl, signal } = this.options;
    const answer = await this.post('/api/auth/login', { username: this.username, password }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (!answer) return;
    if (!answer.ok) throw new Error(`${baseUrl} refused the login ${this.username} (${answer.status})`);
    this.token = sessionSchema.parse(await answer.json()).accessToken;
  }

  /** Sends a batch until it is answered or the simulation ends. */
  async send(scans: readonly Scan[]): Promise<void> {
    while (scans.length > 0 && !this.options.signal.aborted) {
      const answer = await this.post('/api/scans', { deviceId: `simulation-${this.username}`, scans }).catch(() => undefined);
      if (answer?.ok) return this.count(scanBatchResultSchema.parse(await answer.json()).results);
      if (answer && answer.status < 500 && answer.status !== 401 && answer.status !== 429)
        throw new Error(`A batch of ${scans.length} scans was refused (${answer.status})`);
      this.report.retries++;
      await pause(Number(answer?.headers.get('retry-after') ?? 0) * 1000 || RETRY_MS, this.options.signal);
      if (answer?.status === 401) await this.logIn();
    }
  }

  private count(results: readonly { outcome: 'accepted' | 'duplicate' | 'rejected' }[]): void {
    for (const { outcome } of results) this.report[outcome]++;
  }

  private post(path: string, body: unknown): Promise<Response> {
    return fetch(new URL(path, this.options.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
      body: JSON.stringify(body),
      signal: this.options.signal,
    });
  }
}

/** Waits, or returns at once when stopped. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
