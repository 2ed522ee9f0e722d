/**
 * Splitting, mixing and repacking: what is allowed, how much of each lot goes into each new one, and whose the new ones are. Mass balance to the gram:
 * what went in is what came out and what was lost (docs/domain/produce.md).
 */
import type { Day, LotTransform } from '#contracts';
import { sameGroup, sameKind } from '../product/category.table.js';

/** A lot that goes in, as it stands under its lock. */
export interface SourceLot {
  id: string;
  lotNo: string;
  productId: string;
  categoryCode: string;
  villageId: string;
  harvestedOn: Day | null;
  /** Stock that is not set aside for orders. */
  freeG: number;
  /** A test of it or of a lot that it was made of failed. */
  failed: boolean;
}

export interface TransformPlan {
  /** What leaves each lot: `movedG` into the new ones, `lostG` to trimming and drying. */
  sources: { lotId: string; movedG: number; lostG: number }[];
  /** Of every new lot how much came from which; sums to its quantity, and by lot to `movedG`. */
  parts: { parentId: string; childId: string; quantityG: number }[];
  /** Village of the new lots: of the greatest part. */
  villageId: string;
  /** The oldest harvest that went in. */
  harvestedOn: Day | null;
}

/** Why a transformation is refused. */
export interface TransformProblem {
  code:
    | 'transform_shape'
    | 'transform_repeats_lot'
    | 'transform_outweighs'
    | 'transform_product_differs'
    | 'transform_category_differs'
    | 'lot_test_failed'
    | 'lot_stock_short';
  params: Record<string, string | number>;
}

type Input = { lot: SourceLot; quantityG: number };
type Output = { id: string; productId: string; categoryCode: string; quantityG: number };

/** Plans a transformation, or says why it is refused. `inputs` and `outputs` are those of the request with what is known of them. */
export function planTransform(
  mode: LotTransform['mode'],
  inputs: readonly Input[],
  outputs: readonly Output[],
): TransformPlan | TransformProblem {
  const problem = shapeProblem(mode, inputs, outputs) ?? productProblem(mode, inputs, outputs) ?? lotProblem(inputs);
  if (problem) return problem;
  const total = sum(outputs);
  const moved = sharesOf(
    total,
    inputs.map(({ quantityG }) => quantityG),
  );
  const sources = inputs.map(({ lot, quantityG }, index) => {
    const movedG = moved[index] ?? 0;
    return { lotId: lot.id, movedG, lostG: quantityG - movedG };
  });
  const greatest = inputs.reduce((most, input) => (input.quantityG > most.quantityG ? input : most));
  return {
    sources,
    parts: partsOf(sources, outputs),
    villageId: greatest.lot.villageId,
    harvestedOn: oldest(inputs.map(({ lot }) => lot.harvestedOn)),
  };
}

/** `total` shared out by weights that sum to at least as much: whole grams, no share above its weight, sum exactly `total`. */
export function sharesOf(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((grams, weight) => grams + BigInt(weight), 0n);
  const rough = weights.map((weight, index) => {
    const product = BigInt(weight) * BigInt(total);
    return { index, share: Number(product / whole), rest: product % whole };
  });
  let missing = total - rough.reduce((grams, { share }) => grams + share, 0);
  const byRest = rough.toSorted((left, right) =>
    left.rest === right.rest ? left.index - right.index : left.rest < right.rest ? 1 : -1,
  );
  for (const row of byRest) {
    if (missing === 0) break;
    row.share += 1;
    missing -= 1;
  }
  return rough.map(({ share }) => share);
}

function shapeProblem(
  mode: LotTransform['mode'],
  inputs: readonly Input[],
  outputs: readonly Output[],
): TransformProblem | undefined {
  const fits = mode === 'mix' ? inputs.length > 1 && outputs.length === 1 : inputs.length === 1;
  if (!fits) return { code: 'transform_shape', params: { mode } };
  const ids = [...inputs.map(({ lot }) => lot.id), ...outputs.map(({ id }) => id)];
  if (new Set(ids).size < ids.length) return { code: 'transform_repeats_lot', params: {} };
  const [inG, outG] = [sum(inputs), sum(outputs)];
  return outG > inG ? { code: 'transform_outweighs', params: { inG, outG } } : undefined;
}

/** Splitting keeps the product; mixing keeps the kind (仁果类 with 仁果类); repacking keeps the group (果品). */
function productProblem(
  mode: LotTransform['mode'],
  inputs: readonly Input[],
  outputs: readonly Output[],
): TransformProblem | undefined {
  const pairs = inputs.flatMap(({ lot }) => outputs.map((output) => ({ lot, output })));
  switch (mode) {
    case 'split':
      return pairs.every(({ lot, output }) => lot.productId === output.productId)
        ? undefined
        : { code: 'transform_product_differs', params: {} };
    case 'mix':
      return pairs.every(({ lot, output }) => sameKind(lot.categoryCode, output.categoryCode))
        ? undefined
        : { code: 'transform_category_differs', params: {} };
    case 'repack':
      return pairs.every(({ lot, output }) => sameGroup(lot.categoryCode, output.categoryCode))
        ? undefined
        : { code: 'transform_category_differs', params: {} };
  }
}

function lotProblem(inputs: readonly Input[]): TransformProblem | undefined {
  const failed = inputs.find(({ lot }) => lot.failed);
  if (failed) return { code: 'lot_test_failed', params: { lotNo: failed.lot.lotNo } };
  const short = inputs.find(({ lot, quantityG }) => quantityG > lot.freeG);
  return short ? { code: 'lot_stock_short', params: { lotNo: short.lot.lotNo, freeG: Math.max(0, short.lot.freeG) } } : undefined;
}

/** With one lot in, its new ones hold it whole; with one lot out, it holds what each gave. */
function partsOf(sources: TransformPlan['sources'], outputs: readonly Output[]): TransformPlan['parts'] {
  const [only] = sources;
  if (only && sources.length === 1) return outputs.map(({ id, quantityG }) => ({ parentId: only.lotId, childId: id, quantityG }));
  return outputs.flatMap(({ id }) => sources.map(({ lotId, movedG }) => ({ parentId: lotId, childId: id, quantityG: movedG })));
}

function oldest(days: readonly (Day | null)[]): Day | null {
  return days.reduce((first, day) => (day !== null && (first === null || day < first) ? day : first), null);
}

function sum(parts: readonly { quantityG: number }[]): number {
  return parts.reduce((grams, { quantityG }) => grams + quantityG, 0);
}
