/**
 * `npm run bench copies [seed] [noise]`: the detection of copied labels on 100,000 honest and 2,000 copied codes of a simulated world
 * (docs/domain/copy-detection.md). `noise` 2 makes places, SIMs and tunnels mislead twice as often.
 */
import { measureCopies, total, type KindMeasure } from './copies.measure.js';

const HONEST = 100_000;
const COPIED = 2000;
const [seed = 1, noise = 1] = process.argv.slice(2).map(Number);

const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(2)} %`.padStart(9);
const line = (kind: string, { histories, alarms, warned }: KindMeasure): string =>
  `  ${kind.padEnd(26)}${String(histories).padStart(7)}${percent(alarms, histories)}${percent(warned, histories)}`;
const table = (kinds: ReadonlyMap<string, KindMeasure>): string =>
  [...kinds]
    .sort(([, left], [, right]) => right.histories - left.histories)
    .map(([kind, measure]) => line(kind, measure))
    .join('\n');

const { honest, copied, quiet } = measureCopies(HONEST, COPIED, seed, noise);
const [right, wrong] = [total(copied), total(honest)];
console.log(
  `${HONEST} honest codes, ${COPIED} copied ones that are scanned three times or more (${quiet} others are not), seed ${seed}, noise ${noise}`,
);
console.log('                              codes    alarm  noticed');
console.log(`${line('copied, by the third scan', right)}\n${table(copied)}`);
console.log(
  `  by the first scan of a third copy ${percent(right.thirdCopy, right.threeCopies)} of ${right.threeCopies}; by the tenth scan ${percent(right.tenth, right.histories)}; by the third, the forger's own tries counted ${percent(right.withTries, right.histories)}`,
);
console.log(`${line('honest', wrong)}\n${table(honest)}`);
const why = [...wrong.reasons].sort(([, left], [, other]) => other - left).slice(0, 8);
console.log(`  reasons of false alarms: ${why.map(([reason, times]) => `${reason} ${times}`).join(', ')}`);
console.log(
  `Aims: found by the third scan ≥ 95 %: ${percent(right.alarms, right.histories).trim()}; false alarms ≤ 0.5 %: ${percent(wrong.alarms, wrong.histories).trim()}`,
);
