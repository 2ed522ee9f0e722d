import fc from 'fast-check';
import { FEE_KINDS, type FeeRate } from '#contracts';
import { feeRows, rateOn, type FeePiece } from './fee.sheet.js';

const RATES: FeeRate[] = [
  { carrierCode: 'YTO', kind: 'handed_out', from: '2026-10-15', amountFen: 40 },
  { carrierCode: 'YTO', kind: 'handed_out', from: '2026-01-01', amountFen: 30 },
  { carrierCode: 'YTO', kind: 'accepted_out', from: '2026-01-01', amountFen: 100 },
];
const piece = (waybill: string, day: string, fields: Partial<FeePiece> = {}): FeePiece => ({
  waybill,
  day,
  kind: 'handed_out',
  carrierCode: 'YTO',
  ...fields,
});

describe('A sheet of fees', () => {
  it("pays each piece at its day's rate, by carrier and kind", () => {
    expect(
      feeRows(
        [
          piece('A', '2026-10-14'),
          piece('B', '2026-10-15'),
          piece('B', '2026-10-15', { kind: 'accepted_out' }),
          piece('C', '2025-12-31'),
          piece('D', '2026-10-20', { carrierCode: 'ZTO' }),
          piece('E', '2026-10-20', { carrierCode: null }),
        ],
        RATES,
      ),
    ).toEqual([
      { carrierCode: 'YTO', kind: 'handed_out', pieces: 3, amountFen: 70, withoutRate: 1 },
      { carrierCode: 'YTO', kind: 'accepted_out', pieces: 1, amountFen: 100, withoutRate: 0 },
      { carrierCode: 'ZTO', kind: 'handed_out', pieces: 1, amountFen: 0, withoutRate: 1 },
      { carrierCode: null, kind: 'handed_out', pieces: 1, amountFen: 0, withoutRate: 1 },
    ]);
  });

  it('pays a piece once, on its first day', () => {
    expect(feeRows([piece('A', '2026-10-16'), piece('A', '2026-10-14')], RATES)).toMatchObject([{ pieces: 1, amountFen: 30 }]);
  });

  it('has every piece in just one row, whatever their order', () => {
    const pieces = fc.array(
      fc.record({
        waybill: fc.constantFrom('A', 'B', 'C'),
        day: fc.constantFrom('2026-10-01', '2026-10-15', '2026-10-31'),
        kind: fc.constantFrom(...FEE_KINDS),
        carrierCode: fc.constantFrom('YTO', 'ZTO', null),
      }),
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const rows = feeRows(all, RATES);
        expect(rows.reduce((sum, row) => sum + row.pieces, 0)).toBe(new Set(all.map((one) => one.kind + one.waybill)).size);
        for (const row of rows) expect(row.withoutRate).toBeLessThanOrEqual(row.pieces);
        const sum = (list: readonly { amountFen: number }[]) => list.reduce((total, { amountFen }) => total + amountFen, 0);
        // A waybill whose carrier is told differently on one day is paid by either; apart from that, order changes nothing.
        if (new Set(all.map(({ carrierCode }) => carrierCode)).size <= 1)
          expect(sum(feeRows([...all].reverse(), RATES))).toBe(sum(rows));
      }),
    );
  });
});

describe('The rate of a piece', () => {
  it('is the latest that had begun', () => {
    expect(rateOn(RATES, piece('A', '2025-12-31'))).toBeUndefined();
    expect(rateOn(RATES, piece('A', '2026-10-14'))?.amountFen).toBe(30);
    expect(rateOn(RATES, piece('A', '2026-10-15'))?.amountFen).toBe(40);
  });
});
