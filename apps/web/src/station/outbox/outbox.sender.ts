/** Sends a batch and says in the outbox's words how it went. Knows nothing of storage. */
import { z } from 'zod';
import { api, ApiProblem } from '../../shared/api/api.client.js';
import { deviceId } from '../../shared/session/device.id.js';
import type { Sent } from './outbox.service.js';
import type { Answer, OutboxEntry, OutboxPath } from './outbox.state.js';

const TIMEOUT_MS = 20_000;
/** The slowest line on which a batch still counts as on its way. */
const SLOWEST_BYTES_PER_S = 3_000;

/**
 * One answer, read leniently: a newer server may say more than this version knows, but what it says of this entry must be one of the three outcomes.
 */
const answerSchema = z.object({
  id: z.string().nullable(),
  outcome: z.enum(['accepted', 'duplicate', 'rejected']),
  flags: z.array(z.string()).optional().catch(undefined),
  warnings: z.array(z.string()).optional().catch(undefined),
  problem: z
    .object({
      code: z.string(),
      detail: z.string(),
      errors: z
        .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** The answers in a body that make sense, or `undefined` when the body is not an answer to a batch. Pure. */
export function answersIn(body: unknown): Answer[] | undefined {
  const results = (body as { results?: unknown } | null | undefined)?.results;
  if (!Array.isArray(results)) return undefined;
  return results.flatMap((result) => {
    const parsed = answerSchema.safeParse(result);
    return parsed.success ? [parsed.data] : [];
  });
}

/** What a failed call means for the batch. Pure. */
export function failureOf(error: unknown): Sent {
  if (!(error instanceof ApiProblem)) return { kind: 'unreachable' };
  const { status, code, title, detail, errors } = error.problem;
  const waitMs = error.retryAfterS === undefined ? undefined : error.retryAfterS * 1000;
  if (code === 'device_revoked') return { kind: 'device_revoked' };
  if (status === 401) return { kind: 'signed_out' };
  if (code === 'route_not_found' || status === 405 || status === 501) return { kind: 'missing' };
  if (status === 500) return { kind: 'failed' };
  if (status > 500 || status === 429 || status === 408) return { kind: 'unreachable', ...(waitMs !== undefined && { waitMs }) };
  return { kind: 'refused', problem: { code, detail: detail ?? title, ...(errors && { errors }) } };
}

/** `POST /api/scans` or `/api/{path}`. A body that is not the contract's answer (a captive portal's page, say) settles nothing. */
export async function sendEntries(path: OutboxPath, entries: readonly OutboxEntry[]): Promise<Sent> {
  const bodies = entries.map((entry) => entry.body);
  const body = { deviceId: deviceId(), [path === 'scans' ? 'scans' : 'records']: bodies };
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  try {
    const timeoutMs = TIMEOUT_MS + (bytes / SLOWEST_BYTES_PER_S) * 1000;
    const answers = answersIn(await api<unknown>(`/api/${path}`, { method: 'POST', body, timeoutMs }));
    return answers ? { kind: 'answered', answers } : { kind: 'failed' };
  } catch (error) {
    return failureOf(error);
  }
}
