import fc from 'fast-check';
import { isSigned, signatureOf } from './webhook.signature.js';

const NOW = new Date('2026-11-23T10:00:00+08:00');
const SECONDS = NOW.getTime() / 1000;

describe('The signature between this system and a gateway', () => {
  it('is accepted for the body, the moment and the secret that it was made for, and for nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: -300, max: 300 }), (body, other, off) => {
        const given = { timestamp: String(SECONDS + off), signature: signatureOf('secret', SECONDS + off, body) };
        expect(isSigned('secret', given, Buffer.from(body), NOW)).toBe(true);
        expect(isSigned('another', given, Buffer.from(body), NOW)).toBe(false);
        if (Buffer.compare(Buffer.from(body), Buffer.from(other)) !== 0)
          expect(isSigned('secret', given, Buffer.from(other), NOW)).toBe(false);
        expect(isSigned('secret', { ...given, timestamp: String(SECONDS + off + 1) }, Buffer.from(body), NOW)).toBe(false);
      }),
    );
  });

  it.each([[SECONDS - 301], [SECONDS + 301]])('is refused when its moment is too far away (%s)', (timestamp) => {
    const given = { timestamp: String(timestamp), signature: signatureOf('secret', timestamp, '{}') };
    expect(isSigned('secret', given, Buffer.from('{}'), NOW)).toBe(false);
  });

  it('is refused when it is missing or no signature', () => {
    for (const signature of [undefined, '', 'sha256=', ['sha256=']])
      expect(isSigned('secret', { timestamp: String(SECONDS), signature }, Buffer.from('{}'), NOW)).toBe(false);
    expect(isSigned('secret', { timestamp: undefined, signature: 'x' }, Buffer.from('{}'), NOW)).toBe(false);
  });
});
