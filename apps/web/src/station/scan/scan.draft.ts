/** From what the keeper typed to a scan that the API takes. Pure, no DOM. */
import { scanSchema, waybillSchema, type CarrierCode, type ExceptionKind, type Proof, type Scan } from '#contracts';
import { asksException, type PageKind } from './scan.kinds.js';

/** The choices on the page that go with every scan. */
export interface Draft {
  kind: PageKind;
  shelfCode: string;
  /** Empty: found out from the number. */
  carrierCode: CarrierCode | '';
  exception: ExceptionKind | '';
  proof: Proof | '';
}

/** What keeps a draft from being a scan; names of messages under `scan.invalid`. */
export type DraftProblem = 'waybill' | 'shelfCode' | 'exception' | 'unknown';

/** The waybill in what a scanner or a person typed, or `undefined`. Scanners add spaces and line ends; labels, dashes. */
export function readWaybill(text: string): string | undefined {
  const parsed = waybillSchema.safeParse(text.replaceAll(/\s+/g, ''));
  return parsed.success ? parsed.data : undefined;
}

/** Makes the scan, or says what is missing. */
export function scanOf(
  draft: Draft,
  text: string,
  stamp: { id: string; occurredAt: string; stationCode?: string | undefined },
): { scan: Scan } | { problem: DraftProblem } {
  const waybill = readWaybill(text);
  if (!waybill) return { problem: 'waybill' };
  const shelfCode = draft.shelfCode.trim();
  if (draft.kind === 'shelved' && (!shelfCode || shelfCode.length > 20)) return { problem: 'shelfCode' };
  if (asksException(draft.kind) && !draft.exception) return { problem: 'exception' };
  const parsed = scanSchema.safeParse({
    ...stamp,
    waybill,
    kind: draft.kind,
    ...(draft.kind === 'shelved' && { shelfCode }),
    ...(draft.carrierCode && { carrierCode: draft.carrierCode }),
    ...(asksException(draft.kind) && { exception: draft.exception }),
    ...(draft.kind === 'picked_up' && draft.proof && { proof: draft.proof }),
  });
  return parsed.success ? { scan: parsed.data } : { problem: 'unknown' };
}
