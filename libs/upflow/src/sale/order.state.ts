import type { OrderState, ParcelStage } from '#contracts';

/** All that an order's state depends on. */
export interface OrderSituation {
  /** The channel closed it. */
  readonly cancelled: boolean;
  readonly lines: readonly { readonly id: string; readonly amountFen: number; readonly refundedFen: number }[];
  readonly allocations: readonly { readonly lineId: string; readonly shipmentId: string | null }[];
  readonly shipments: readonly { readonly stage: ParcelStage }[];
}

/** What a parcel's stage means to its order. */
type Journey = 'waiting' | 'under_way' | 'delivered' | 'came_back' | 'never_left';

/**
 * What a stage means to the order. `unknown` comes of an event that the carrier told and we cannot read: the carrier has the parcel. A parcel that
 * was collected by its recipient was delivered.
 */
export function journeyOf(stage: ParcelStage): Journey {
  switch (stage) {
    case 'announced':
      return 'waiting';
    case 'cancelled':
      return 'never_left';
    case 'collected':
    case 'delivered':
      return 'delivered';
    case 'returned':
      return 'came_back';
    case 'accepted':
    case 'in_transit':
    case 'at_county':
    case 'at_town':
    case 'out_for_delivery':
    case 'at_station':
    case 'returning':
    case 'transferred':
    case 'lost':
    case 'unknown':
      return 'under_way';
  }
}

/**
 * The state of an order (the table of libs/contracts/src/order.schema.ts, in words in docs/domain/sales.md). It is a function of the situation, never
 * of the state before, so that events may come late, twice or in any order.
 */
export function orderState(order: OrderSituation): OrderState {
  if (order.cancelled) return 'cancelled';
  const amount = order.lines.reduce((sum, line) => sum + line.amountFen, 0);
  const refunded = order.lines.reduce((sum, line) => sum + line.refundedFen, 0);
  if (amount > 0 && refunded >= amount) return 'refunded';
  const covered = new Set(order.allocations.map(({ lineId }) => lineId));
  const allocated = order.lines.length > 0 && order.lines.every(({ id }) => covered.has(id));
  const packed = allocated && order.allocations.every(({ shipmentId }) => shipmentId !== null);
  // What was in a parcel that the carrier cancelled is packed anew: that parcel tells nothing of the order.
  const journeys = order.shipments.map(({ stage }) => journeyOf(stage)).filter((journey) => journey !== 'never_left');
  if (packed && journeys.length > 0) {
    if (journeys.every((journey) => journey === 'came_back')) return 'returned';
    // A parcel that came back is not one that could still be delivered.
    if (journeys.every((journey) => journey === 'delivered' || journey === 'came_back')) return 'delivered';
  }
  if (journeys.some((journey) => journey !== 'waiting')) return 'shipped';
  return packed ? 'packed' : allocated ? 'allocated' : 'paid';
}
