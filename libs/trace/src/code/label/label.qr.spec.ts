import QRCode from 'qrcode';
import { drawQr } from './label.qr.js';

const SHORT = 'https://su.example.cn/t/AbCdEfGh12345678_-Zz';
const GS1 = 'https://su.example.cn/01/06901234567892/10/20261101-1/21/AbCdEfGh12345678_-Zz';

describe('the drawing of a QR', () => {
  it('has each dark module in exactly one rectangle', () => {
    for (const link of [SHORT, GS1]) {
      const { side, rectangles } = drawQr(link);
      const painted = new Uint8Array(side * side);
      for (const [x, y, width, height] of rectangles)
        for (let row = y; row < y + height; row += 1)
          for (let column = x; column < x + width; column += 1) painted[row * side + column]! += 1;
      expect(Math.max(...painted)).toBe(1);
      // The upper left finder pattern: seven by seven, its ring one module wide.
      expect([painted[0], painted[side + 1], painted[2 * side + 2], painted[7]]).toEqual([1, 0, 1, 0]);
    }
  });

  it('is as small as its links allow', () => {
    for (const link of [SHORT, GS1])
      expect(drawQr(link).side).toBe(QRCode.create(link, { errorCorrectionLevel: 'M' }).modules.size);
  });
});
