import ExcelJS from 'exceljs';
import { INCOME_MODES, type AccountingRegime } from '#contracts';
import { message, type Language } from '#platform';
import { IMPORT_COLUMNS } from './account.import.js';
import { INCOME_LINES, lineMessage } from './income.lines.js';

/** Rows that the template prepares for typing. */
const PREPARED_ROWS = 500;
const WIDTHS = [16, 12, 10, 34, 12, 16, 10, 30];

/** An XLSX workbook to fill in: a sheet of accounts with lists to choose from, and a sheet that names the regime's lines. */
export async function accountTemplate(regime: AccountingRegime, language: Language): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  addAccounts(workbook.addWorksheet(message(language, 'income.sheet.accounts')), regime, language);
  addLines(workbook.addWorksheet(message(language, 'income.sheet.lines')), regime, language);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function addAccounts(sheet: ExcelJS.Worksheet, regime: AccountingRegime, language: Language): void {
  sheet.columns = IMPORT_COLUMNS.map((column, index) => ({
    header: message(language, `income.column.${column}`),
    key: column,
    width: WIDTHS[index] ?? 12,
    // Codes and months are text: a spreadsheet would round the one and make dates of the other.
    style: { numFmt: column === 'amountYuan' ? '#,##0.00' : '@' },
  }));
  sheet.getRow(1).font = { bold: true };
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
  const lineSheet = message(language, 'income.sheet.lines');
  const lists = {
    regime: `"${regime}"`,
    line: `'${lineSheet}'!$B$2:$B$${INCOME_LINES[regime].length + 1}`,
    mode: `"${INCOME_MODES.map((mode) => message(language, `income.mode.${mode}`)).join(',')}"`,
    oneOff: `"${message(language, 'income.yes')},${message(language, 'income.no')}"`,
  };
  for (const [column, formula] of Object.entries(lists)) {
    for (let row = 2; row <= PREPARED_ROWS + 1; row += 1)
      sheet.getCell(row, IMPORT_COLUMNS.indexOf(column as (typeof IMPORT_COLUMNS)[number]) + 1).dataValidation = {
        type: 'list',
        allowBlank: true,
        formulae: [formula],
      };
  }
}

function addLines(sheet: ExcelJS.Worksheet, regime: AccountingRegime, language: Language): void {
  sheet.columns = [
    { header: message(language, 'income.column.lineCode'), width: 26 },
    { header: message(language, 'income.column.line'), width: 44 },
    { header: message(language, 'income.column.lineClass'), width: 20 },
    { header: message(language, 'income.column.mode'), width: 34 },
  ];
  sheet.getRow(1).font = { bold: true };
  for (const { code, lineClass, modes } of INCOME_LINES[regime]) {
    sheet.addRow([
      code,
      message(language, lineMessage(regime, code)),
      message(language, `income.class.${lineClass}`),
      modes.map((mode) => message(language, `income.mode.${mode}`)).join('、'),
    ]);
  }
}
