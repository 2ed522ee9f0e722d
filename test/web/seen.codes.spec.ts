import fc from 'fast-check';
import { FORGET_MS, SeenCodes } from '../../apps/web/src/station/camera/seen.codes.js';

const bar = (text: string) => ({ text, format: 'Code128' });
const qr = (text: string) => ({ text, format: 'QRCode' });
const texts = (readings: { text: string }[]) => readings.map(({ text }) => text);

describe('Codes in front of the camera', () => {
  it('are taken once while they stay in view, a bar code when a second frame confirms it', () => {
    const seen = new SeenCodes();
    expect(texts(seen.take([bar('YT1'), qr('SF1')], 0))).toEqual(['SF1']);
    expect(texts(seen.take([bar('YT1'), qr('SF1')], 100))).toEqual(['YT1']);
    for (let at = 200; at < 60_000; at += 100) expect(seen.take([bar('YT1'), qr('SF1')], at)).toEqual([]);
  });

  it('can be taken again after they were out of view, or after an undo', () => {
    const seen = new SeenCodes();
    expect(texts(seen.take([qr('A')], 0))).toEqual(['A']);
    expect(seen.take([qr('A')], FORGET_MS)).toEqual([]);
    expect(texts(seen.take([qr('A')], 2 * FORGET_MS + 1))).toEqual(['A']);
    seen.release('A');
    expect(texts(seen.take([qr('A')], 2 * FORGET_MS + 2))).toEqual(['A']);
  });

  it('that are misread in one frame only are never taken', () => {
    const seen = new SeenCodes();
    let at = 0;
    for (let wrong = 0; wrong < 200; wrong += 1) expect(seen.take([bar(`YT${wrong}`)], (at += 120))).toEqual([]);
  });

  it('come out at most once in any span without a gap, whatever the frames hold', () => {
    const frame = fc.array(fc.constantFrom(qr('A'), qr('B'), bar('C')), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        const seen = new SeenCodes();
        const out = frames.flatMap((readings, index) => texts(seen.take(readings, index * 100)));
        expect(new Set(out).size).toBe(out.length);
      }),
    );
  });
});
