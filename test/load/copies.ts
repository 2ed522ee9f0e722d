/**
 * `npm run bench copies [seed] [noise]`: the detection of copied labels on 100,000 honest and 2,000 copied codes of each of two simulated
 * worlds (docs/domain/copy-detection.md). `noise` 2 makes the harsh one's places, SIMs and tunnels mislead twice as often.
 */
import { COPY_WORLDS, measureCopies, total, type CopyWorld, type KindMeasure } from './copies.measure.js';

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

function run(world: CopyWorld): string {
  const { honest, copied, quiet } = measureCopies(world, HONEST, COPIED, seed);
  const [right, wrong] = [total(copied), total(honest)];
  const why = [...wrong.reasons].sort(([, left], [, other]) => other - left).slice(0, 8);
  console.log(`\n${world.title}`);
  console.log(
    `${HONEST} honest codes, ${COPIED} copied ones whose copies are scanned three times or more (${quiet} others are not), seed ${seed}`,
  );
  console.log('                              codes    alarm  noticed');
  console.log(`${line('copied, by the third scan', right)}\n${table(copied)}`);
  console.log(
    `  by the first scan of a third copy ${percent(right.thirdCopy, right.threeCopies)} of ${right.threeCopies}; by the tenth scan ${percent(right.tenth, right.histories)}; by the third, the forger's own tries counted ${percent(right.withTries, right.histories)}`,
  );
  console.log(`${line('honest', wrong)}\n${table(honest)}`);
  console.log(`  reasons of false alarms: ${why.map(([reason, times]) => `${reason} ${times}`).join(', ')}`);
  const [found, alarms] = [percent(right.alarms, right.histories).trim(), percent(wrong.alarms, wrong.histories).trim()];
  return `${world.title}\n  found by the third scan ≥ 95 %: ${found}; false alarms ≤ 0.5 %: ${alarms}`;
}

console.log(
  "A scan of a clone: any look at any copy of the code, all copies together; looks at the genuine label and the forger's tries are not counted.",
);
const summary = [COPY_WORLDS.plain, COPY_WORLDS.harsh(noise)].map(run);
console.log(`\nAims\n${summary.join('\n')}`);
