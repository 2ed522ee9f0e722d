/** The report of sales and its evidence as rows of a table, with titles in the reader's language. Amounts are yuan, as accountants want them. */
import type { SalesEvidenceRow, SalesReport } from '#contracts';
import { message, type Language, type TableAnswer } from '#platform';

type Cell = string | number | boolean | null | undefined;
type SalesCell = SalesReport['children'][number];

const columnIn =
  <Row>(language: Language) =>
  (name: string, value: (row: Row) => Cell): TableAnswer<Row>['columns'][number] => ({
    title: message(language, `sales.column.${name}`),
    value,
  });

const FEN_PER_YUAN = 100;
const yuan = (fen: number): number => fen / FEN_PER_YUAN;

/** The units below, a row each; a village, which has none, is itself the row. */
export function salesTable(report: SalesReport, language: Language): TableAnswer<SalesCell> {
  const column = columnIn<SalesCell>(language);
  return {
    name: `${report.unit.name}-${report.period}-${message(language, 'sales.table.report')}`,
    columns: [
      column('code', ({ unit }) => unit.code),
      column('name', ({ unit }) => unit.name),
      column('gmv', ({ facts }) => yuan(facts.gmvFen)),
      column('refund', ({ facts }) => yuan(facts.refundFen)),
      column('net', ({ facts }) => yuan(facts.netFen)),
      column('orders', ({ facts }) => facts.orders),
      column('payout', ({ facts }) => yuan(facts.payoutFen)),
      column('households', ({ facts }) => facts.households),
      column('outbound', (cell) => cell.outboundParcels),
      column('inbound', (cell) => cell.inboundParcels),
    ],
    rows: report.children.length > 0 ? report.children : [report],
  };
}

/** Entries, a row each. Order and producer are ids: names of people are in no export. */
export function salesEvidenceTable(
  name: string,
  rows: AsyncIterable<SalesEvidenceRow>,
  language: Language,
): TableAnswer<SalesEvidenceRow> {
  const column = columnIn<SalesEvidenceRow>(language);
  return {
    name: `${name}-${message(language, 'sales.table.evidence')}`,
    columns: [
      column('day', (row) => row.day),
      column('kind', (row) => message(language, `sales.kind.${row.kind}`)),
      column('code', (row) => row.village.code),
      column('name', (row) => row.village.name),
      column('amount', (row) => yuan(row.amountFen)),
      column('order', (row) => row.orderId),
      column('producer', (row) => row.producerId),
      column('household', (row) => message(language, row.household ? 'sales.yes' : 'sales.no')),
      column('id', (row) => row.id),
    ],
    rows,
  };
}
