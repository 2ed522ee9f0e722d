import { DEFAULT_PARAMETERS, type Day } from '#contracts';
import fc from 'fast-check';
import type { DayFacts } from './coverage.facts.js';
import { assessVillage, villageDays, type Service, type VillageHistory } from './village.assessment.js';

const OCTOBER = '2026-10';
const AFTER = '2026-11-20';
const day = (number: number, period = OCTOBER): Day => `${period}-${String(number).padStart(2, '0')}`;
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const quiet: Omit<DayFacts, 'day'> = {
  serviceParcels: 0,
  openDay: false,
  brands: [],
  townArrivals: 0,
  reached: 0,
  inbound: 0,
  outbound: 0,
  unassigned: 0,
  extraCharges: 0,
};
const facts = (at: Day, some: Partial<DayFacts> = { serviceParcels: 1 }): DayFacts => ({ ...quiet, day: at, ...some });
const served = (days: number[], period = OCTOBER): DayFacts[] => days.map((number) => facts(day(number, period)));

interface Given {
  days?: DayFacts[];
  from?: Day;
  to?: Day | null;
  suspensions?: [number, number][];
  predecessors?: VillageHistory['predecessors'];
  services?: Service[];
}
const village = ({
  days = [],
  from = '2020-01-01',
  to = null,
  suspensions = [],
  predecessors = [],
  services = [],
}: Given): VillageHistory => ({
  life: { from, to, suspensions: suspensions.map(([first, last]) => ({ from: day(first), to: day(last) })) },
  predecessors,
  services,
  days: new Map(days.map((entry) => [entry.day, entry])),
});
const assess = (given: Given, asOf: Day = AFTER, period = OCTOBER) =>
  assessVillage(village(given), period, asOf, DEFAULT_PARAMETERS);
const service = (some: Partial<Service> = {}): Service => ({
  mode: 'resident_station',
  ownStation: true,
  validFrom: '2026-01-01',
  validTo: null,
  ...some,
});

/** Every other day of October from the 2nd: 15 service days, never more than one day without. */
const EVERY_OTHER_DAY = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];

describe('M2, effective coverage of a village', () => {
  it('asks ⌈3 × 31 ÷ 7⌉ = 14 service days of a month of 31 days', () => {
    const { assessment } = assess({ days: served(EVERY_OTHER_DAY.slice(0, 14)) });
    expect(assessment).toMatchObject({
      status: 'effective',
      effectiveDays: 31,
      suspendedDays: 0,
      eligibleDays: 31,
      requiredDays: 14,
      serviceDays: 14,
      longestGapDays: 3,
    });
  });

  it('is missed with 13 service days of the 14', () => {
    const { assessment } = assess({ days: served(EVERY_OTHER_DAY.slice(0, 13)) });
    expect(assessment).toMatchObject({ status: 'ineffective', serviceDays: 13, longestGapDays: 5 });
  });

  it('holds with a gap of five days, and is missed with six however many service days there are', () => {
    // 1–20 served, 21–25 not, 26–31 served: a gap of 5.
    expect(assess({ days: served([...range(1, 20), ...range(26, 31)]) }).assessment).toMatchObject({
      status: 'effective',
      serviceDays: 26,
      longestGapDays: 5,
    });
    expect(assess({ days: served([...range(1, 20), ...range(27, 31)]) }).assessment).toMatchObject({
      status: 'ineffective',
      serviceDays: 25,
      longestGapDays: 6,
    });
  });

  it('counts the days before the first and after the last service as gaps', () => {
    expect(assess({ days: served(range(7, 25)) }).assessment).toMatchObject({ longestGapDays: 6, status: 'ineffective' });
  });

  it('takes an approved suspension off the days: 31 − 7 = 24 eligible, ⌈3 × 24 ÷ 7⌉ = 11 asked for', () => {
    // Suspended 10–16; served 1–6 and 17–21 (11 days); unserved 7–9 before, and 22–31 after would be a gap of 10.
    const days = served([...range(1, 6), 17, 20, 23, 26, 29]);
    expect(assess({ days, suspensions: [[10, 16]] }).assessment).toMatchObject({
      status: 'effective',
      suspendedDays: 7,
      eligibleDays: 24,
      requiredDays: 11,
      serviceDays: 11,
      longestGapDays: 3,
    });
  });

  it('takes no more than ten days off, the first ten, however long the suspension', () => {
    // Suspended 5–18 (14 days): 5–14 are taken off, 15–18 are four days without service.
    const { assessment } = assess({ days: served([...range(1, 4), ...range(19, 31)]), suspensions: [[5, 18]] });
    expect(assessment).toMatchObject({
      suspendedDays: 10,
      eligibleDays: 21,
      requiredDays: 9,
      longestGapDays: 4,
      status: 'effective',
    });
  });

  it('joins the days without service before and after a suspension into one gap', () => {
    // 8–10 without, 11–14 suspended, 15–17 without: 3 + 3 = 6.
    const { assessment } = assess({ days: served([...range(1, 7), ...range(18, 31)]), suspensions: [[11, 14]] });
    expect(assessment).toMatchObject({ longestGapDays: 6, status: 'ineffective' });
  });

  it('counts service given in spite of a suspension, and lets it end the gap', () => {
    const { assessment } = assess({ days: served([...range(1, 7), 12, ...range(18, 31)]), suspensions: [[11, 14]] });
    expect(assessment).toMatchObject({ serviceDays: 22, eligibleDays: 27, longestGapDays: 3, status: 'effective' });
  });

  it('counts a day once where two suspensions overlap', () => {
    const { assessment } = assess({
      suspensions: [
        [3, 6],
        [5, 8],
      ],
    });
    expect(assessment.suspendedDays).toBe(6);
  });

  it('does not assess a village with fewer than seven eligible days, and counts it uncovered and apart', () => {
    const { assessment, facts: counts, inV } = assess({ from: day(26), days: served(range(26, 31)) });
    expect(inV).toBe(true);
    expect(assessment).toMatchObject({ status: 'not_assessed', eligibleDays: 6, serviceDays: 6 });
    expect(counts).toMatchObject({ villages: 1, effective: 0, notAssessed: 1 });
  });

  it('assesses a village with exactly seven eligible days', () => {
    expect(assess({ from: day(25), days: served([25, 28, 31]) }).assessment).toMatchObject({
      status: 'effective',
      eligibleDays: 7,
      requiredDays: 3,
      longestGapDays: 2,
    });
  });
});

describe('a running month', () => {
  it('is looked at up to the as-of day: 10 days, ⌈3 × 10 ÷ 7⌉ = 5 asked for', () => {
    const { assessment } = assess({ days: served([1, 3, 5, 7, 9, 12, 20]) }, day(10));
    expect(assessment).toMatchObject({
      effectiveDays: 10,
      eligibleDays: 10,
      requiredDays: 5,
      serviceDays: 5,
      status: 'effective',
    });
  });

  it('holds no verdict in its first six days', () => {
    expect(assess({ days: served(range(1, 6)) }, day(6)).assessment.status).toBe('not_assessed');
  });

  it('counts in V the villages of the as-of day', () => {
    expect(assess({ from: day(15) }, day(14)).inV).toBe(false);
    expect(assess({ from: day(15) }, day(15)).inV).toBe(true);
  });
});

describe('a late scan', () => {
  it('changes the month of its event, not the month of its arrival', () => {
    const before = served(EVERY_OTHER_DAY.slice(0, 13));
    const late = facts(day(28));
    expect(assess({ days: before }).assessment.status).toBe('ineffective');
    expect(assess({ days: [...before, late] }).assessment.status).toBe('effective');
    expect(assess({ days: [...before, late] }, AFTER, '2026-11').assessment.serviceDays).toBe(0);
  });
});

describe('the days of a month', () => {
  it('are those up to the as-of day, each as the assessment saw it', () => {
    const history = village({
      from: day(2),
      suspensions: [[4, 4]],
      days: [facts(day(1)), facts(day(3), { serviceParcels: 2 }), facts(day(5), { openDay: true })],
    });
    expect(villageDays(history, OCTOBER, day(5), DEFAULT_PARAMETERS)).toEqual([
      { day: day(1), eligible: false, service: false, checkIn: false, parcels: 0 },
      { day: day(2), eligible: true, service: false, checkIn: false, parcels: 0 },
      { day: day(3), eligible: true, service: true, checkIn: false, parcels: 2 },
      { day: day(4), eligible: false, service: false, checkIn: false, parcels: 0 },
      { day: day(5), eligible: true, service: true, checkIn: true, parcels: 0 },
    ]);
  });
});

describe('M1, nominal coverage, and M3, residents', () => {
  const effectiveDays = served(EVERY_OTHER_DAY);

  it('count a registered service of the last day', () => {
    expect(assess({ services: [service()] }).assessment.nominal).toBe(true);
    expect(assess({ services: [service({ validTo: day(31) })] }).assessment.nominal).toBe(false);
    expect(assess({ services: [service({ validFrom: '2026-11-01' })] }).assessment.nominal).toBe(false);
  });

  it('call a village resident only when it is effective and has a station of its own', () => {
    expect(assess({ services: [service()], days: effectiveDays }).assessment.resident).toBe(true);
    expect(assess({ services: [service()] }).assessment.resident).toBe(false);
    expect(assess({ services: [service({ mode: 'inter_express' })], days: effectiveDays }).assessment.resident).toBe(false);
  });

  it('never call a village resident through a neighbour, whatever the relation says', () => {
    const { assessment } = assess({ services: [service({ ownStation: false })], days: effectiveDays });
    expect(assessment).toMatchObject({ status: 'effective', nominal: true, resident: false });
  });
});

describe('M4, brands', () => {
  it('count EMS as postal and a carrier as its successor', () => {
    const days = [facts(day(1), { brands: ['EMS', 'BEST'] }), facts(day(2), { brands: ['POSTAL', 'JT', 'ZTO'] })];
    const { assessment, facts: counts } = assess({ days });
    expect(assessment.brands).toEqual(['JT', 'POSTAL', 'ZTO']);
    expect(counts).toMatchObject({ brands1: 1, brands4: 0, brandsSix: 0, carriers: { JT: 1, POSTAL: 1, ZTO: 1 } });
  });

  it('find all six with 极兔 in the place of 百世', () => {
    const { facts: counts } = assess({ days: [facts(day(1), { brands: ['EMS', 'STO', 'YTO', 'ZTO', 'JT', 'YUNDA'] })] });
    expect(counts).toMatchObject({ brands4: 1, brands7: 0, brandsSix: 1 });
  });

  it('ask for 百世 itself in months before its succession', () => {
    const brands = ['EMS', 'STO', 'YTO', 'ZTO', 'YUNDA'];
    const six = (sixth: string) =>
      assess({ days: [facts('2021-10-05', { brands: [...brands, sixth] })] }, AFTER, '2021-10').facts.brandsSix;
    expect([six('BEST'), six('JT')]).toEqual([1, 0]);
  });

  it('are not credited by a check-in', () => {
    expect(assess({ days: [facts(day(1), { openDay: true })] }).assessment).toMatchObject({ brands: [], serviceDays: 1 });
  });
});

describe('service by check-ins alone', () => {
  it('is marked as unverified, until one parcel stands behind it', () => {
    const checkIns = EVERY_OTHER_DAY.map((number) => facts(day(number), { openDay: true }));
    expect(assess({ days: checkIns }).assessment).toMatchObject({ status: 'effective', manualOnly: true });
    expect(
      assess({ days: [...checkIns.slice(1), facts(day(2), { openDay: true, serviceParcels: 1 })] }).assessment.manualOnly,
    ).toBe(false);
    expect(assess({}).assessment.manualOnly).toBe(false);
  });
});

describe('M5, relapse', () => {
  const september = served(range(1, 30), '2026-09');

  it('is effective last month and not this month', () => {
    expect(assess({ days: september })).toMatchObject({ assessment: { relapsed: true }, facts: { relapsed: 1 } });
    expect(assess({ days: [...september, ...served(EVERY_OTHER_DAY)] }).assessment.relapsed).toBe(false);
    expect(assess({}).assessment.relapsed).toBe(false);
  });

  it('is not held against a village with an approved suspension this month', () => {
    expect(assess({ days: september, suspensions: [[31, 31]] }).assessment.relapsed).toBe(false);
  });

  it('waits until the running month can be assessed', () => {
    expect(assess({ days: september }, day(6)).assessment.relapsed).toBe(false);
    expect(assess({ days: september }, day(7)).assessment.relapsed).toBe(true);
  });
});

describe('a merger', () => {
  const merged = (days: DayFacts[], from = day(16)) => ({
    from,
    days,
    predecessors: [
      { from: '2020-01-01', to: from, suspensions: [] },
      { from: '2020-01-01', to: from, suspensions: [{ from: day(1), to: day(4) }] },
    ],
  });

  it('takes the union of the dates: eligible from the 1st, service of either predecessor', () => {
    // One predecessor served on 1, 4, 7, 10, 13, the other on 4, 8, 12, the successor on 16, 19, 22, 25, 28, 31: 13 distinct days.
    const days = served([1, 4, 7, 8, 10, 12, 13, 16, 19, 22, 25, 28, 31]);
    expect(assess(merged(days))).toMatchObject({
      inV: true,
      assessment: { effectiveDays: 31, eligibleDays: 31, requiredDays: 14, serviceDays: 13, status: 'ineffective' },
    });
  });

  it('takes no day off for a suspension of one predecessor alone', () => {
    expect(assess(merged([])).assessment.suspendedDays).toBe(0);
  });

  it('sees a relapse against the predecessors of last month taken together', () => {
    const september = served(range(1, 30), '2026-09');
    expect(assess(merged(september)).assessment.relapsed).toBe(true);
  });
});

describe('a split', () => {
  it('starts each successor afresh: 16 days, ⌈3 × 16 ÷ 7⌉ = 7 asked for', () => {
    expect(assess({ from: day(16), days: served([16, 18, 20, 23, 26, 29, 31]) }).assessment).toMatchObject({
      effectiveDays: 16,
      requiredDays: 7,
      serviceDays: 7,
      status: 'effective',
      relapsed: false,
    });
  });

  it('keeps the parcels of the village that ended in the figures, and the village out of V', () => {
    const ended = assess({ to: day(16), days: [facts(day(3), { inbound: 4, townArrivals: 5, reached: 4 })] });
    expect(ended.inV).toBe(false);
    expect(ended.facts).toMatchObject({ villages: 0, notAssessed: 0, inbound: 4, townArrivals: 5, reached: 4 });
  });
});

describe('M6, the cohort', () => {
  const days = [1, 2, 3].map((number) => facts(day(number), { townArrivals: 10, reached: 9 }));

  it('is by the day of the town arrival and waits three days', () => {
    // As of the 5th the parcels of the 1st and 2nd have had three days, those of the 3rd have had two.
    expect(assess({ days }, day(5)).facts).toMatchObject({ townArrivals: 20, reached: 18 });
    expect(assess({ days }, day(6)).facts).toMatchObject({ townArrivals: 30, reached: 27 });
    expect(assess({ days }, day(3)).facts).toMatchObject({ townArrivals: 0, reached: 0 });
  });

  it('keeps maturing after the month has ended', () => {
    const last = [facts(day(31), { townArrivals: 10, reached: 9 })];
    expect(assess({ days: last }, '2026-11-02').facts.townArrivals).toBe(0);
    expect(assess({ days: last }, '2026-11-03').facts.townArrivals).toBe(10);
  });
});

describe('the assessment against a plain model', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { maxLength: 31 });

  it('agrees with counting by hand for any service days, suspension and as-of day', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: 31 }), (servedOn, suspendedOn, asOf) => {
        const { assessment } = assess(
          { days: served(servedOn), suspensions: suspendedOn.map((number) => [number, number]) },
          day(asOf),
        );
        const off = [...suspendedOn]
          .sort((a, b) => a - b)
          .filter((number) => number <= asOf)
          .slice(0, 10);
        const eligible = range(1, asOf).filter((number) => !off.includes(number));
        const given = servedOn.filter((number) => number <= asOf);
        // A gap, as a window: no service from first to last; its length is its eligible days.
        const windows = range(1, asOf).flatMap((first) => range(first, asOf).map((last) => [first, last] as const));
        const empty = windows.filter(([first, last]) => !given.some((number) => first <= number && number <= last));
        const gap = Math.max(
          0,
          ...empty.map(([first, last]) => eligible.filter((number) => first <= number && number <= last).length),
        );
        const holds = given.length * 7 >= 3 * eligible.length && gap <= 5;
        expect(assessment).toMatchObject({
          eligibleDays: eligible.length,
          serviceDays: given.length,
          longestGapDays: gap,
          status: eligible.length < 7 ? 'not_assessed' : holds ? 'effective' : 'ineffective',
        });
      }),
    );
  });

  it('never gets worse by another service day', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 31 }), (servedOn, extra) => {
        const [less, more] = [servedOn, [...new Set([...servedOn, extra])]].map(
          (days) => assess({ days: served(days) }).assessment,
        );
        expect(more?.longestGapDays).toBeLessThanOrEqual(less?.longestGapDays ?? 0);
        if (less?.status === 'effective') expect(more?.status).toBe('effective');
      }),
    );
  });
});
