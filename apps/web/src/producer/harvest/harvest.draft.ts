/** A harvest as it is typed: what it still lacks, and what is sent. Pure, no DOM. */
import type { Day, LotHarvest, LotInput } from '#contracts';
import { gramsOf, type WeightUnit } from '../../shared/produce/weight.js';

/** Fertilisers, pesticides, feed or medicine that were given. */
export interface DraftInput {
  id: string;
  kind: LotInput['kind'];
  name: string;
  appliedOn: Day;
  /** Days, as typed; empty means none. */
  safetyIntervalDays: string;
}

/** `id` is the lot's: sending the same draft twice makes one lot. */
export interface HarvestDraft {
  id: string;
  productId: string;
  plotName: string;
  harvestedOn: Day;
  weight: string;
  unit: WeightUnit;
  inputs: DraftInput[];
  note: string;
}

/** What was chosen the last time: the next harvest begins with it. */
export interface LastHarvest {
  productId: string;
  plotName: string;
  unit: WeightUnit;
}

/** A new draft of today, with product, plot and unit of the last harvest. */
export function newDraft(id: string, today: Day, last: Partial<LastHarvest> = {}): HarvestDraft {
  return {
    id,
    productId: last.productId ?? '',
    plotName: last.plotName ?? '',
    harvestedOn: today,
    weight: '',
    unit: last.unit ?? 'jin',
    inputs: [],
    note: '',
  };
}

/** An empty row for what was given; a pesticide by default, because its interval matters. */
export function newInput(id: string, today: Day, kind: DraftInput['kind'] = 'pesticide'): DraftInput {
  return { id, kind, name: '', appliedOn: today, safetyIntervalDays: '' };
}

/** What is wrong with a draft: one name a field. `input:2` is the third row of what was given. */
export type DraftProblem = 'product' | 'plot' | 'day' | 'weight' | `input:${number}`;

const MAX_INTERVAL_DAYS = 365;

/** Rows that were opened and left empty are no rows. */
export function isBlankInput(input: DraftInput): boolean {
  return input.name.trim() === '' && input.safetyIntervalDays.trim() === '';
}

function daysOf(text: string): number | undefined {
  const plain = text.trim();
  if (plain === '') return 0;
  const days = /^\d{1,3}$/.test(plain) ? Number(plain) : Number.NaN;
  return days <= MAX_INTERVAL_DAYS ? days : undefined;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Everything that keeps a draft from being sent, in the order of the form. Whether a safety interval is over is the server's to say. */
export function problemsOf(draft: HarvestDraft, today: Day): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (!draft.productId) problems.push('product');
  if (gramsOf(draft.weight, draft.unit) === undefined) problems.push('weight');
  if (!draft.plotName.trim()) problems.push('plot');
  if (!isDay(draft.harvestedOn) || draft.harvestedOn > today) problems.push('day');
  draft.inputs.forEach((input, index) => {
    if (isBlankInput(input)) return;
    if (!input.name.trim() || !isDay(input.appliedOn) || daysOf(input.safetyIntervalDays) === undefined)
      problems.push(`input:${index}`);
  });
  return problems;
}

/** What is sent, or `undefined` when something is wrong with the draft. */
export function harvestOf(draft: HarvestDraft, today: Day): LotHarvest | undefined {
  const quantityG = gramsOf(draft.weight, draft.unit);
  if (problemsOf(draft, today).length || quantityG === undefined) return undefined;
  const inputs = draft.inputs
    .filter((input) => !isBlankInput(input))
    .map((input): LotInput => ({
      id: input.id,
      kind: input.kind,
      name: input.name.trim(),
      appliedOn: input.appliedOn,
      safetyIntervalDays: daysOf(input.safetyIntervalDays) ?? 0,
    }));
  const note = draft.note.trim();
  return {
    id: draft.id,
    productId: draft.productId,
    plot: { name: draft.plotName.trim() },
    harvestedOn: draft.harvestedOn,
    quantityG,
    inputs,
    ...(note && { note }),
  };
}
