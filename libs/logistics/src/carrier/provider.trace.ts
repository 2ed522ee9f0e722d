import { createHash } from 'node:crypto';
import { waybillSchema, type EventSource } from '#contracts';
import type { CodeMeaning, EventKind, LedgerEvent } from '../parcel/parcel.event.js';
import { newWaybillIn, normaliseText, readBareText, readTrace, redactText } from './trace.text.js';
import { UnreadablePush, type Provider } from './carrier.adapter.js';

/** One line of a provider's history, in the order in which things happened. */
export interface Trace {
  /** Local time in Shanghai, `YYYY-MM-DD HH:mm:ss`. */
  time: string;
  text: string;
  /** The line's own code; absent in older formats. */
  code: string | null;
  /** Code of the whole result, which is that of its last line. */
  resultCode: string | null;
}

/** The history of one waybill as a provider reports it. */
export interface TraceHistory {
  provider: Provider;
  waybill: string;
  /** The provider's own name of the carrier: part of the identity. */
  providerCarrier: string;
  carrierCode: string | null;
  traces: readonly Trace[];
}

/** How a provider reads its codes. */
export interface CodeReader {
  mapCode(code: string): CodeMeaning | undefined;
  isGeneralProblem(code: string): boolean;
}

/**
 * A deterministic UUID (version 8) of what makes an event the same event: provider, carrier, waybill, time, and code or text; never the
 * location and never the whole message, because providers reword both.
 */
export function eventIdentity(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(parts.join('\u001f')).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A claim of a source, everything else empty. */
export function claimEvent(
  fields: Pick<LedgerEvent, 'id' | 'claimedAt' | 'waybill' | 'kind' | 'source'> & Partial<LedgerEvent>,
): LedgerEvent {
  return {
    occurredAt: fields.claimedAt,
    stationId: null,
    unitId: null,
    carrierCode: null,
    addressVillageId: null,
    shelfCode: null,
    proof: null,
    exception: null,
    produce: null,
    providerCode: null,
    providerSeq: null,
    text: null,
    linkedWaybill: null,
    undoes: null,
    flags: [],
    ...fields,
  };
}

/**
 * The event pair of a transfer's other end: the new waybill learns which one it continues.
 */
export function continuation(source: EventSource, from: LedgerEvent): LedgerEvent | undefined {
  if (from.linkedWaybill === null || from.linkedWaybill === from.waybill) return undefined;
  return claimEvent({
    id: eventIdentity(source, 'continued', from.waybill, from.linkedWaybill),
    claimedAt: from.claimedAt,
    waybill: from.linkedWaybill,
    kind: 'continued',
    source,
    linkedWaybill: from.waybill,
  });
}

/** Turns a history into events. @throws UnreadablePush when the waybill or every time is unusable */
export function historyEvents(history: TraceHistory, codes: CodeReader): LedgerEvent[] {
  const waybill = readWaybill(history.waybill);
  const seen = new Map<string, number>();
  const atInstant = new Map<number, number>();
  const events: LedgerEvent[] = [];
  for (const trace of history.traces) {
    const claimedAt = readTime(trace.time);
    if (claimedAt === undefined) continue;
    const subject = trace.code ?? normaliseText(trace.text);
    const seq = atInstant.get(claimedAt) ?? 0;
    atInstant.set(claimedAt, seq + 1);
    const id = distinctIdentity(seen, [history.provider, history.providerCarrier, waybill, claimedAt, subject], trace.text);
    if (id) events.push(...traceEvents(history, waybill, trace, { id, claimedAt, seq }, codes));
  }
  if (events.length === 0 && history.traces.length > 0) throw new UnreadablePush('no trace has a readable time');
  return events;
}

/** Two different lines of one push may share time and code; the later one gets a number, a plain repeat gets none. */
function distinctIdentity(seen: Map<string, number>, parts: readonly (string | number)[], text: string): string | undefined {
  const key = parts.join('\u001f');
  const textKey = `${key}\u001f${normaliseText(text)}`;
  if (seen.has(textKey)) return undefined;
  seen.set(textKey, 1);
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  return count === 0 ? eventIdentity(...parts) : eventIdentity(...parts, count);
}

const UNDER_WAY: CodeMeaning = { kind: 'in_transit', exception: null };

function traceEvents(
  history: TraceHistory,
  waybill: string,
  trace: Trace,
  place: { id: string; claimedAt: number; seq: number },
  codes: CodeReader,
): LedgerEvent[] {
  const bare = trace.code === null ? readBareText(trace.text) : undefined;
  const code = trace.code ?? (bare ? null : trace.resultCode);
  const known = code === null ? (bare ?? UNDER_WAY) : codes.mapCode(code);
  const meaning = known
    ? readTrace(known, trace.text, code !== null && codes.isGeneralProblem(code))
    : { kind: 'unknown' as EventKind, exception: null };
  const linked = meaning.kind === 'transferred' ? readLinked(trace.text, waybill) : null;
  const event = claimEvent({
    id: place.id,
    claimedAt: place.claimedAt,
    waybill,
    kind: meaning.kind,
    source: history.provider,
    carrierCode: history.carrierCode,
    exception: meaning.exception,
    providerCode: code,
    providerSeq: place.seq,
    text: redactText(trace.text) || null,
    linkedWaybill: linked,
  });
  const other = continuation(history.provider, event);
  return other ? [event, other] : [event];
}

function readLinked(text: string, waybill: string): string | null {
  const parsed = waybillSchema.safeParse(newWaybillIn(text) ?? '');
  return parsed.success && parsed.data !== waybill ? parsed.data : null;
}

/** @throws UnreadablePush */
export function readWaybill(text: string): string {
  const parsed = waybillSchema.safeParse(text);
  if (!parsed.success) throw new UnreadablePush('waybill');
  return parsed.data;
}

const LOCAL_TIME = /^(20\d{2})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** Milliseconds of a provider's local (Shanghai) time. */
export function readTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second = '00'] = LOCAL_TIME.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const two = (part: string | undefined) => String(part).padStart(2, '0');
  const instant = Date.parse(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}+08:00`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Parses JSON of a push. @throws UnreadablePush */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadablePush('JSON');
  }
}
