/** Freight compared by destination and weight. Pure. */
import type { FreightRate } from '#contracts';

/** Weights that the county is asked about: prices of a kilogram differ between small and large parcels, and the phone keeps few answers. */
const STEPS_G = [500, 1000, 2000, 3000, 5000, 10_000, 20_000, 50_000, 100_000] as const;

/** The weight to ask for. */
export function askedWeight(weightG: number): number {
  return STEPS_G.find((step) => weightG <= step) ?? 100_000;
}

/** All weights that may have been asked for, the nearest first. */
export function nearestWeights(weightG: number): number[] {
  const distance = (step: number) => Math.abs(Math.log(step / weightG));
  return [...STEPS_G].sort((a, b) => distance(a) - distance(b));
}

export interface Offer {
  readonly carrierCode: string;
  readonly estimateFen: number;
  readonly parcels: number;
}

/** What each carrier would cost for this very weight, the cheapest first. */
export function offersOf(rates: readonly FreightRate[], weightG: number): Offer[] {
  return rates
    .map(({ carrierCode, fenPerKg, parcels }) => ({
      carrierCode,
      parcels,
      estimateFen: Math.round((fenPerKg * weightG) / 1000),
    }))
    .sort((a, b) => a.estimateFen - b.estimateFen || (a.carrierCode < b.carrierCode ? -1 : 1));
}
