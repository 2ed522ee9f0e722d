/**
 * `logistics.parcel_day` is the table that logistics publishes and insight reads: one row for each parcel and each
 * (unit, day, station) on which it counts for something. It is derived from the fold of the parcel's events, so a rebuild
 * gives the same rows. What a row counts for is a set of bits in `counts`.
 */
export const PARCEL_DAY_COUNTS = {
  /** ≥ 1 accepted station event (arrived, ready, picked up, accepted) credited to the village: makes a service day. */
  service: 1,
  /** A parcel event of any source in the village: makes the brand present (M4). */
  brand: 2,
  /** First arrival at the town of a parcel addressed to the village: M6's denominator, on the day of that arrival. */
  townArrival: 4,
  /** The same parcel later reached village level: M6's numerator, on the day of the town arrival. */
  reached: 8,
  /** First arrival of an inbound parcel at village level (M10's inbound count). */
  inbound: 16,
  /** First acceptance of an outbound parcel of produce (M10's outbound count). */
  outbound: 32,
  /** A parcel with no known village, on the day it was first seen in the town: the unassigned bucket. */
  unassigned: 64,
} as const;
export type ParcelDayCount = keyof typeof PARCEL_DAY_COUNTS;

/**
 * Further bits of the same `counts`, which only logistics reads: what a station did with the parcel on that day (its day's close and its fees). Such a
 * row lies at the station's own unit, as the scan named it, and may bear nothing else.
 */
export const STATION_DAY_COUNTS = {
  /** Put on the station's shelf. */
  shelved: 128,
  /** Handed out at the station. */
  handedOut: 256,
  /** Taken in from a sender, produce or not. */
  acceptedOut: 512,
  /** An outgoing parcel that left the station. */
  dispatchedOut: 1024,
  /** Sent back by the station. */
  returned: 2048,
} as const;
export type StationDayCount = keyof typeof STATION_DAY_COUNTS;

/**
 * Tables of upflow that other services read and never write (docs/adr/0007-published-produce.md):
 *
 * - trace reads `producer`, `producer_member`, `product`, `product_certification`, `lot`, `lot_part`, `lot_input`, `lot_test`, `sale_order`, `order_line`,
 *   `allocation` and `shipment`: a certificate, a code or a recall must see what is true now, not what a copy knew a moment ago;
 * - insight reads `sale_entry`: one row for each payment, refund or payout that counts in a village on a day. `id` is made from its cause, so a
 *   repeat is the same row, and its amount is never negative: `kind` says which way the money went;
 * - logistics reads `lot`, `lot_part` and `product`, so that a parcel taken in with a lot carries the lot's category and village, and none leaves with goods
 *   that failed a test; and `shipment`, to compare freight.
 *
 * Trace also reads `station_id` of logistics' `parcel`, by county and waybill: the stations that a recall must ask.
 *
 * The other way round, upflow and logistics read trace's `recall` and `recall_lot`: a lot under a recall in force is neither set aside for an order nor
 * packed nor taken in at a counter.
 */
