import { FEE_KINDS, type Day, type FeeRate, type FeeSheet } from '#contracts';

/** One piece that a station handled; what it is paid for. */
export interface FeePiece {
  readonly waybill: string;
  readonly kind: FeeRate['kind'];
  readonly carrierCode: string | null;
  readonly day: Day;
}

/** Rows of a sheet, by carrier and kind. */
export type FeeRow = FeeSheet['rows'][number];

/** The rate of a piece: the latest that holds on its day. */
export function rateOn(rates: readonly FeeRate[], { carrierCode, kind, day }: FeePiece): FeeRate | undefined {
  let best: FeeRate | undefined;
  for (const rate of rates)
    if (rate.carrierCode === carrierCode && rate.kind === kind && rate.from <= day && (!best || rate.from > best.from))
      best = rate;
  return best;
}

/** What a station earned: every piece once, on the first day that it counted, at that day's rate. A piece without a rate earns nothing and is shown. */
export function feeRows(pieces: readonly FeePiece[], rates: readonly FeeRate[]): FeeRow[] {
  const first = new Map<string, FeePiece>();
  for (const piece of pieces) {
    const key = `${piece.kind} ${piece.waybill}`;
    const known = first.get(key);
    if (!known || piece.day < known.day) first.set(key, piece);
  }
  const rows = new Map<string, FeeRow>();
  for (const piece of first.values()) {
    const { carrierCode, kind } = piece;
    const key = `${carrierCode ?? ''} ${kind}`;
    const row = rows.get(key) ?? { carrierCode, kind, pieces: 0, amountFen: 0, withoutRate: 0 };
    const rate = rateOn(rates, piece);
    rows.set(key, {
      ...row,
      pieces: row.pieces + 1,
      amountFen: row.amountFen + (rate?.amountFen ?? 0),
      withoutRate: row.withoutRate + (rate ? 0 : 1),
    });
  }
  return [...rows.values()].sort((a, b) => {
    // Parcels of no known carrier come last.
    const [one, other] = [a.carrierCode ?? '~', b.carrierCode ?? '~'];
    return one < other ? -1 : one > other ? 1 : FEE_KINDS.indexOf(a.kind) - FEE_KINDS.indexOf(b.kind);
  });
}
