/** Producers, products and lots over HTTP. Weights in grams. */
import type {
  CertificateInput,
  CertificateView,
  LotHarvest,
  LotListItem,
  LotTestInput,
  LotTransform,
  LotView,
  Page,
  ProducerView,
  ProductInput,
  ProductView,
  ReportView,
  StockCorrection,
  StockEntryView,
} from '#contracts';
import { api, upload } from './api.client.js';

type Query = Readonly<Record<string, string | number | undefined>>;

/** `GET /api/producers`: those that the person acts for, or those of a unit. */
export function producerList(query: Query = {}): Promise<Page<ProducerView>> {
  return api('/api/producers', { query });
}

/** `GET /api/products`. */
export function productList(query: Query = {}): Promise<Page<ProductView>> {
  return api('/api/products', { query });
}

/** `POST /api/products`. */
export function addProduct(input: ProductInput): Promise<ProductView> {
  return api('/api/products', { method: 'POST', body: input });
}

/** `GET /api/products/categories`: every category with its name. */
export async function categoryList(): Promise<{ code: string; name: string }[]> {
  return (await api<{ items: { code: string; name: string }[] }>('/api/products/categories')).items;
}

export const LOTS = '/api/lots';
const lotPath = (id: string) => `${LOTS}/${encodeURIComponent(id)}`;

/** `GET /api/lots`: newest first. */
export function lotList(query: Query): Promise<Page<LotListItem>> {
  return api(LOTS, { query });
}

/** `GET /api/lots/{id}`. */
export function lotOf(id: string): Promise<LotView> {
  return api(lotPath(id));
}

/** `POST /api/lots`: a harvest; sent again, it answers the same lot. */
export function addHarvest(harvest: LotHarvest): Promise<LotView> {
  return api(LOTS, { method: 'POST', body: harvest });
}

/** `POST /api/lots/{id}/tests`. */
export function addTest(lotId: string, test: LotTestInput): Promise<unknown> {
  return api(`${lotPath(lotId)}/tests`, { method: 'POST', body: test });
}

/** `POST /api/reports`: a photo or PDF of a test report. */
export function addReport(file: File): Promise<ReportView> {
  return upload('/api/reports', file);
}

/** `POST /api/lots/transform`: split, mix or repack. */
export function transformLots(input: LotTransform): Promise<unknown> {
  return api(`${LOTS}/transform`, { method: 'POST', body: input });
}

/** `GET /api/lots/{id}/stock`: every movement, newest first. */
export function stockOf(lotId: string, cursor?: string): Promise<Page<StockEntryView>> {
  return api(`${lotPath(lotId)}/stock`, { query: { cursor } });
}

/** `POST /api/lots/{id}/stock`: grams lost, or the stock as counted. */
export function correctStock(lotId: string, input: StockCorrection): Promise<unknown> {
  return api(`${lotPath(lotId)}/stock`, { method: 'POST', body: input });
}

/** The certificate in force of a lot; `undefined` when none was issued. */
export async function certificateOf(lotId: string): Promise<CertificateView | undefined> {
  // The list answers an empty page where the lot's own path answers 404: a lot without a certificate is no fault.
  const { items } = await api<Page<CertificateView>>('/api/certificates', { query: { lot: lotId, limit: 1 } });
  return items[0];
}

/** `POST /api/lots/{id}/certificate`. */
export function issueCertificate(lotId: string, input: CertificateInput): Promise<CertificateView> {
  return api(`${lotPath(lotId)}/certificate`, { method: 'POST', body: input });
}

/** The certificate as a PDF. */
export function certificatePrintPath(id: string): string {
  return `/api/certificates/${encodeURIComponent(id)}/print`;
}
