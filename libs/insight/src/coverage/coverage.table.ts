/** The report and its evidence as rows of a table, with titles in the reader's language. */
import { COVERAGE_METRIC_NAMES, type Coverage, type CoverageEvidenceRow } from '#contracts';
import { message, type Language, type TableAnswer } from '#platform';

type Column<Row> = TableAnswer<Row>['columns'][number];
type Cell = string | number | boolean | null | undefined;

/** Children of a report: a row a unit, a column a figure. */
export function childrenTable(report: Coverage, language: Language): TableAnswer<Coverage['children'][number]> {
  const column = columnIn<Coverage['children'][number]>(language);
  return {
    name: `${report.unit.name}-${report.period}-${message(language, 'coverage.table.children')}`,
    columns: [
      column('code', (child) => child.unit.code),
      column('name', (child) => child.unit.name),
      column('villages', (child) => child.villages),
      ...COVERAGE_METRIC_NAMES.map((metric) => column(metric, (child) => child.metrics[metric].value)),
      column('status', (child) => child.assessment && message(language, `coverage.status.${child.assessment.status}`)),
      column('serviceDays', (child) => child.assessment?.serviceDays),
      column('requiredDays', (child) => child.assessment?.requiredDays),
      column('longestGapDays', (child) => child.assessment?.longestGapDays),
      column('manualOnly', (child) => child.assessment && yesNo(language, child.assessment.manualOnly)),
    ],
    rows: report.children,
  };
}

/** Evidence of a figure: every kind of row in the same columns, empty where a kind has nothing to say. */
export function evidenceTable(
  name: string,
  rows: AsyncIterable<CoverageEvidenceRow>,
  language: Language,
): TableAnswer<CoverageEvidenceRow> {
  const column = columnIn<CoverageEvidenceRow>(language);
  const words = (kind: string, code: string | undefined): Cell => code && message(language, `coverage.${kind}.${code}`);
  const parcel = (row: CoverageEvidenceRow) => (row.kind === 'parcel' ? row : undefined);
  const village = (row: CoverageEvidenceRow) => (row.kind === 'village' ? row : undefined);
  const relation = (row: CoverageEvidenceRow) => (row.kind === 'relation' ? row : undefined);
  return {
    name: `${name}-${message(language, 'coverage.table.evidence')}`,
    columns: [
      column('kind', (row) => words('kind', row.kind)),
      column('code', (row) => village(row)?.unit.code),
      column('name', (row) => village(row)?.unit.name),
      column('day', (row) => ('day' in row ? row.day : undefined)),
      column('waybill', (row) => parcel(row)?.waybill),
      column('carrier', (row) => ('carrierCode' in row ? row.carrierCode : undefined)),
      column('station', (row) => ('stationCode' in row ? row.stationCode : undefined)),
      column('counts', (row) =>
        parcel(row)
          ?.counts.map((count) => words('count', count))
          .join(' '),
      ),
      column('mode', (row) => words('mode', relation(row)?.mode)),
      column('validFrom', (row) => relation(row)?.validFrom),
      column('validTo', (row) => relation(row)?.validTo),
      column('numerator', (row) => village(row)?.numerator ?? (parcel(row) && Number(parcel(row)?.inNumerator))),
      column('denominator', (row) => village(row)?.denominator ?? (parcel(row) && Number(parcel(row)?.inDenominator))),
      column('status', (row) => words('status', village(row)?.assessment.status)),
      ...(['effectiveDays', 'suspendedDays', 'eligibleDays', 'requiredDays', 'serviceDays', 'longestGapDays'] as const).map(
        (name) => column(name, (row) => village(row)?.assessment[name]),
      ),
      column('brands', (row) => village(row)?.assessment.brands.join(' ')),
      column('relapsed', (row) => village(row) && yesNo(language, village(row)?.assessment.relapsed)),
      column('manualOnly', (row) => village(row) && yesNo(language, village(row)?.assessment.manualOnly)),
    ],
    rows,
  };
}

const columnIn =
  <Row>(language: Language) =>
  (name: string, value: (row: Row) => Cell): Column<Row> => ({ title: message(language, `coverage.column.${name}`), value });

const yesNo = (language: Language, holds: boolean | undefined): string =>
  message(language, holds ? 'coverage.yes' : 'coverage.no');
