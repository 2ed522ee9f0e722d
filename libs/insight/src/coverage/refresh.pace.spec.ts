import { setTimeout as sleep } from 'node:timers/promises';
import { RefreshPace } from './refresh.pace.js';

/** A refresh that takes its time, counts its runs and remembers what had been noted when it began. */
function county(durationMs: number) {
  const state = { noted: 0, seen: 0, runs: 0, atOnce: 0, mostAtOnce: 0 };
  const drain = async (): Promise<void> => {
    const upTo = state.noted;
    state.atOnce += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, state.atOnce);
    await sleep(durationMs);
    state.atOnce -= 1;
    state.runs += 1;
    state.seen = upTo;
  };
  const pace = new RefreshPace({ drain });
  return { state, pace, note: () => ((state.noted += 1), pace.request('990101')) };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries += 1) await sleep(10);
  expect(holds()).toBe(true);
}

describe('the pace of a county’s refreshes', () => {
  it('refreshes at once when there is little to do', async () => {
    const { state, note } = county(1);
    await note();
    expect(state).toMatchObject({ seen: 1, runs: 1 });
  });

  it('serves everything that was noted meanwhile by one refresh, and forgets nothing', async () => {
    const { state, note } = county(30);
    await Promise.all(Array.from({ length: 200 }, note));
    await until(() => state.seen === 200);
    expect(state.runs).toBe(2);
    expect(state.mostAtOnce).toBe(1);
  });

  it('does not keep one county waiting for another', async () => {
    const { pace, state } = county(20);
    await Promise.all([pace.request('990101'), pace.request('990102')]);
    expect(state).toMatchObject({ runs: 2, mostAtOnce: 2 });
  });

  it('passes a failure on to the job that asked, and goes on afterwards', async () => {
    let runs = 0;
    const pace = new RefreshPace({ drain: () => ((runs += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve()) });
    await expect(pace.request('990101')).rejects.toThrow('away');
    await sleep(20);
    await pace.request('990101');
    await until(() => runs === 2);
  });

  it('starts nothing more after the shutdown began', async () => {
    const { state, pace, note } = county(20);
    const first = note();
    void note();
    await pace.beforeApplicationShutdown();
    await first;
    await sleep(80);
    expect(state.runs).toBe(1);
  });
});
