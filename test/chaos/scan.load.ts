/** A client that behaves as a phone must: it keeps every scan until its answer has come, and sends again what was not answered. */
import { uuidv7 } from '#platform';

interface SentScan {
  id: string;
  waybill: string;
  kind: 'arrived_village' | 'shelved' | 'picked_up';
  occurredAt: string;
}

const KINDS = ['arrived_village', 'shelved', 'picked_up'] as const;
const LARGEST_CALL = 20;
const CALL_TIMEOUT_MS = 60_000;

/** Sends scans from several connections at once until told to stop. */
export class ScanLoad {
  /** Scans that were answered `accepted` or `duplicate`: the application has promised to keep them. */
  readonly acknowledged = new Set<string>();
  /** Scans without an answer, to be sent again as they were. */
  readonly unanswered = new Map<string, SentScan>();
  private parcels = 0;
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly connections: number,
  ) {}

  /** Every scan ever sent. */
  get sentIds(): string[] {
    return [...this.acknowledged, ...this.unanswered.keys()];
  }

  /** Signs in and sends new scans until `stop`; a connection that fails ends quietly. */
  async run(baseUrl: string): Promise<void> {
    this.stopped = false;
    const token = await signIn(baseUrl);
    const connection = async () => {
      while (!this.stopped && (await this.send(baseUrl, token, this.nextCall())));
    };
    await Promise.all(Array.from({ length: this.connections }, connection));
  }

  stop(): void {
    this.stopped = true;
  }

  /** Sends again what was not answered. @returns how many scans were sent again; throws when one is still not answered */
  async resend(baseUrl: string): Promise<number> {
    const token = await signIn(baseUrl);
    const again = [...this.unanswered.values()];
    for (let from = 0; from < again.length; from += LARGEST_CALL) {
      const answered = await this.send(baseUrl, token, again.slice(from, from + LARGEST_CALL));
      if (!answered) throw new Error('A scan that was sent again was not answered');
    }
    return again.length;
  }

  /** Whole parcels' stories, in calls of changing size. */
  private nextCall(): SentScan[] {
    const parcels = 1 + Math.floor(Math.random() * (LARGEST_CALL / KINDS.length));
    const occurredAt = new Date().toISOString();
    return Array.from({ length: parcels }, () => {
      this.parcels += 1;
      const waybill = `KILL${this.name}${String(this.parcels).padStart(8, '0')}`;
      return KINDS.map((kind) => ({ id: uuidv7(), waybill, kind, occurredAt }));
    }).flat();
  }

  private async send(baseUrl: string, token: string, scans: SentScan[]): Promise<boolean> {
    for (const scan of scans) this.unanswered.set(scan.id, scan);
    try {
      const answer = await fetch(`${baseUrl}/api/scans`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ scans }),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      if (!answer.ok) return false;
      const { results } = (await answer.json()) as { results: { id: string; outcome: string }[] };
      for (const { id, outcome } of results) {
        if (outcome === 'rejected') throw new TypeError(`A good scan was rejected: ${JSON.stringify(results)}`);
        this.unanswered.delete(id);
        this.acknowledged.add(id);
      }
      return true;
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith('A good scan')) throw error;
      return false;
    }
  }
}

async function signIn(baseUrl: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'station', password: 'xiangyi-demo' }),
  });
  if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}`);
  return ((await answer.json()) as { accessToken: string }).accessToken;
}
