import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { DomainError } from '../http/domain.error.js';
import { readTable } from './table.reader.js';

const text = '村代码,村名\n990101001201,槐树村\n\n990101001202," 柳,树村 "\n';
const expected = {
  header: ['村代码', '村名'],
  rows: [
    { number: 2, cells: ['990101001201', '槐树村'] },
    { number: 4, cells: ['990101001202', '柳,树村'] },
  ],
};

describe('an uploaded table', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['GB18030', iconv.encode(text, 'gb18030')],
    ['CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
  ])('is read from CSV in %s, its rows numbered as in the file', async (_form, buffer) => {
    expect(await readTable({ filename: 'v.csv', buffer })).toEqual(expected);
  });

  it('is read from the first sheet of a workbook', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('a').addRows([['村代码', '村名'], ['990101001201', '槐树村'], [], [990101001202, '柳,树村']]);
    expect(await readTable({ filename: 'v.xlsx', buffer: Buffer.from(await workbook.xlsx.writeBuffer()) })).toEqual(expected);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a broken quote', Buffer.from('a,b\n"x')],
    ['half a workbook', Buffer.from('PK\u0003\u0004rest')],
  ])('that is %s is refused', async (_what, buffer) => {
    await expect(readTable({ filename: 'v', buffer })).rejects.toThrow(DomainError);
  });
});
