/** Harvests that the phone keeps: the one that is being typed, and those that wait for the network. Pure but for the storage it is given. */
import { z } from 'zod';
import { LOT_INPUT_KINDS } from '#contracts';
import { WEIGHT_UNITS } from '../../shared/produce/weight.js';
import type { HarvestDraft, LastHarvest } from './harvest.draft.js';

/** The part of `localStorage` that is used. */
export interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const draftSchema = z.object({
  id: z.string(),
  productId: z.string(),
  plotName: z.string(),
  harvestedOn: z.string(),
  weight: z.string(),
  unit: z.enum(WEIGHT_UNITS),
  inputs: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(LOT_INPUT_KINDS),
      name: z.string(),
      appliedOn: z.string(),
      safetyIntervalDays: z.string(),
    }),
  ),
  note: z.string(),
});
const lastSchema = z.object({ productId: z.string(), plotName: z.string(), unit: z.enum(WEIGHT_UNITS) });

/** Drafts of one person on one phone; another person who signs in never sees them. */
export class HarvestShelf {
  constructor(
    private readonly storage: DraftStorage,
    private readonly userId: string,
  ) {}

  private key(name: string): string {
    return `xiangyi.harvest.${name}.${this.userId}`;
  }

  private read<T>(name: string, schema: z.ZodType<T>): T | undefined {
    try {
      const parsed = schema.safeParse(JSON.parse(this.storage.getItem(this.key(name)) ?? 'null'));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether it was kept: a full or forbidden storage must be told to the person. */
  private write(name: string, value: unknown): boolean {
    try {
      this.storage.setItem(this.key(name), JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** The harvest that was being typed. */
  draft(): HarvestDraft | undefined {
    return this.read('draft', draftSchema);
  }

  keepDraft(draft: HarvestDraft): boolean {
    return this.write('draft', draft);
  }

  dropDraft(): void {
    this.storage.removeItem(this.key('draft'));
  }

  /** Product, plot and unit of the last harvest. */
  last(): LastHarvest | undefined {
    return this.read('last', lastSchema);
  }

  keepLast(last: LastHarvest): void {
    this.write('last', last);
  }

  /** Harvests that were finished while the network was away, oldest first. */
  waiting(): HarvestDraft[] {
    return this.read('waiting', z.array(draftSchema)) ?? [];
  }

  /** Puts a finished harvest aside until the network is back; one with the same id is replaced. */
  putAside(draft: HarvestDraft): boolean {
    return this.write('waiting', [...this.waiting().filter((other) => other.id !== draft.id), draft]);
  }

  /** Takes a harvest off the shelf: the county has it, or it is being corrected. */
  take(id: string): HarvestDraft | undefined {
    const waiting = this.waiting();
    this.write(
      'waiting',
      waiting.filter((draft) => draft.id !== id),
    );
    return waiting.find((draft) => draft.id === id);
  }
}
