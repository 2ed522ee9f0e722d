/** Base45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode, so that a frame takes little more room than its bytes. Pure. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const BASE = ALPHABET.length;

/** Two bytes become three characters, a last single byte two. */
export function toBase45(bytes: Uint8Array): string {
  let text = '';
  const put = (value: number, characters: number) => {
    for (let rest = value, left = characters; left > 0; left -= 1, rest = Math.floor(rest / BASE))
      text += ALPHABET[rest % BASE] ?? '';
  };
  for (let index = 0; index < bytes.length; index += 2) {
    const first = bytes[index] ?? 0;
    const second = bytes[index + 1];
    if (second === undefined) put(first, 2);
    else put(first * 256 + second, 3);
  }
  return text;
}

/** The bytes, or `undefined` for what is not Base45. */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = Array.from(text, (character) => ALPHABET.indexOf(character));
  if (digits.includes(-1) || digits.length % 3 === 1) return undefined;
  const bytes: number[] = [];
  for (let index = 0; index < digits.length; index += 3) {
    const [a = 0, b = 0, c] = digits.slice(index, index + 3);
    const value = a + b * BASE + (c ?? 0) * BASE * BASE;
    if (value > (c === undefined ? 0xff : 0xffff)) return undefined;
    if (c === undefined) bytes.push(value);
    else bytes.push(value >> 8, value & 0xff);
  }
  return Uint8Array.from(bytes);
}
