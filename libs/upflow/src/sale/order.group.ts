/** A row of an order. */
export type OfOrder<T> = T & { orderId: string };

/** Looks up the rows of each order; none for an order without any. */
export function grouped<T extends { orderId: string }>(rows: readonly T[]): (orderId: string) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.orderId);
    if (group) group.push(row);
    else groups.set(row.orderId, [row]);
  }
  return (orderId) => groups.get(orderId) ?? [];
}
