import { createSecretKey, randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';
import {
  codeOf,
  digitalLink,
  drawSerials,
  encodeCode,
  headOf,
  keyIdOf,
  readableCode,
  shortLink,
  verifyCode,
} from './code.text.js';

const secret = createSecretKey(randomBytes(32));
const serialOf = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 2 ** 36 - 1 }))
  .map(([key, rest]) => key * 2 ** 36 + rest);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('the text of a code', () => {
  it('gives its serial and key back under its own secret, and nothing under another', () => {
    const other = createSecretKey(randomBytes(32));
    fc.assert(
      fc.property(serialOf, (serial) => {
        const text = encodeCode(secret, serial);
        expect(text).toMatch(/^[A-Za-z0-9_-]{20}$/);
        expect(headOf(text)).toEqual({ serial, keyId: Math.floor(serial / 2 ** 36) });
        expect(verifyCode(secret, text)).toBe(serial);
        expect(verifyCode(other, text)).toBeUndefined();
      }),
    );
  });

  it('is refused with any one character changed', () => {
    const text = encodeCode(secret, 123_456_789_012);
    for (let place = 0; place < text.length; place += 1)
      for (const letter of ALPHABET.replace(text.charAt(place), ''))
        expect(verifyCode(secret, text.slice(0, place) + letter + text.slice(place + 1))).toBeUndefined();
  });

  it('is never guessed: none of a million random texts and changed codes is taken', () => {
    const real = drawSerials(3, 1000).map((serial) => encodeCode(secret, serial));
    const known = new Set(real);
    let taken = 0;
    for (let round = 0; round < 500_000; round += 1) {
      if (verifyCode(secret, randomBytes(15).toString('base64url')) !== undefined) taken += 1;
      const [one = '', two = ''] = [real[randomInt(1000)], real[randomInt(1000)]];
      const guess = round % 2 ? changed(one) : one.slice(0, 8) + two.slice(8);
      if (!known.has(guess) && verifyCode(secret, guess) !== undefined) taken += 1;
    }
    expect(taken).toBe(0);
    expect(real.every((text) => verifyCode(secret, text) !== undefined)).toBe(true);
  }, 30_000);
});

describe('serials', () => {
  it('are drawn under their key and hardly ever twice', () => {
    const serials = drawSerials(15, 10_000);
    expect(serials.every((serial) => keyIdOf(serial) === 15 && serial < 2 ** 40 && Number.isSafeInteger(serial))).toBe(true);
    expect(new Set(serials).size).toBeGreaterThan(9_990);
  });
});

describe('a code', () => {
  const base = 'https://trace.example.cn';
  const text = encodeCode(secret, 42);

  it('is found in every link that a label may hold', () => {
    const links = [
      text,
      ` ${text}\n`,
      `/t/${text}`,
      shortLink(base, text),
      `${shortLink(base, text)}?lang=en`,
      `${base}/prefix/t/${text}/`,
      digitalLink(base, '06901234567892', '批次 1/2', text),
      `/01/06901234567892/21/${text}`,
      `${base}/01/06901234567892/10/A-1/21/${text}?linkType=all#top`,
    ];
    for (const link of links) expect(codeOf(link)).toBe(text);
  });

  it('is not found where there is none', () => {
    for (const other of [
      '',
      'abc',
      `${text}A`,
      `/x/${text}`,
      `${base}/t/`,
      `${base}/t/${text}A`,
      `${base}/?code=/t/${text}`,
      `x\0${text}`,
    ])
      expect(codeOf(other)).toBeUndefined();
    fc.assert(fc.property(fc.string({ maxLength: 19 }), (short) => codeOf(short) === undefined));
  });

  it('is shown in groups that lose nothing', () => {
    expect(
      readableCode(text)
        .split(' ')
        .map((group) => group.length),
    ).toEqual([4, 4, 4, 4, 4]);
    expect(readableCode(text).replaceAll(' ', '')).toBe(text);
  });
});

function changed(text: string): string {
  const place = randomInt(20);
  return text.slice(0, place) + ALPHABET[randomInt(64)] + text.slice(place + 1);
}
