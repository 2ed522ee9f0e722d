import fc from 'fast-check';
import { fromBase45, toBase45 } from '../../apps/web/src/station/handoff/base45.js';
import {
  bytesOfFile,
  fileOf,
  newNumber,
  pack,
  readNumber,
  unpack,
  type Bundle,
} from '../../apps/web/src/station/handoff/bundle.codec.js';
import {
  bytesIn,
  collect,
  framesOf,
  progressOf,
  readFrame,
  type Collected,
} from '../../apps/web/src/station/handoff/frame.codec.js';

const NUMBER = '123456789012';
const bundle = (count: number): Bundle => ({
  deviceId: 'web-1',
  entries: Array.from({ length: count }, (_, index) => {
    const id = `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const body = { id, waybill: `SF${1_000_000 + index}`, kind: 'shelved' as const, occurredAt: '2026-11-23T01:00:00Z' };
    return { id, path: 'scans' as const, storedAt: '2026-11-23T01:00:00.000Z', body };
  }),
});
const read = (texts: readonly string[], before?: Collected): Collected | undefined =>
  texts.reduce((state, text) => {
    const frame = readFrame(text);
    return frame ? collect(state, frame) : state;
  }, before);
const bytes = fc.uint8Array({ maxLength: 700 });

describe('Base45', () => {
  it('says what the standard says', () => {
    const text = (value: string) => new TextEncoder().encode(value);
    expect(toBase45(text('AB'))).toBe('BB8');
    expect(toBase45(text('Hello!!'))).toBe('%69 VD92EX0');
    expect(fromBase45('QED8WEX0')).toEqual(text('ietf!'));
  });

  it('gives back what it was given, in characters of the QR alphabet', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = toBase45(given);
        expect(text).toMatch(/^[0-9A-Z $%*+\-./:]*$/);
        expect(fromBase45(text)).toEqual(given);
      }),
    );
  });

  it.each(['a', 'AAAA', ':::', '::', 'GGW', 'é'])('refuses %s', (text) => {
    expect(fromBase45(text)).toBeUndefined();
  });
});

describe('an animated code', () => {
  it('is read in any order, with repeats', () => {
    fc.assert(
      fc.property(bytes, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, random) => {
        const frames = framesOf(given, 20);
        const mixed = [...frames, ...frames]
          .map((text) => ({ text, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at);
        expect(bytesIn(read(mixed.map(({ text }) => text)))).toEqual(given);
      }),
    );
  });

  it('is whole although one frame of every parity group was never read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 700 }), fc.nat(), (given, choice) => {
        const frames = framesOf(given, 10);
        const total = readFrame(frames[0] ?? '')?.total ?? 0;
        const groups = frames.length - total;
        const lost = new Set(
          Array.from({ length: groups }, (_, group) => group + groups * (choice % Math.ceil((total - group) / groups))),
        );
        expect(bytesIn(read(frames.filter((_, index) => !lost.has(index))))).toEqual(given);
      }),
    );
  });

  it('never gives wrong bytes for damaged frames: they are passed over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 300 }), fc.nat(), fc.nat(), (given, which, where) => {
        const frames = framesOf(given, 20);
        const index = which % frames.length;
        const text = frames[index] ?? '';
        const at = where % text.length;
        const damaged = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
        expect(readFrame(damaged)).toBeUndefined();
        const state = read(frames.map((frame, i) => (i === index ? damaged : frame)));
        const found = bytesIn(state);
        if (found) expect(found).toEqual(given);
      }),
    );
  });

  it('starts anew with the frames of another hand-over, and says how far it is', () => {
    const [first, second] = [framesOf(new Uint8Array(100).fill(1), 20), framesOf(new Uint8Array(60).fill(2), 20)];
    const half = read(first.slice(0, 2));
    expect(progressOf(half)).toEqual({ have: 2, total: 5 });
    expect(bytesIn(half)).toBeUndefined();
    const other = read(second.slice(0, 1), half);
    expect(progressOf(other)).toEqual({ have: 1, total: 3 });
    expect(bytesIn(read(second, other))).toEqual(new Uint8Array(60).fill(2));
  });

  it('takes any text for what it is', () => {
    for (const text of ['', 'SF123456789', 'XYQ1', 'XYQ1ABC', 'https://example.org']) expect(readFrame(text)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => readFrame(`XYQ1${text}`) === undefined));
  });
});

describe('an outbox on its way to another phone', () => {
  it('comes out as it went in, by bytes and by file', async () => {
    const packed = await pack(bundle(50), NUMBER);
    expect(await unpack(packed, NUMBER)).toEqual(bundle(50));
    expect(bytesOfFile(fileOf(packed))).toEqual(packed);
  });

  it('opens by its number alone', async () => {
    const packed = await pack(bundle(1), NUMBER);
    await expect(unpack(packed, '123456789013')).rejects.toMatchObject({ reason: 'wrong_number' });
    packed[packed.length - 1] = (packed[packed.length - 1] ?? 0) ^ 1;
    await expect(unpack(packed, NUMBER)).rejects.toMatchObject({ reason: 'wrong_number' });
  });

  it('says nothing in the clear', async () => {
    const packed = await pack(bundle(3), NUMBER);
    expect(Buffer.from(packed).toString('latin1')).not.toContain('SF1000');
    expect(fileOf(packed)).not.toContain('SF1000');
  });

  it('fits 500 scans in less than half a minute of frames', async () => {
    const frames = framesOf(await pack(bundle(500), NUMBER));
    expect(frames.length * 0.22).toBeLessThan(30);
  });

  it.each(['', 'no file', '{}', '[]', '{"format":"xiangyi.outbox","version":1}'])('refuses the file %p', (text) => {
    expect(() => bytesOfFile(text)).toThrow('damaged');
  });

  it('asks for an update where the other phone is newer', async () => {
    expect(() => bytesOfFile('{"format":"xiangyi.outbox","version":2,"sealed":""}')).toThrow('newer');
    await expect(unpack(Uint8Array.of(9, 1), NUMBER)).rejects.toMatchObject({ reason: 'newer' });
    await expect(unpack(new Uint8Array(0), NUMBER)).rejects.toMatchObject({ reason: 'damaged' });
  });

  it('has a number of twelve digits, typed with or without spaces', () => {
    const numbers = new Set(Array.from({ length: 50 }, newNumber));
    expect(numbers.size).toBe(50);
    for (const number of numbers) expect(number).toMatch(/^\d{12}$/);
    expect(readNumber(' 1234 5678-9012 ')).toBe(NUMBER);
    expect(readNumber('１２３４56789012')).toBe(NUMBER);
  });
});
