import { clockText, dayText, periodShort, periodText, timeText } from '../../apps/web/src/shared/format/time.format.js';

const now = new Date('2026-11-23T00:00:00Z');

describe('times', () => {
  it('name months in both languages', () => {
    expect(periodText('2026-10', 'zh-CN')).toBe('2026年10月');
    expect(periodText('2026-10', 'en')).toBe('Oct 2026');
    expect(periodShort('2026-10', 'zh-CN')).toBe('10月');
    expect(periodShort('2027-01', 'zh-CN')).toBe('2027年1月');
    expect(periodShort('2027-01', 'en')).toBe('Jan 2027');
    expect(dayText('2026-10-03', 'zh-CN')).toBe('10月3日');
    expect(dayText('2026-10-03', 'en')).toBe('3 Oct');
  });

  it("are the county's own, whatever zone the device is in", () => {
    expect(clockText('2026-10-31T16:05:00Z')).toBe('00:05');
    expect(timeText('2026-10-31T16:05:00Z', 'zh-CN', now)).toBe('11月1日 00:05');
    expect(timeText('2026-10-31T16:05:00Z', 'en', now)).toBe('1 Nov 00:05');
  });

  it('name the year when it is not this one', () => {
    expect(timeText('2025-12-31T15:59:00Z', 'zh-CN', now)).toBe('2025年12月31日 23:59');
    expect(timeText('2025-12-31T15:59:00Z', 'en', now)).toBe('31 Dec 2025 23:59');
  });
});
