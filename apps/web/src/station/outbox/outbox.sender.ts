/** Sends a batch of scans and says in the outbox's words how it went. */
import { scanBatchResultSchema, type ScanResult } from '#contracts';
import { api, ApiProblem } from '../../shared/api/api.client.js';
import type { Sent } from './outbox.service.js';
import type { OutboxItem } from './outbox.state.js';

const DEVICE_KEY = 'xiangyi.device';
const TIMEOUT_MS = 15_000;

function deviceId(): string {
  const known = localStorage.getItem(DEVICE_KEY);
  if (known) return known;
  const made = `web-${Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  localStorage.setItem(DEVICE_KEY, made);
  return made;
}

function failed(error: unknown): Sent {
  if (!(error instanceof ApiProblem)) return { kind: 'unreachable' };
  const { status, code, title, detail, errors } = error.problem;
  if (status === 401) return { kind: 'signed_out' };
  if (status >= 500 || status === 429 || status === 408)
    return { kind: 'unreachable', ...(error.retryAfterS && { waitMs: error.retryAfterS * 1000 }) };
  const problem: NonNullable<ScanResult['problem']> = { code, detail: detail ?? title, ...(errors && { errors }) };
  return { kind: 'refused', problem };
}

/** `POST /api/scans`. A body that is not the contract's answer (a captive portal's page, say) counts as no answer. */
export async function sendScans(items: readonly OutboxItem[]): Promise<Sent> {
  try {
    const body = { deviceId: deviceId(), scans: items.map((item) => item.scan) };
    const answer = await api<unknown>('/api/scans', { method: 'POST', body, timeoutMs: TIMEOUT_MS });
    const parsed = scanBatchResultSchema.safeParse(answer);
    return parsed.success ? { kind: 'answered', results: parsed.data.results } : { kind: 'unreachable' };
  } catch (error) {
    return failed(error);
  }
}
