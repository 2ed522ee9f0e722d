import { scanSchema } from '#contracts';
import { generateCounty } from './county.generator.js';
import { LiveTraffic, type LiveScan } from './live.traffic.js';
import { RandomSource } from './random.source.js';

const START = Date.parse('2026-11-23T10:00:00+08:00');
const county = generateCounty('2026-11-23');

/** Ten minutes at this rate, one tick a second. */
function tenMinutes(ratePerSecond: number): LiveScan[] {
  const traffic = new LiveTraffic(county, new RandomSource('live'));
  return Array.from({ length: 600 }, (_, second) => traffic.tick(START + second * 1000, 1000, ratePerSecond, 500)).flat();
}

describe('live traffic', () => {
  it('keeps the rate once the first parcels have come to their villages', () => {
    const scans = tenMinutes(8);
    expect(scans.length).toBeGreaterThan(0.6 * 8 * 600);
    expect(scans.length).toBeLessThanOrEqual(8 * 600);
    expect(tenMinutes(0.5).length).toBeLessThanOrEqual(300);
  });

  it('makes valid scans with ids of their own', () => {
    const scans = tenMinutes(8).map((entry) => entry.scan);
    for (const scan of scans) expect(scanSchema.safeParse(scan).error).toBeUndefined();
    expect(new Set(scans.map((scan) => scan.id)).size).toBe(scans.length);
  });

  it('lets the keeper of the demo station scan there and the county everywhere else', () => {
    const station = county.users.find((user) => user.username === 'station')?.stationCodes[0];
    const scans = tenMinutes(8);
    expect(scans.some((entry) => entry.sender === 'station')).toBe(true);
    for (const { sender, scan } of scans) expect(scan.stationCode === station).toBe(sender === 'station');
  });

  it('never hands out more than asked for, and the rest later', () => {
    const traffic = new LiveTraffic(county, new RandomSource('live'));
    expect(traffic.tick(START, 1000, 400, 30)).toHaveLength(30);
    expect(traffic.tick(START, 0, 400, 500)).toHaveLength(70);
  });
});
