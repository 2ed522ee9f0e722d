/** M4's brands: carriers as the villager knows them. EMS counts as postal, and a carrier with a successor as its successor. */
import { SIX_BRANDS, type Day, type Parameters } from '#contracts';
import { successorOf } from '#directory';

/** The brand that stands for a carrier's code on a day. */
export function brandOf(carrierCode: string, day: Day, parameters: Parameters): string {
  const current = successorOf(parameters, carrierCode, day);
  return current === 'EMS' ? 'POSTAL' : current;
}

/** The brands of several carriers on a day: distinct, in code order. */
export function brandsOf(carrierCodes: Iterable<string>, day: Day, parameters: Parameters): string[] {
  const brands = new Set<string>();
  for (const code of carrierCodes) brands.add(brandOf(code, day, parameters));
  return [...brands].sort();
}

/** The brands that "all six of postal + 四通一达" asks for on a day. Five, should one succeed another of them. */
export function sixBrandsOn(day: Day, parameters: Parameters): string[] {
  return brandsOf(SIX_BRANDS, day, parameters);
}
