/** Alerts of copied labels, reports of fakes, and recalls over HTTP. */
import type {
  AlertDecision,
  AlertView,
  CodeScanView,
  FakeReportDecision,
  FakeReportView,
  Page,
  RecallInput,
  RecallReach,
  RecallRow,
  RecallView,
} from '#contracts';
import { api } from './api.client.js';

type Query = Readonly<Record<string, string | number | undefined>>;

/** `GET /api/alerts`: newest first. */
export function alertList(query: Query): Promise<Page<AlertView>> {
  return api('/api/alerts', { query });
}

/** `GET /api/alerts/{id}/scans`: what the alert was raised for. */
export async function alertScans(id: string): Promise<CodeScanView[]> {
  return (await api<Page<CodeScanView>>(`/api/alerts/${encodeURIComponent(id)}/scans`)).items;
}

/** `POST /api/alerts/{id}/decide`. */
export function decideAlert(id: string, decision: AlertDecision): Promise<unknown> {
  return api(`/api/alerts/${encodeURIComponent(id)}/decide`, { method: 'POST', body: decision });
}

/** `GET /api/fake-reports`: newest first. */
export function fakeReportList(query: Query): Promise<Page<FakeReportView>> {
  return api('/api/fake-reports', { query });
}

/** `POST /api/fake-reports/{id}/decide`. */
export function decideFakeReport(id: string, decision: FakeReportDecision): Promise<unknown> {
  return api(`/api/fake-reports/${encodeURIComponent(id)}/decide`, { method: 'POST', body: decision });
}

/** `GET /api/lots/{id}/reach`: how far a recall of the lot would reach; starts nothing. */
export function reachOf(lotId: string, scope: RecallInput['scope']): Promise<RecallReach> {
  return api(`/api/lots/${encodeURIComponent(lotId)}/reach`, { query: { scope } });
}

/** `GET /api/recalls`: newest first. */
export function recallList(query: Query = {}): Promise<Page<RecallView>> {
  return api('/api/recalls', { query });
}

/** `GET /api/recalls/{id}`. */
export function recallOf(id: string): Promise<RecallView> {
  return api(`/api/recalls/${encodeURIComponent(id)}`);
}

/** `POST /api/recalls`: consumers are warned from that moment. */
export function startRecall(input: RecallInput): Promise<RecallView> {
  return api('/api/recalls', { method: 'POST', body: input });
}

/** Path of the rows that a recall reaches. */
export function recallRowsPath(id: string): string {
  return `/api/recalls/${encodeURIComponent(id)}/rows`;
}

/** `GET /api/recalls/{id}/rows?kind=`. */
export function recallRows(id: string, query: Query): Promise<Page<RecallRow>> {
  return api(recallRowsPath(id), { query });
}

/** `POST /api/recalls/{id}/end`. */
export function endRecall(id: string, note: string): Promise<RecallView> {
  return api(`/api/recalls/${encodeURIComponent(id)}/end`, { method: 'POST', body: { note } });
}
