import type { FreightRow, OrderListItem, PayoutLineView } from '#contracts';
import { message, type Language } from '#platform';

/** Yuan with two decimals, as a spreadsheet adds them up. */
const yuan = (fen: number) => fen / 100;
const titles = (language: Language) => (column: string) => message(language, `upflow.sale.${column}`);

/** Columns of a table of orders; buyers are masked. */
export function orderColumns(language: Language) {
  const title = titles(language);
  return [
    { title: title('channel'), value: (row: OrderListItem) => message(language, `upflow.channel.${row.channel}`) },
    { title: title('channelOrderNo'), value: (row: OrderListItem) => row.channelOrderNo },
    { title: title('seller'), value: (row: OrderListItem) => row.seller.name },
    { title: title('state'), value: (row: OrderListItem) => message(language, `upflow.orderState.${row.state}`) },
    { title: title('paidAt'), value: (row: OrderListItem) => row.paidAt },
    { title: title('goods'), value: (row: OrderListItem) => row.goods },
    { title: title('amount'), value: (row: OrderListItem) => yuan(row.amountFen) },
    { title: title('refunded'), value: (row: OrderListItem) => yuan(row.refundedFen) },
    { title: title('freight'), value: (row: OrderListItem) => yuan(row.freightFen) },
    { title: title('buyer'), value: (row: OrderListItem) => row.buyer.name },
    { title: title('phone'), value: (row: OrderListItem) => row.buyer.phone },
    { title: title('address'), value: (row: OrderListItem) => row.buyer.address },
  ];
}

/** Columns of a payout sheet's shares. */
export function payoutLineColumns(language: Language) {
  const title = titles(language);
  return [
    { title: title('producer'), value: (row: PayoutLineView) => row.producer.name },
    { title: title('kind'), value: (row: PayoutLineView) => message(language, `upflow.payoutLine.${row.kind}`) },
    { title: title('channel'), value: (row: PayoutLineView) => message(language, `upflow.channel.${row.channel}`) },
    { title: title('channelOrderNo'), value: (row: PayoutLineView) => row.channelOrderNo },
    { title: title('goods'), value: (row: PayoutLineView) => row.sku },
    { title: title('lotNo'), value: (row: PayoutLineView) => row.lotNo },
    { title: title('weightG'), value: (row: PayoutLineView) => row.weightG },
    { title: title('payout'), value: (row: PayoutLineView) => yuan(row.amountFen) },
  ];
}

/** Columns of the comparison of freight. */
export function freightColumns(language: Language) {
  const title = titles(language);
  return [
    { title: title('carrier'), value: (row: FreightRow) => row.carrierCode },
    { title: title('province'), value: (row: FreightRow) => row.province },
    { title: title('parcels'), value: (row: FreightRow) => row.parcels },
    { title: title('weightG'), value: (row: FreightRow) => row.weightG },
    { title: title('freight'), value: (row: FreightRow) => yuan(row.freightFen) },
    { title: title('perKg'), value: (row: FreightRow) => yuan(row.fenPerKg) },
  ];
}
