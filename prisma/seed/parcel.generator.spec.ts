import { dayOf, scanSchema, type ScanKind } from '#contracts';
import { generateCounty } from './county.generator.js';
import type { VillageCase } from './county.model.js';
import { ParcelGenerator } from './parcel.generator.js';
import type { DemoScan } from './parcel.journey.js';
import { at } from './service.pattern.js';

const TODAY = '2026-11-23';
const NOON = at(TODAY, 12);
const county = generateCounty(TODAY);
const days = [...new ParcelGenerator(county).days(NOON)];
const all = days.flatMap((entry) => entry.scans);
const caseOf = new Map(county.villages.map((village) => [village.code, village.case]));

/** Scans made at stations of villages with this case. */
const atVillages = (wanted: VillageCase): DemoScan[] =>
  all.filter((entry) => caseOf.get(entry.stationCode.slice(0, 12)) === wanted);
const daysOfScans = (scans: readonly DemoScan[]) =>
  [...new Set(scans.map((entry) => dayOf(Date.parse(entry.scan.occurredAt))))].sort();

describe('three months of parcels', () => {
  it('is about thirty thousand parcels of about four scans each', () => {
    const waybills = new Set(all.flatMap((entry) => entry.scan.waybill ?? []));
    expect(waybills.size).toBeGreaterThan(27_000);
    expect(waybills.size).toBeLessThan(38_000);
    const perParcel = all.length / waybills.size;
    expect(perParcel).toBeGreaterThan(3.7);
    expect(perParcel).toBeLessThan(4.5);
  });

  it('is the same each time', () => {
    const again = [...new ParcelGenerator(county).days(NOON)];
    expect(again.slice(0, 3)).toEqual(days.slice(0, 3));
    expect(again.at(-1)).toEqual(days.at(-1));
  });

  it('holds valid scans with ids of their own', () => {
    expect(new Set(all.map((entry) => entry.scan.id)).size).toBe(all.length);
    for (const { scan } of all.filter((_, index) => index % 50 === 0)) expect(scanSchema.safeParse(scan).error).toBeUndefined();
  });

  it('comes in the order of receipt and ends when it is told to', () => {
    const received = all.map((entry) => entry.receivedAtMs);
    expect(received.every((time, index) => index === 0 || time >= (received[index - 1] ?? 0))).toBe(true);
    expect(received.at(-1)).toBeLessThan(NOON);
    expect(dayOf(received[0] ?? 0)).toBe(county.calendar.firstDay);
  });

  it('has every kind of scan that people make, and every irregularity', () => {
    const kinds = new Set<ScanKind>(all.map((entry) => entry.scan.kind));
    expect([...kinds].sort()).toEqual([
      'accepted',
      'arrived_county',
      'arrived_town',
      'arrived_village',
      'check_in',
      'dispatched',
      'exception_close',
      'exception_open',
      'picked_up',
      'returned',
      'shelved',
    ]);
    const lag = (entry: DemoScan) => entry.receivedAtMs - Date.parse(entry.scan.occurredAt);
    expect(all.some((entry) => lag(entry) < -3_600_000)).toBe(true);
    expect(all.some((entry) => lag(entry) > 45 * 86_400_000)).toBe(true);
    expect(all.filter((entry) => lag(entry) > 3 * 3_600_000).length).toBeGreaterThan(500);
  });

  it('scans only at stations that exist', () => {
    const stations = new Map(county.stations.map((station) => [station.code, station]));
    expect(all.filter((entry) => !stations.has(entry.stationCode))).toEqual([]);
  });

  it('keeps each case what it is', () => {
    expect(atVillages('uncovered')).toEqual([]);
    expect(new Set(atVillages('check_in_only').map((entry) => entry.scan.kind))).toEqual(new Set(['check_in']));
    const flood = daysOfScans(atVillages('flooded').filter((entry) => entry.scan.kind === 'shelved'));
    expect(flood.filter((day) => day >= county.calendar.flood.from && day <= county.calendar.flood.to)).toEqual([]);
    const relapsed = daysOfScans(atVillages('relapsed_last_month').filter((entry) => entry.scan.kind === 'shelved'));
    expect((relapsed.at(-1) ?? '') < '2026-10-06').toBe(true);
    expect(atVillages('nominal_only').length).toBeGreaterThan(20);
  });
});
