import fc from 'fast-check';
import { addDays, daysBetween } from '#contracts';
import { harvestObstacle } from './safety.interval.js';

const spray = (name: string, appliedOn: string, safetyIntervalDays: number) => ({ name, appliedOn, safetyIntervalDays });

describe('the safety interval', () => {
  it('lets a harvest pass on its last day and not a day before', () => {
    const inputs = [spray('苦参碱', '2026-11-01', 7)];
    expect(harvestObstacle('2026-11-07', inputs)).toEqual({
      code: 'harvest_in_safety_interval',
      input: '苦参碱',
      firstDay: '2026-11-08',
    });
    expect(harvestObstacle('2026-11-08', inputs)).toBeUndefined();
  });

  it('names the interval that ends last', () => {
    const inputs = [spray('a', '2026-11-01', 30), spray('b', '2026-11-05', 20), spray('c', '2026-11-06', 0)];
    expect(harvestObstacle('2026-11-10', inputs)).toMatchObject({ input: 'a', firstDay: '2026-12-01' });
  });

  it('knows nothing that was applied after the harvest', () => {
    expect(harvestObstacle('2026-11-10', [spray('a', '2026-11-11', 0)])).toMatchObject({ code: 'input_after_harvest' });
    expect(harvestObstacle('2026-11-10', [spray('a', '2026-11-10', 0)])).toBeUndefined();
    expect(harvestObstacle('2026-11-10', [])).toBeUndefined();
  });

  it('allows a day exactly when every application lies far enough before it', () => {
    const day = fc.nat(60).map((offset) => addDays('2026-10-01', offset));
    const inputs = fc.array(fc.record({ name: fc.string(), appliedOn: day, safetyIntervalDays: fc.nat(40) }), { maxLength: 6 });
    fc.assert(
      fc.property(day, inputs, (harvestedOn, applied) => {
        const allowed = applied.every(
          (input) => daysBetween(input.appliedOn, harvestedOn) >= Math.max(0, input.safetyIntervalDays),
        );
        expect(harvestObstacle(harvestedOn, applied) === undefined).toBe(allowed);
      }),
    );
  });
});
