import fc from 'fast-check';
import { columnsOf, missingColumns, readAccounts, readPeriod, readYuan, type NumberedRow } from './account.import.js';

const header = ['village', 'period', 'regime', 'line', 'mode', 'amountYuan', 'oneOff', 'note'];
const village = '990101100201';
const read = (...cells: string[][]) => {
  const rows: NumberedRow[] = cells.map((row, index) => ({ number: index + 2, cells: row }));
  return readAccounts(columnsOf(header), rows, '2023');
};

describe('the columns of an account import', () => {
  it('are found by Chinese, English and plain names in any order', () => {
    expect(columnsOf(['月份', ' 村代码 ', '金额（元）', '科目'])).toEqual({ period: 0, village: 1, amountYuan: 2, line: 3 });
    expect(columnsOf(['Month', 'Village code', 'Amount (yuan)', 'Line', 'note'])).toEqual({
      period: 0,
      village: 1,
      amountYuan: 2,
      line: 3,
      note: 4,
    });
  });

  it('are missed by name', () => {
    expect(missingColumns(columnsOf(['村代码', '备注']))).toEqual(['period', 'line', 'amountYuan']);
  });
});

describe('an account import', () => {
  it('groups rows into accounts by village and month', () => {
    const { accounts, problems } = read(
      [village, '2026-09', '', '经营收入—销售收入', '种植', '1,234.50', '', ''],
      [village, '2026-10', '2004', 'contracting', 'leasing', '500', '是', '东塘'],
      [village, '2026年9月', '2023', '管理费用', '', '88', '否', ''],
    );
    expect(problems).toEqual([]);
    expect(accounts).toEqual([
      {
        villageCode: village,
        period: '2026-09',
        regime: '2023',
        row: 2,
        lines: [
          { line: 'sales', mode: 'planting', amountFen: 123_450, oneOff: false },
          { line: 'administration', amountFen: 8_800, oneOff: false },
        ],
      },
      {
        villageCode: village,
        period: '2026-10',
        regime: '2004',
        row: 3,
        lines: [{ line: 'contracting', mode: 'leasing', amountFen: 50_000, oneOff: true, note: '东塘' }],
      },
    ]);
  });

  it('takes a row without line and amount as a month of zero', () => {
    expect(read([village, '2026-09', '', '', '', '', '', '']).accounts).toMatchObject([{ lines: [] }]);
    expect(read([village, '2026-09', '', '', '', '0', '', '']).accounts).toMatchObject([{ lines: [] }]);
  });

  it('names every problem by row and column and gives no account that has one', () => {
    const { accounts, problems } = read(
      ['12', '2026-13', '1999', 'sales', '', 'x', '', ''],
      [village, '2026-09', '', 'nonsense', 'mining', '1.234', 'perhaps', 'n'.repeat(201)],
      [village, '2026-08', '', 'sales', '', '5', '', ''],
      [village, '2026-07', '', '', '', '', '', ''],
      [village, '2026-07', '2004', 'subsidy', '', '5', '', ''],
      [village, '2026-06', '', 'subsidy', '', '-5', '', ''],
      [village, '2026-05', '', 'subsidy', '', '5', '', ''],
    );
    expect(accounts.map(({ period }) => period)).toEqual(['2026-05']);
    expect(problems.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'village', 'income_import_village'],
      [2, 'period', 'income_import_period'],
      [2, 'regime', 'income_import_regime'],
      [3, 'amountYuan', 'income_import_amount'],
      [3, 'line', 'income_line_unknown'],
      [3, 'mode', 'income_import_mode'],
      [3, 'oneOff', 'income_import_one_off'],
      [3, 'note', 'income_import_note'],
      [4, 'mode', 'income_mode_missing'],
      [5, 'line', 'income_import_zero'],
      [6, 'regime', 'income_import_regime_mixed'],
      [7, 'amountYuan', 'income_amount_negative'],
    ]);
  });
});

describe('amounts and months', () => {
  it('are read as people and spreadsheets write them', () => {
    expect(['12', '12.3', '¥1,234.56', '-0.01', '30.000000000000004', '0'].map(readYuan)).toEqual([
      1200, 1230, 123_456, -1, 3000, 0,
    ]);
    expect(['', 'abc', '1.234', '1e5', '1.2.3', '10000000000'].map(readYuan)).toEqual(Array(6).fill(undefined));
    expect(
      ['2026-10', '2026/10', '202610', '2026年1月', '2026-10-01', 'Thu Oct 01 2026 08:00:00 GMT+0800'].map(readPeriod),
    ).toEqual(['2026-10', '2026-10', '2026-10', '2026-01', '2026-10', '2026-10']);
    expect(['2026-13', '1999-01', '10-2026', ''].map(readPeriod)).toEqual(Array(4).fill(undefined));
  });

  it('survive being written with two decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (fen) => {
        const text = `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
        expect(readYuan(text)).toBe(fen);
      }),
    );
  });
});
