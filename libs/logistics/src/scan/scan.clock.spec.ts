import { readClock } from './scan.clock.js';

const NOW = Date.parse('2026-10-10T08:00:00+08:00');
const MINUTE = 60_000;
const DAY = 86_400_000;

describe("A device's clock", () => {
  it('is believed within five minutes ahead and 45 days behind', () => {
    for (const at of [NOW, NOW + 5 * MINUTE, NOW - 45 * DAY]) expect(readClock(at, NOW)).toEqual({ occurredAtMs: at, flags: [] });
  });

  it('that runs further ahead is set to the receive time and flagged', () => {
    expect(readClock(NOW + 5 * MINUTE + 1, NOW)).toEqual({ occurredAtMs: NOW, flags: ['clock_ahead'] });
  });

  it('that is further behind puts the scan into quarantine at its own time', () => {
    expect(readClock(NOW - 45 * DAY - 1, NOW)).toEqual({ occurredAtMs: NOW - 45 * DAY - 1, flags: ['quarantined'] });
  });
});
