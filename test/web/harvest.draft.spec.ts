import { lotHarvestSchema } from '#contracts';
import {
  harvestOf,
  newDraft,
  newInput,
  problemsOf,
  type HarvestDraft,
} from '../../apps/web/src/producer/harvest/harvest.draft.js';
import { HarvestShelf, type DraftStorage } from '../../apps/web/src/producer/harvest/harvest.shelf.js';

const TODAY = '2026-11-23';
const LOT = '01939b3c-0000-7000-8000-000000000001';
const PRODUCT = '01939b3c-0000-7000-8000-000000000002';
const INPUT = '01939b3c-0000-7000-8000-000000000003';
const filled = (change: Partial<HarvestDraft> = {}): HarvestDraft => ({
  ...newDraft(LOT, TODAY, { productId: PRODUCT, plotName: 'East slope', unit: 'jin' }),
  weight: '120',
  ...change,
});

/** What a browser's storage does; `full` refuses to keep anything. */
class MemoryStorage implements DraftStorage {
  readonly entries = new Map<string, string>();
  constructor(private readonly full = false) {}
  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    this.entries.set(key, value);
  }
  removeItem(key: string): void {
    this.entries.delete(key);
  }
}

describe('a harvest that is typed', () => {
  it('begins with today and what was harvested the last time', () => {
    expect(newDraft(LOT, TODAY, { productId: PRODUCT, plotName: 'East slope', unit: 'kg' })).toMatchObject({
      id: LOT,
      productId: PRODUCT,
      plotName: 'East slope',
      harvestedOn: TODAY,
      unit: 'kg',
      weight: '',
    });
  });

  it('is sent in grams, as the contract wants it', () => {
    const input = { ...newInput(INPUT, '2026-11-01'), name: ' Imidacloprid ', safetyIntervalDays: '14' };
    const harvest = harvestOf(filled({ inputs: [input], note: '  ' }), TODAY);
    expect(harvest).toEqual({
      id: LOT,
      productId: PRODUCT,
      plot: { name: 'East slope' },
      harvestedOn: TODAY,
      quantityG: 60_000,
      inputs: [{ id: INPUT, kind: 'pesticide', name: 'Imidacloprid', appliedOn: '2026-11-01', safetyIntervalDays: 14 }],
    });
    expect(lotHarvestSchema.safeParse(harvest).success).toBe(true);
  });

  it('keeps its id, so that sending it again makes no second lot', () => {
    expect(harvestOf(filled(), TODAY)?.id).toBe(harvestOf(filled(), TODAY)?.id);
  });

  it('says what is missing, in the order of the form', () => {
    expect(problemsOf(newDraft(LOT, TODAY), TODAY)).toEqual(['product', 'weight', 'plot']);
    expect(problemsOf(filled({ harvestedOn: '2026-11-24' }), TODAY)).toEqual(['day']);
    expect(problemsOf(filled({ harvestedOn: '' }), TODAY)).toEqual(['day']);
    expect(harvestOf(filled({ weight: 'much' }), TODAY)).toBeUndefined();
  });

  it('leaves out rows that were opened and not filled, and names those that are half filled', () => {
    expect(harvestOf(filled({ inputs: [newInput(INPUT, TODAY)] }), TODAY)?.inputs).toEqual([]);
    const half = { ...newInput(INPUT, TODAY), safetyIntervalDays: '7' };
    const tooLong = { ...newInput(INPUT, TODAY), name: 'Urea', safetyIntervalDays: '366' };
    expect(problemsOf(filled({ inputs: [half] }), TODAY)).toEqual(['input:0']);
    expect(problemsOf(filled({ inputs: [newInput(INPUT, TODAY), tooLong] }), TODAY)).toEqual(['input:1']);
  });
});

describe('the shelf of harvests on a phone', () => {
  it('gives the draft back after the page was closed', () => {
    const storage = new MemoryStorage();
    new HarvestShelf(storage, 'a').keepDraft(filled());
    expect(new HarvestShelf(storage, 'a').draft()).toEqual(filled());
    new HarvestShelf(storage, 'a').dropDraft();
    expect(new HarvestShelf(storage, 'a').draft()).toBeUndefined();
  });

  it('shows nobody the drafts of another', () => {
    const storage = new MemoryStorage();
    new HarvestShelf(storage, 'a').keepDraft(filled());
    new HarvestShelf(storage, 'a').putAside(filled());
    expect(new HarvestShelf(storage, 'b').draft()).toBeUndefined();
    expect(new HarvestShelf(storage, 'b').waiting()).toEqual([]);
  });

  it('keeps what waits for the network once each, oldest first, until it is taken', () => {
    const shelf = new HarvestShelf(new MemoryStorage(), 'a');
    const second = filled({ id: PRODUCT });
    shelf.putAside(filled());
    shelf.putAside(second);
    shelf.putAside(filled({ weight: '130' }));
    expect(shelf.waiting().map((draft) => [draft.id, draft.weight])).toEqual([
      [PRODUCT, '120'],
      [LOT, '130'],
    ]);
    expect(shelf.take(PRODUCT)).toEqual(second);
    expect(shelf.take(PRODUCT)).toBeUndefined();
    expect(shelf.waiting()).toHaveLength(1);
  });

  it('says when the phone cannot keep anything, and takes damaged entries for none', () => {
    expect(new HarvestShelf(new MemoryStorage(true), 'a').keepDraft(filled())).toBe(false);
    expect(new HarvestShelf(new MemoryStorage(true), 'a').putAside(filled())).toBe(false);
    const storage = new MemoryStorage();
    storage.setItem('xiangyi.harvest.draft.a', '{"id":');
    storage.setItem('xiangyi.harvest.waiting.a', '[{"id":7}]');
    expect(new HarvestShelf(storage, 'a').draft()).toBeUndefined();
    expect(new HarvestShelf(storage, 'a').waiting()).toEqual([]);
  });
});
