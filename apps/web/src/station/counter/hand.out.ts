/** Handing parcels out, as data: what may go, what is written down. Pure. */
import type { Proof, ProofRecord, Scan } from '#contracts';
import { isHeld, type BookedParcel } from '../shelf/shelf.book.js';

/** How the person at the counter shows that the parcel is theirs. */
export type HandOutWay = 'pickup_code' | 'self' | 'named_proxy' | 'photo' | 'signature';
export const HAND_OUT_WAYS: readonly HandOutWay[] = ['pickup_code', 'self', 'named_proxy', 'photo', 'signature'];

/** A signature shows that the recipient was there. */
const PROOF_OF: Readonly<Record<HandOutWay, Proof>> = {
  pickup_code: 'pickup_code',
  self: 'self',
  named_proxy: 'named_proxy',
  photo: 'photo',
  signature: 'self',
};

export interface HandOutDraft {
  readonly parcels: readonly BookedParcel[];
  readonly way: HandOutWay | undefined;
  readonly proxyName: string;
  readonly picture: ProofRecord['picture'];
}

/** Why parcels cannot go yet; names of messages under `handOut.missing`. */
export type HandOutProblem = 'parcels' | 'intercepted' | 'way' | 'proxy' | 'picture';

/** What keeps the hand-out from being done, or `undefined`. A parcel that is to be held back never leaves. */
export function handOutProblem({ parcels, way, proxyName, picture }: HandOutDraft): HandOutProblem | undefined {
  if (parcels.length === 0) return 'parcels';
  if (parcels.some(isHeld)) return 'intercepted';
  if (way === undefined) return 'way';
  if (way === 'named_proxy' && proxyName.trim() === '') return 'proxy';
  if ((way === 'photo' || way === 'signature') && !picture) return 'picture';
  return undefined;
}

/** The records of a hand-out: a scan a parcel, and one proof for all where there is more to keep than its kind. */
export function handOutRecords(
  draft: HandOutDraft,
  stamp: { occurredAt: string; stationCode?: string | undefined; newId: () => string },
): { scans: Scan[]; proof?: ProofRecord } {
  const { occurredAt, stationCode, newId } = stamp;
  const { way = 'self', parcels, picture } = draft;
  const place = { occurredAt, ...(stationCode !== undefined && { stationCode }) };
  const scans = parcels.map(({ waybill }): Scan => ({ id: newId(), kind: 'picked_up', waybill, proof: PROOF_OF[way], ...place }));
  if (way === 'pickup_code' || way === 'self') return { scans };
  const proof: ProofRecord = {
    id: newId(),
    ...place,
    kind: way,
    waybills: parcels.map(({ waybill }) => waybill),
    ...(way === 'named_proxy' && { proxyName: draft.proxyName.trim() }),
    ...(picture && { picture }),
  };
  return { scans, proof };
}
