import type { LotListItem, StockEntryView } from '#contracts';
import { message, type Language } from '#platform';

/** Columns of a table of lots. */
export function lotColumns(language: Language) {
  const title = (column: string) => message(language, `upflow.column.${column}`);
  return [
    { title: title('id'), value: (row: LotListItem) => row.id },
    { title: title('lotNo'), value: (row: LotListItem) => row.lotNo },
    { title: title('origin'), value: (row: LotListItem) => message(language, `upflow.origin.${row.origin}`) },
    { title: title('productName'), value: (row: LotListItem) => row.product.name },
    { title: title('categoryCode'), value: (row: LotListItem) => row.product.categoryCode },
    { title: title('producerName'), value: (row: LotListItem) => row.producer.name },
    { title: title('villageCode'), value: (row: LotListItem) => row.village.code },
    { title: title('villageName'), value: (row: LotListItem) => row.village.name },
    { title: title('harvestedOn'), value: (row: LotListItem) => row.harvestedOn },
    { title: title('quantityG'), value: (row: LotListItem) => row.quantityG },
    { title: title('stockG'), value: (row: LotListItem) => row.stockG },
    {
      title: title('flags'),
      value: (row: LotListItem) => row.flags.map((flag) => message(language, `upflow.flag.${flag}`)).join('; '),
    },
    { title: title('createdAt'), value: (row: LotListItem) => row.createdAt },
  ];
}

/** Columns of a table of stock entries. */
export function stockColumns(language: Language) {
  const title = (column: string) => message(language, `upflow.column.${column}`);
  return [
    { title: title('at'), value: (row: StockEntryView) => row.at },
    { title: title('kind'), value: (row: StockEntryView) => message(language, `upflow.stock.${row.kind}`) },
    { title: title('deltaG'), value: (row: StockEntryView) => row.deltaG },
    { title: title('note'), value: (row: StockEntryView) => row.note },
  ];
}
