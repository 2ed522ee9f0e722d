import { readLabel } from '../../apps/web/src/station/scan/label.reading.js';

describe('A code in front of the camera', () => {
  it('is a waybill, with the blanks and line ends of scanners taken off', () => {
    expect(readLabel(' yt1234567890123\r\n')).toEqual({ kind: 'waybill', waybill: 'YT1234567890123' });
    expect(readLabel('JD0001234567890-1-2-')).toEqual({ kind: 'unknown', text: 'JD0001234567890-1-2-' });
  });

  it("may be a carrier's link that holds the waybill", () => {
    expect(readLabel('https://example.invalid/t?mailNo=773123456789012')).toEqual({
      kind: 'waybill',
      waybill: '773123456789012',
    });
    expect(readLabel('https://example.invalid/q/SF1234567890123')).toEqual({ kind: 'waybill', waybill: 'SF1234567890123' });
    expect(readLabel('https://example.invalid/promotion?code=WELCOME').kind).toBe('unknown');
  });

  it('may be one of our own: a bag, a certificate, a frame of a queue', () => {
    expect(readLabel('XYB:b-2026-001')).toEqual({ kind: 'transport', code: 'B-2026-001' });
    expect(readLabel('https://example.invalid/c/990101261015000017')).toEqual({
      kind: 'certificate',
      number: '990101261015000017',
    });
    expect(readLabel('XYQ:1/3:abc')).toEqual({ kind: 'handoff', frame: 'XYQ:1/3:abc' });
  });

  it('that is none of these is told as unknown', () => {
    for (const text of ['', '微信支付', 'abc', 'http://%']) expect(readLabel(text).kind).toBe('unknown');
  });
});
