/** The safety interval (安全间隔期, 休药期): days that must lie between an application and the harvest (docs/domain/produce.md). */
import { addDays, type Day, type LotInput } from '#contracts';

type Application = Pick<LotInput, 'name' | 'appliedOn' | 'safetyIntervalDays'>;

/** The first day on which may be harvested after an application. */
export function firstHarvestDay({ appliedOn, safetyIntervalDays }: Application): Day {
  return addDays(appliedOn, safetyIntervalDays);
}

/** Why a harvest on a day and its applications do not go together; `firstDay` is the first day on which all of them allow it. */
export type HarvestObstacle =
  | { code: 'input_after_harvest'; input: string; appliedOn: Day }
  | { code: 'harvest_in_safety_interval'; input: string; firstDay: Day };

/** What stands against a harvest on a day; of several intervals the one that ends last. `undefined` when nothing does. */
export function harvestObstacle(harvestedOn: Day, inputs: readonly Application[]): HarvestObstacle | undefined {
  const late = inputs.find(({ appliedOn }) => appliedOn > harvestedOn);
  if (late) return { code: 'input_after_harvest', input: late.name, appliedOn: late.appliedOn };
  const [last] = inputs
    .map((input) => ({ input: input.name, firstDay: firstHarvestDay(input) }))
    .sort((left, right) => (left.firstDay < right.firstDay ? 1 : -1));
  return last && harvestedOn < last.firstDay ? { code: 'harvest_in_safety_interval', ...last } : undefined;
}
