import fc from 'fast-check';
import { skewMs } from '../../apps/web/src/station/device/clock.skew.js';
import { failedOnce, waitMs, type Tries } from '../../apps/web/src/station/session/password.tries.js';
import {
  dataKeyOf,
  decrypt,
  encrypt,
  iterationsFor,
  MIN_ITERATIONS,
  newRawKey,
  newSalt,
  openWith,
  passwordKey,
  sealWith,
} from '../../apps/web/src/station/vault/cipher.js';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const MINUTE = 60_000;

describe('the clock of a phone', () => {
  it('is measured against the middle of the request', () => {
    const date = new Date(NOW).toUTCString();
    expect(skewMs(date, NOW - 1000, NOW + 1000)).toBe(500);
    expect(skewMs(date, NOW - 10 * MINUTE, NOW - 10 * MINUTE)).toBe(10 * MINUTE + 500);
    expect(skewMs(date, NOW + 10 * MINUTE, NOW + 10 * MINUTE)).toBe(-10 * MINUTE + 500);
  });

  it('is not judged by an answer that says nothing', () => {
    expect(skewMs(null, NOW, NOW)).toBeUndefined();
    expect(skewMs('soon', NOW, NOW)).toBeUndefined();
    expect(skewMs(new Date(NOW).toUTCString(), NOW - 60_000, NOW)).toBeUndefined();
    expect(skewMs(new Date(NOW).toUTCString(), NOW + 5000, NOW)).toBeUndefined();
  });
});

describe('a password that is tried without a network', () => {
  const after = (failures: number, at: number): Tries | undefined =>
    Array.from({ length: failures }).reduce<Tries | undefined>((tries) => failedOnce(tries, at), undefined);

  it('may be wrong four times; from the fifth on there is a wait that grows to a day', () => {
    expect([0, 1, 4].map((failures) => waitMs(after(failures, NOW), NOW))).toEqual([0, 0, 0]);
    expect(waitMs(after(5, NOW), NOW)).toBe(5 * MINUTE);
    expect(waitMs(after(6, NOW), NOW)).toBe(10 * MINUTE);
    expect(waitMs(after(60, NOW), NOW)).toBe(24 * 60 * MINUTE);
  });

  it('is let through when the wait is over, and no sooner by a clock set back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 30 }), fc.integer({ min: -1e9, max: 1e9 }), (failures, passed) => {
        const wait = waitMs(after(failures, NOW), NOW);
        expect(waitMs(after(failures, NOW), NOW + passed)).toBe(passed < 0 ? wait : Math.max(0, wait - passed));
      }),
    );
  });
});

describe('what lies encrypted on a phone', () => {
  it('is hashed as often as the phone has time for, never less than the floor', () => {
    expect(iterationsFor(700)).toBe(100_000);
    expect(iterationsFor(5000)).toBe(MIN_ITERATIONS);
    expect(iterationsFor(200)).toBe(350_000);
    expect(iterationsFor(1)).toBe(600_000);
  });

  it('opens under its own key only', async () => {
    const [key, other] = [await dataKeyOf(newRawKey()), await dataKeyOf(newRawKey())];
    const value = { name: '吉日嘎拉图·巴特尔', phone: '13800001234' };
    const sealed = await sealWith('k1', key, value);
    expect(await openWith(key, sealed)).toEqual(value);
    await expect(openWith(other, sealed)).rejects.toThrow();
    expect(Buffer.from(sealed.data).toString('latin1')).not.toContain('13800001234');
    expect(key.extractable).toBe(false);
  });

  it('is wrapped by the password, whichever way its characters were typed', async () => {
    const salt = newSalt();
    const raw = newRawKey();
    const wrapped = await encrypt(await passwordKey('pässwörd', salt, MIN_ITERATIONS), raw);
    expect(new Uint8Array(await decrypt(await passwordKey('pa\u0308sswo\u0308rd', salt, MIN_ITERATIONS), wrapped))).toEqual(raw);
    await expect(decrypt(await passwordKey('passwort', salt, MIN_ITERATIONS), wrapped)).rejects.toThrow();
  });
});
