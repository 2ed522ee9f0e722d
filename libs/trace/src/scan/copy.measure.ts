import { emptyMemory, judge, type LookContext } from './copy.risk.js';
import { copiedHistory, honestHistory, seeded, type SimulatedLook } from './copy.simulation.js';

/** Looks at a copy by which it is to be found. */
const BY_LOOK = 3;
const CONTEXT: LookContext = { activated: true, packedAtMs: null, deliveredAtMs: null, home: null };

/** How well the detection does on simulated histories. */
export interface CopyMeasure {
  /** Share of the copied codes that were suspicious by the third look at a copy. */
  readonly recall: number;
  /** Share of the honest codes that were suspicious at any time. */
  readonly falseAlarms: number;
  /** The first reason of each false alarm, counted. */
  readonly falseReasons: Readonly<Record<string, number>>;
}

/** Measures the detection on some histories of each kind. */
export function measureCopies(honest: number, copied: number, seed: number): CopyMeasure {
  const random = seeded(seed);
  let alarms = 0;
  const falseReasons: Record<string, number> = {};
  for (let index = 0; index < honest; index++) {
    const reason = firstAlarm(honestHistory(random))?.reason;
    if (reason === undefined) continue;
    alarms += 1;
    falseReasons[reason] = (falseReasons[reason] ?? 0) + 1;
  }
  let found = 0;
  for (let index = 0; index < copied; index++) {
    const alarm = firstAlarm(copiedHistory(random));
    if (alarm && alarm.copies <= BY_LOOK) found += 1;
  }
  return { recall: found / copied, falseAlarms: alarms / honest, falseReasons };
}

function firstAlarm(looks: readonly SimulatedLook[]): { reason: string; copies: number } | undefined {
  let memory = emptyMemory();
  let copies = 0;
  for (const look of looks) {
    if (look.copy) copies += 1;
    const judged = judge(memory, look, CONTEXT);
    memory = judged.memory;
    if (judged.risk === 'high') return { reason: judged.reasons[0] ?? '', copies };
  }
  return undefined;
}
