import { bandOf, classify, lineProblems, moneyOf } from '#insight';
import { generateAccounts } from './account.generator.js';
import { generateCounty } from './county.generator.js';

const county = generateCounty('2026-11-23');
const accounts = generateAccounts(county);
const approved = accounts.filter((account) => account.outcome === 'approved');

describe('thirteen months of collective accounts', () => {
  it('ends with last month and has nearly every village in every month', () => {
    const periods = [...new Set(accounts.map((account) => account.period))].sort();
    expect(periods[0]).toBe('2025-10');
    expect(periods.at(-1)).toBe('2026-10');
    expect(periods).toHaveLength(13);
    expect(accounts.length).toBeGreaterThan(2040);
    expect(accounts.filter((account) => account.period === '2026-10').length).toBeLessThan(160);
  });

  it('is the same each time and enters each village and month once', () => {
    expect(generateAccounts(county)).toEqual(accounts);
    expect(new Set(accounts.map((account) => `${account.villageCode} ${account.period}`)).size).toBe(accounts.length);
  });

  it('holds only lines that the regime of the month has', () => {
    for (const account of accounts) expect(lineProblems(account.regime, account.lines)).toEqual([]);
    expect(new Set(accounts.map((account) => account.regime))).toEqual(new Set(['2004', '2023']));
  });

  it('fills every band of the trailing year, shell villages among them', () => {
    const bands = new Map<string, number>();
    for (const village of county.villages) {
      const year = approved.filter((account) => account.villageCode === village.code && account.period > '2025-10');
      if (year.length === 0) continue;
      const result = moneyOf(
        year.flatMap((account) => account.lines.map((line) => classify(account.regime, line))),
      ).operatingResultFen;
      bands.set(bandOf(result), (bands.get(bandOf(result)) ?? 0) + 1);
    }
    expect(bands.get('le_0')).toBeGreaterThanOrEqual(6);
    expect(bands.get('le_0')).toBeLessThanOrEqual(30);
    for (const band of ['0_5', '5_10', '10_50', '50_100', 'ge_100']) expect(bands.get(band)).toBeGreaterThanOrEqual(2);
  });
});
