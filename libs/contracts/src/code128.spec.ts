import fc from 'fast-check';
import { readCode128, readGs1Bars } from '../../../test/factories/rendered.pdf.js';
import { drawCode128, drawGs1Bars, QUIET_BARS, type BarDrawing } from './code128.js';

/** Bars as a picture, each module some dots wide. */
function picture({ modules, bars }: BarDrawing, dots: number) {
  const [width, height] = [(modules + 2 * QUIET_BARS) * dots, 40];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [x, wide] of bars)
    for (let y = 0; y < height; y += 1)
      for (let dot = (QUIET_BARS + x) * dots; dot < (QUIET_BARS + x + wide) * dots; dot += 1)
        data.fill(0, (y * width + dot) * 4, (y * width + dot) * 4 + 3);
  return { data, width, height, colorSpace: 'srgb' as const };
}

describe('The bars of an SSCC', () => {
  it('are read back by a decoder, whatever the digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^\d{18}$/), async (sscc) => {
        expect(await readGs1Bars(picture(drawGs1Bars(`00${sscc}`), 2))).toEqual([`(00)${sscc}`]);
      }),
      { numRuns: 60 },
    );
  });

  it('of an application identifier and eighteen digits are 156 modules wide', () => {
    expect(drawGs1Bars('00006901234000000017').modules).toBe(156);
    for (const wrong of ['', '123', '12a4']) expect(() => drawGs1Bars(wrong)).toThrow(RangeError);
  });
});

describe('The bars of a waybill', () => {
  it('are read back by a decoder, whatever its letters and digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{4,28}[A-Z0-9]$/), async (waybill) => {
        expect(await readCode128(picture(drawCode128(waybill), 2))).toEqual([waybill]);
      }),
      { numRuns: 60 },
    );
  });

  it('take digits by twos, so that a label of 76 mm holds them', () => {
    expect(drawCode128('SF1234567890123').modules).toBe(11 * 12 + 13);
    expect(drawCode128('12345678').modules).toBe(11 * 6 + 13);
    for (const wrong of ['', '运单', 'a\n']) expect(() => drawCode128(wrong)).toThrow(RangeError);
  });
});
