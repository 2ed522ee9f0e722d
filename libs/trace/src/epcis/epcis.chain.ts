/** The chain of hashes over a county's log of business steps: pure. An edited, removed or inserted event breaks it (docs/domain/epcis.md). */
import { createHash } from 'node:crypto';

/** Hash before the first event of a county. */
export const GENESIS = new Uint8Array(32);

/** What the hash of a logged event covers besides the hash before it. */
export interface ChainedRecord {
  readonly county: string;
  /** 1 for the county's first event, then one more each. */
  readonly seq: number;
  readonly recordedAt: Date;
  readonly event: unknown;
  /** Lots that the event concerns, in any order. */
  readonly lots: readonly string[];
}

/**
 * A value as JSON in one way only: members in the order of their UTF-16 code units, no spaces, numbers and strings as ECMAScript writes them (RFC
 * 8785). Members without a value are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : Number(left > right)))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the hash before and of the record's canonical JSON. */
export function chainHash(previous: Uint8Array, record: ChainedRecord): Uint8Array {
  const { county, seq, event } = record;
  const text = canonicalJson({
    county,
    seq,
    event,
    recordedAt: record.recordedAt.toISOString(),
    lots: [...new Set(record.lots)].sort(),
  });
  return new Uint8Array(createHash('sha256').update(previous).update(text, 'utf8').digest());
}

/** An identity made from a content: the same content, the same event (RFC 6920). */
export function contentId(content: unknown): string {
  return `ni:///sha-256;${createHash('sha256').update(canonicalJson(content), 'utf8').digest('hex')}`;
}
