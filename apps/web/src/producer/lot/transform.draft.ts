/** Splitting, mixing and repacking as typed. Pure, no DOM; the server checks the balance again under lock. */
import type { LotTransform } from '#contracts';
import { gramsOf, type WeightUnit } from '../../shared/produce/weight.js';

export const TRANSFORM_MODES = ['split', 'mix', 'repack'] as const;
export type TransformMode = (typeof TRANSFORM_MODES)[number];

export interface DraftPart {
  /** Of the new lot when splitting, of the lot that goes in when mixing. */
  id: string;
  weight: string;
}
export interface TransformDraft {
  id: string;
  mode: TransformMode;
  unit: WeightUnit;
  /** The new lots of a split; of other modes the lots that go in. */
  parts: DraftPart[];
  /** Repacking: the product that comes out. Mixing: the product of the mixed lot. */
  productId: string;
  outputId: string;
  /** Weight of what comes out, when it is one lot; empty: all that goes in. */
  outputWeight: string;
}
export type TransformProblem = 'parts' | 'weight' | 'more_than_stock' | 'more_out_than_in' | 'product';
interface Source {
  id: string;
  productId: string;
  stockG: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function weightsOf(draft: TransformDraft): number[] | undefined {
  const weights = draft.parts.map((part) => gramsOf(part.weight, draft.unit));
  return weights.every((weight) => weight !== undefined) ? weights : undefined;
}

function splitOf(draft: TransformDraft, source: Source): LotTransform | TransformProblem {
  if (!draft.parts.length) return 'parts';
  const weights = weightsOf(draft);
  if (!weights) return 'weight';
  const quantityG = sum(weights);
  if (quantityG > source.stockG) return 'more_than_stock';
  const outputs = draft.parts.map((part, index) => ({
    id: part.id,
    productId: source.productId,
    quantityG: weights[index] ?? 0,
  }));
  return { id: draft.id, mode: 'split', inputs: [{ lotId: source.id, quantityG }], outputs };
}

function joinOf(draft: TransformDraft, sources: readonly Source[]): LotTransform | TransformProblem {
  if (draft.parts.length < (draft.mode === 'mix' ? 2 : 1)) return 'parts';
  const weights = weightsOf(draft);
  if (!weights) return 'weight';
  const inputs = draft.parts.map((part, index) => ({ lotId: part.id, quantityG: weights[index] ?? 0 }));
  const stocks = new Map(sources.map((source) => [source.id, source.stockG]));
  if (inputs.some((input) => input.quantityG > (stocks.get(input.lotId) ?? 0))) return 'more_than_stock';
  if (!draft.productId) return 'product';
  const goesIn = sum(weights);
  const quantityG = draft.outputWeight.trim() === '' ? goesIn : gramsOf(draft.outputWeight, draft.unit);
  if (quantityG === undefined) return 'weight';
  if (quantityG > goesIn) return 'more_out_than_in';
  const outputs = [{ id: draft.outputId, productId: draft.productId, quantityG }];
  return { id: draft.id, mode: draft.mode, inputs, outputs };
}

/** What is sent, or what is wrong. `sources` are the lots that may go in; the first is the lot in view. */
export function transformOf(draft: TransformDraft, sources: readonly Source[]): LotTransform | TransformProblem {
  const [own] = sources;
  if (!own) return 'parts';
  return draft.mode === 'split' ? splitOf(draft, own) : joinOf(draft, sources);
}
