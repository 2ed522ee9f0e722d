import fc from 'fast-check';
import { readGs1Bars } from '../../../../../test/factories/rendered.pdf.js';
import { drawGs1Bars, QUIET_BARS } from './label.bars.js';

/** Bars as a picture, each module some dots wide. */
function picture(digits: string, dots: number) {
  const { modules, bars } = drawGs1Bars(digits);
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
        expect(await readGs1Bars(picture(`00${sscc}`, 2))).toEqual([`(00)${sscc}`]);
      }),
      { numRuns: 60 },
    );
  });

  it('of an application identifier and eighteen digits are 156 modules wide', () => {
    expect(drawGs1Bars('00006901234000000017').modules).toBe(156);
    for (const wrong of ['', '123', '12a4']) expect(() => drawGs1Bars(wrong)).toThrow(RangeError);
  });
});
