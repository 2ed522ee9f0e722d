/** The five steps of a share on the map and in the tables, with the same bounds every month so that months compare. Pure. */

/** Lower bounds of steps 2–5. */
export const RAMP_BOUNDS = [0.5, 0.7, 0.85, 0.95] as const;
export const RAMP_STEPS = [1, 2, 3, 4, 5] as const;
export type RampStep = (typeof RAMP_STEPS)[number];

/** The step of a share. */
export function rampStep(value: number): RampStep {
  const above = RAMP_BOUNDS.filter((bound) => value >= bound).length;
  return RAMP_STEPS[above] ?? 5;
}

/** Lower and upper bound of a step, as shares. */
export function rampRange(step: RampStep): { from: number; to: number } {
  return { from: RAMP_BOUNDS[step - 2] ?? 0, to: RAMP_BOUNDS[step - 1] ?? 1 };
}
