/** Orders, their import and payouts over HTTP. Money in fen, weights in grams. */
import type {
  AllocationInput,
  Channel,
  ImportColumns,
  OrderImportResult,
  OrderListItem,
  OrderView,
  Page,
  PayoutInput,
  PayoutLineView,
  PayoutView,
  ShipmentInput,
} from '#contracts';
import { api, pathOf, upload } from './api.client.js';

type Query = Readonly<Record<string, string | number | undefined>>;
export const ORDERS = '/api/orders';
const orderPath = (id: string) => `${ORDERS}/${encodeURIComponent(id)}`;

/** `GET /api/orders`: newest first. */
export function orderList(query: Query): Promise<Page<OrderListItem>> {
  return api(ORDERS, { query });
}

/** `GET /api/orders/{id}`. */
export function orderOf(id: string): Promise<OrderView> {
  return api(orderPath(id));
}

/** `POST /api/orders/{id}/allocations`; without a list, each line takes from the oldest harvest of its product. */
export function allocate(orderId: string, input: AllocationInput): Promise<unknown> {
  return api(`${orderPath(orderId)}/allocations`, { method: 'POST', body: input });
}

/** `POST /api/orders/{id}/shipments`: a parcel with its waybill. */
export function pack(orderId: string, input: ShipmentInput): Promise<unknown> {
  return api(`${orderPath(orderId)}/shipments`, { method: 'POST', body: input });
}

/** `POST /api/orders/import`: a channel's export; a preview stores nothing. */
export function importOrders(
  file: File,
  query: { channel: Channel; sellerId: string; preview: boolean; mapping?: ImportColumns },
): Promise<OrderImportResult> {
  const { mapping, preview, ...rest } = query;
  const asked = { ...rest, preview: String(preview), ...(mapping && { mapping: JSON.stringify(mapping) }) };
  return upload(pathOf(`${ORDERS}/import`, asked), file);
}

export const PAYOUTS = '/api/payouts';
const payoutPath = (id: string) => `${PAYOUTS}/${encodeURIComponent(id)}`;

/** `GET /api/payouts`: newest first. */
export function payoutList(query: Query = {}): Promise<Page<PayoutView>> {
  return api(PAYOUTS, { query });
}

/** `GET /api/payouts/{id}`. */
export function payoutOf(id: string): Promise<PayoutView> {
  return api(payoutPath(id));
}

/** `GET /api/payouts/{id}/lines`. */
export function payoutLines(id: string, cursor?: string): Promise<Page<PayoutLineView>> {
  return api(`${payoutPath(id)}/lines`, { query: { cursor } });
}

/** `POST /api/payouts`: makes a sheet of the order lines of a span of days. */
export function makePayout(input: PayoutInput): Promise<PayoutView> {
  return api(PAYOUTS, { method: 'POST', body: input });
}

/** `POST /api/payouts/{id}/paid`. */
export function markPaid(id: string, paidAt: string): Promise<unknown> {
  return api(`${payoutPath(id)}/paid`, { method: 'POST', body: { paidAt } });
}
