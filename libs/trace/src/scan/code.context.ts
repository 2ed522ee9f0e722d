/** What is known of a code besides the looks at it: the inputs of the formula that judges them (copy.risk.ts). */
import { positionOf, type DirectorySnapshot } from '#directory';
import type { CodeFacts } from './code.scan.repository.js';
import type { LookContext, Position } from './copy.risk.js';

/** Categories (NY/T 3177-2018) of what is eaten within days or weeks of its harvest: fruit and vegetables, but not nuts, onions and garlic, or tubers. */
const FRESH = ['0103', '0104'] as const;
const KEEPING = ['010307', '010408', '010410'] as const;

/** Whether produce of a category keeps for months, so that an honest buyer may look at its label late. What is not known to be fresh does. */
export function keepsLong(categoryCode: string): boolean {
  const isOf = (prefix: string): boolean => categoryCode.startsWith(prefix);
  return !FRESH.some(isOf) || KEEPING.some(isOf);
}

/** Finds a city of an order's address. */
export interface CityFinder {
  locate(province: string | null, city: string | null): Position | null;
}

/** The context in which a look at a code is judged. */
export function contextOf(code: CodeFacts, snapshot: DirectorySnapshot, cities: CityFinder): LookContext {
  const village = snapshot.unit(code.villageId);
  return {
    activated: code.state !== 'made',
    manyPacks: code.level === 'lot',
    packedAtMs: code.packedAt?.getTime() ?? null,
    deliveredAtMs: code.deliveredAt?.getTime() ?? null,
    home: (village && positionOf(village)) ?? null,
    destination: cities.locate(code.province, code.city),
    keeps: keepsLong(code.categoryCode),
  };
}
