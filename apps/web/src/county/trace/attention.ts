/** What waits for a person: copied labels and reports to be decided, recalls in force. Shared by the tabs and the pages. */
import { shallowRef } from 'vue';
import type { Page, RecallView } from '#contracts';
import { alertList, fakeReportList, recallList } from '../../shared/api/trace.api.js';
import { may } from '../../shared/session/session.js';

/** As many as one answer holds; beyond it the number is a lower bound. */
const MOST = 200;

/** A number, and whether there are more. */
export interface Waiting {
  readonly count: number;
  readonly more: boolean;
}
export interface Attention {
  readonly copies: Waiting;
  readonly fakes: Waiting;
  readonly recalls: Waiting;
  /** Recalls in force by the lot that they began with. */
  readonly recallOf: ReadonlyMap<string, RecallView>;
}

const NOTHING: Page<never> = { items: [] };
const waiting = (page: Page<unknown>): Waiting => ({ count: page.items.length, more: page.nextCursor !== undefined });

/** The latest count; absent until it is there, and while it could not be asked. */
export const attention = shallowRef<Attention>();

/** Counts anew. What fails leaves the old count: the page's own list says what is wrong. */
export async function refreshAttention(): Promise<void> {
  const decides = may('alert:decide');
  const open = { state: 'open', limit: MOST };
  try {
    const [copies, fakes, recalls] = await Promise.all([
      decides ? alertList(open) : NOTHING,
      decides ? fakeReportList(open) : NOTHING,
      recallList({ open: 'true', limit: MOST }),
    ]);
    attention.value = {
      copies: waiting(copies),
      fakes: waiting(fakes),
      recalls: waiting(recalls),
      recallOf: new Map(recalls.items.map((recall) => [recall.lot.id, recall])),
    };
  } catch {
    attention.value = undefined;
  }
}
