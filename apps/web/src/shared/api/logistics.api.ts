/** Parcels, waybills and scans over HTTP. */
import type { ParcelView, Scan, ScanResult } from '#contracts';
import { api } from './api.client.js';

export interface Candidates {
  /** The carrier, when the number alone decides it. */
  decided?: string;
  candidates: ParcelView['candidates'];
}

/** `GET /api/waybills/{text}/candidates`: whose number this may be, best first. */
export async function candidatesOf(waybill: string, timeoutMs?: number): Promise<Candidates> {
  type Answer = { candidates: ParcelView['candidates']; decided?: string | null };
  const path = `/api/waybills/${encodeURIComponent(waybill)}/candidates`;
  const answer = await api<Answer>(path, { ...(timeoutMs && { timeoutMs }) });
  const { decided } = answer;
  return { candidates: answer.candidates, ...(decided && { decided }) };
}

/** `GET /api/parcels/{waybill}`. */
export function parcelOf(waybill: string): Promise<ParcelView> {
  return api<ParcelView>(`/api/parcels/${encodeURIComponent(waybill)}`);
}

/** Sends one scan straight away (a check-in means nothing an hour later) and gives the server's answer for it. */
export async function sendScan(scan: Scan): Promise<ScanResult | undefined> {
  const answer = await api<{ results: ScanResult[] }>('/api/scans', { method: 'POST', body: { scans: [scan] } });
  return answer.results[0];
}
