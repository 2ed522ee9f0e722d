import type { EventSource } from '#contracts';
import type { Tx } from '#platform';
import { exceptionKindSchema } from '#contracts';
import { EVENT_KINDS, type CodeMeaning, type CodeMeanings, type EventKind, type LedgerEvent } from '../parcel/parcel.event.js';

/** How a resolved meaning is kept in provider_code.kind: `delivered`, or `exception_open:refused`. */
export const meaningText = ({ kind, exception }: CodeMeaning): string => (exception === null ? kind : `${kind}:${exception}`);

/** The meaning behind the kept text; `undefined` for a text that no version of ours wrote. */
export function readMeaning(text: string): CodeMeaning | undefined {
  const [kind = '', exception] = text.split(':');
  if (!(EVENT_KINDS as readonly string[]).includes(kind)) return undefined;
  const parsed = exceptionKindSchema.safeParse(exception);
  return { kind: kind as EventKind, exception: parsed.success ? parsed.data : null };
}

/** What staff of the county said about unknown codes. */
export async function readMeanings(tx: Tx, countyCode: string): Promise<CodeMeanings> {
  const rows = await tx.query<{ provider: string; code: string; kind: string }>(
    'select provider, code, kind from logistics.provider_code where county_code = $1 and kind is not null',
    [countyCode],
  );
  const meanings = new Map(rows.map((row) => [`${row.provider} ${row.code}`, readMeaning(row.kind)]));
  return (provider: EventSource, code: string) => meanings.get(`${provider} ${code}`);
}

/** Puts codes that no table has into the mapping queue, or counts them once more. */
export async function recordUnknownCodes(tx: Tx, countyCode: string, events: readonly LedgerEvent[]): Promise<void> {
  const codes = new Map<string, { provider: string; code: string; text: string; seen: number }>();
  for (const { source, providerCode, text } of events) {
    if (providerCode === null) continue;
    const key = `${source} ${providerCode}`;
    const known = codes.get(key);
    if (known) known.seen += 1;
    else codes.set(key, { provider: source, code: providerCode, text: text ?? '', seen: 1 });
  }
  const rows = [...codes.values()].sort((a, b) => (a.provider + a.code < b.provider + b.code ? -1 : 1));
  await tx.query(
    `insert into logistics.provider_code as c (county_code, provider, code, sample_text, seen)
     select $1, provider, code, sample_text, seen from unnest($2::text[], $3::text[], $4::text[], $5::int[]) as u (provider, code, sample_text, seen)
     on conflict (county_code, provider, code) do update set seen = c.seen + excluded.seen`,
    [
      countyCode,
      rows.map((row) => row.provider),
      rows.map((row) => row.code),
      rows.map((row) => row.text),
      rows.map((row) => row.seen),
    ],
  );
}
