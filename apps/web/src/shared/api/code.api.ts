/** Printed codes over HTTP. */
import type { CodeBatch, CodeOrder, CodeSummary, CodeView, Page } from '#contracts';
import { api, pathOf } from './api.client.js';

const BATCHES = '/api/code-batches';
const batchPath = (id: string) => `${BATCHES}/${encodeURIComponent(id)}`;

/** `POST /api/lots/{id}/codes`: orders a batch; it is made in the background. */
export function orderCodes(lotId: string, order: CodeOrder): Promise<CodeBatch> {
  return api(`/api/lots/${encodeURIComponent(lotId)}/codes`, { method: 'POST', body: order });
}

/** `GET /api/code-batches?lot=`. */
export async function batchesOf(lotId: string): Promise<CodeBatch[]> {
  return (await api<Page<CodeBatch>>(BATCHES, { query: { lot: lotId } })).items;
}

/** `GET /api/code-batches/{id}`. */
export function batchOf(id: string): Promise<CodeBatch> {
  return api(batchPath(id));
}

/** `POST /api/code-batches/{id}/pause` and `/resume`. */
export function steerBatch(id: string, action: 'pause' | 'resume'): Promise<unknown> {
  return api(`${batchPath(id)}/${action}`, { method: 'POST' });
}

/** `GET /api/lots/{id}/codes/summary`: a lot's codes in numbers. */
export function codeSummaryOf(lotId: string): Promise<CodeSummary> {
  return api(`/api/lots/${encodeURIComponent(lotId)}/codes/summary`);
}

/** `GET /api/codes?lot=`. */
export function codeList(query: { lot: string; cursor?: string; limit?: number }): Promise<Page<CodeView>> {
  return api('/api/codes', { query });
}

export const LABEL_FORMS = ['a4', 'thermal'] as const;
export type LabelForm = (typeof LABEL_FORMS)[number];

/** The labels of a batch as a PDF; `from` counts from 0. */
export function labelsPath(batchId: string, form: LabelForm, part: { from: number; limit: number }): string {
  return pathOf(`${batchPath(batchId)}/labels.pdf`, { form, ...part });
}
