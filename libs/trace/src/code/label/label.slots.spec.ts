import { DomainError } from '#platform';
import { LabelSlots } from './label.slots.js';

const MANY = 40;
const never = new AbortController().signal;

describe('threads of labels', () => {
  it('are given to some, awaited in order by a few, and refused to the rest', async () => {
    const slots = new LabelSlots();
    const order: number[] = [];
    const asked = Array.from({ length: MANY }, async (_, index) => {
      const giveBack = await slots.take(never);
      order.push(index);
      giveBack();
      giveBack();
      return 'made';
    });
    const refusals = (await Promise.allSettled(asked)).flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals) expect(refusal).toMatchObject(new DomainError('labels_busy', 503));
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order.length + refusals.length).toBe(MANY);
    // All were given back, and only once.
    (await slots.take(never))();
  });

  it('are not kept for a reader that left while it waited', async () => {
    const slots = new LabelSlots();
    const taken: (() => void)[] = [];
    const left = new AbortController();
    const waiting: Promise<unknown>[] = [];
    for (let index = 0; index < MANY; index += 1) waiting.push(slots.take(left.signal).then((giveBack) => taken.push(giveBack)));
    left.abort(new Error('gone'));
    const ends = await Promise.allSettled(waiting);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(taken.length);
    for (const giveBack of taken) giveBack();
    (await slots.take(never))();
  });
});
