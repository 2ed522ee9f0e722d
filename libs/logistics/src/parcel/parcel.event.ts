import { SCAN_KINDS, type EventSource, type ExceptionKind, type Proof, type Produce, type ScanFlag } from '#contracts';

/** What carriers and providers report besides the kinds that stations scan. */
export const CLAIM_KINDS = [
  'announced',
  'in_transit',
  'arrived_station',
  'out_for_delivery',
  'redelivery',
  'delivered',
  'delivery_revoked',
  'returning',
  'transferred',
  'cancelled',
  'lost',
  'note',
  'unknown',
] as const;

/** Links between waybills and carriers, written beside what caused them. */
export const LINK_KINDS = ['continued', 'relinked'] as const;

/** Every kind of row in the ledger of parcel events (docs/domain/parcels.md, "Events"). */
export const EVENT_KINDS = [...SCAN_KINDS, ...CLAIM_KINDS, ...LINK_KINDS] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Produce as the ledger keeps it: the village by its id, because codes are revised. */
export interface StoredProduce extends Produce {
  originVillageId?: string;
}

/**
 * One row of the ledger as the fold reads it. Instants are milliseconds since 1970. `flags` holds what was known when the row was
 * written (clock, quarantine, geofence); what depends on other events is derived by the fold. For `relinked`, `carrierCode` is the
 * carrier after the correction and `providerCode` the carrier before.
 */
export interface LedgerEvent {
  readonly id: string;
  readonly claimedAt: number;
  readonly occurredAt: number;
  readonly waybill: string;
  readonly kind: EventKind;
  readonly source: EventSource;
  readonly stationId: string | null;
  readonly unitId: string | null;
  readonly carrierCode: string | null;
  readonly addressVillageId: string | null;
  readonly shelfCode: string | null;
  readonly proof: Proof | null;
  readonly exception: ExceptionKind | null;
  readonly produce: StoredProduce | null;
  readonly providerCode: string | null;
  readonly providerSeq: number | null;
  readonly text: string | null;
  readonly linkedWaybill: string | null;
  /** Of kind `undone`: id of the scan that was a mistake. */
  readonly undoes: string | null;
  readonly flags: readonly ScanFlag[];
}

/**
 * Whether someone who held the parcel scanned it, as against a carrier's statement from afar. A carrier's own program counts as a
 * scan only where it names one of the county's stations.
 */
export function isOwnScan(event: LedgerEvent): boolean {
  switch (event.source) {
    case 'station':
    case 'town':
    case 'county':
      return true;
    case 'carrier_key':
      return event.stationId !== null;
    case 'kuaidi100':
    case 'kdniao':
    case 'csv':
    case 'upflow':
      return false;
  }
}

/** Whether this is upflow's word that the parcel was packed with produce: the lot, not a scan, says what it is and where it is from. */
export const isPacking = (event: LedgerEvent): boolean => event.source === 'upflow' && event.kind === 'announced';

/** What staff said an unknown provider code means; the exception goes with `exception_open` and `exception_close`. */
export interface CodeMeaning {
  readonly kind: EventKind;
  readonly exception: ExceptionKind | null;
}

/** Meaning of (provider, code), when staff resolved it. */
export type CodeMeanings = (provider: EventSource, code: string) => CodeMeaning | undefined;

/** The event with the meaning that staff gave to its code since; the ledger itself keeps what was known when it came. */
export function withMeaning(event: LedgerEvent, meanings: CodeMeanings): LedgerEvent {
  if (event.kind !== 'unknown' || event.providerCode === null) return event;
  const meaning = meanings(event.source, event.providerCode);
  return meaning ? { ...event, kind: meaning.kind, exception: meaning.exception } : event;
}
