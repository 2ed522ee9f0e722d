/** What a seller does next with an order, and what a parcel of it weighs. Pure, no DOM. */
import type { OrderState, OrderView } from '#contracts';

/** `allocate`: lines need lots. `pack`: lots wait for a parcel. `track`: parcels are under way. `done`: nothing is left to do. */
export type OrderStep = 'allocate' | 'pack' | 'track' | 'done';

const ENDED: readonly OrderState[] = ['delivered', 'returned', 'refunded', 'cancelled'];

/** Allocations that are in no parcel yet. */
export function unpackedOf(order: Pick<OrderView, 'lines'>): OrderView['lines'][number]['allocations'] {
  return order.lines.flatMap((line) => line.allocations.filter((allocation) => allocation.shipmentId === null));
}

/** The one main action of an order. */
export function nextOrderStep(order: Pick<OrderView, 'state' | 'lines'>): OrderStep {
  if (ENDED.includes(order.state)) return 'done';
  if (order.state === 'paid') return 'allocate';
  return unpackedOf(order).length ? 'pack' : 'track';
}

/** Grams that the next parcel holds, before wrapping. */
export function nextParcelG(order: Pick<OrderView, 'lines'>): number {
  return unpackedOf(order).reduce((sum, allocation) => sum + allocation.quantityG, 0);
}
