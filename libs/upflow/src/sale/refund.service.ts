import { Injectable } from '@nestjs/common';
import type { OrderView, RefundInput } from '#contracts';
import { DirectoryReader } from '#directory';
import { Database, DomainError, invalid, type Tx } from '#platform';
import { OrderReader } from './order.reader.js';
import { OrderRefresher } from './order.refresher.js';
import { lockOrder, type SaleActor } from './order.scope.js';

/** Refunds of orders, of a line or of the whole. */
@Injectable()
export class RefundService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly reader: OrderReader,
    private readonly refresher: OrderRefresher,
  ) {}

  /**
   * Records a refund. Sent again, it changes nothing.
   * @throws DomainError `not_found` 404, `invalid_input` 400 for an unknown line, `refund_exceeds` 409 beyond what was paid, `refund_id_taken` 409
   */
  async refund(actor: SaleActor, orderId: string, input: RefundInput): Promise<OrderView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const order = await lockOrder(tx, snapshot, actor, orderId);
      if (await this.known(tx, orderId, input)) return this.reader.view(tx, orderId);
      assertWithin(await this.reader.view(tx, orderId), input);
      const added = await tx.query(
        `insert into upflow.refund (id, order_id, line_id, amount_fen, refunded_at, reason, created_by)
         values ($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::timestamptz, $6, $7::uuid) on conflict do nothing returning 1`,
        [input.id, orderId, input.lineId ?? null, input.amountFen, input.refundedAt, input.reason ?? null, actor.id],
      );
      if (added.length === 0) throw new DomainError('refund_id_taken', 409);
      await this.refresher.refresh(tx, order.countyCode, [orderId]);
      return this.reader.view(tx, orderId);
    });
  }

  private async known(tx: Tx, orderId: string, input: RefundInput): Promise<boolean> {
    const [row] = await tx.query<{ orderId: string; lineId: string | null; amountFen: number; at: Date; reason: string | null }>(
      `select order_id as "orderId", line_id as "lineId", amount_fen as "amountFen", refunded_at as at, reason from upflow.refund where id = $1::uuid`,
      [input.id],
    );
    if (!row) return false;
    const same =
      row.orderId === orderId &&
      row.lineId === (input.lineId ?? null) &&
      row.amountFen === input.amountFen &&
      row.at.getTime() === Date.parse(input.refundedAt) &&
      row.reason === (input.reason ?? null);
    if (!same) throw new DomainError('refund_id_taken', 409);
    return true;
  }
}

function assertWithin(order: OrderView, input: RefundInput): void {
  const line = order.lines.find(({ id }) => id === input.lineId);
  if (input.lineId !== undefined && !line) throw invalid([{ path: 'lineId', code: 'line_unknown', message: input.lineId }]);
  const before = order.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const ofLine = order.refunds.reduce((sum, { lineId, amountFen }) => sum + (lineId === line?.id ? amountFen : 0), 0);
  const wholeLeft = order.amountFen + order.freightFen - before;
  const left = line ? Math.min(wholeLeft, line.amountFen - ofLine) : wholeLeft;
  if (input.amountFen > left) throw new DomainError('refund_exceeds', 409, { leftFen: Math.max(0, left) });
}
