/** `npm run bench copies [seed]`: the detection of copied labels on 100,000 honest and 2,000 copied codes (docs/domain/copy-detection.md). */
import { measureCopies } from '#trace';

const HONEST = 100_000;
const COPIED = 2000;
const seed = Number(process.argv[2] ?? 1);

const { recall, falseAlarms, falseReasons } = measureCopies(HONEST, COPIED, seed);
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
console.log(`${HONEST} honest codes, ${COPIED} copied ones, seed ${seed}`);
console.log(`found by the third look at a copy: ${percent(recall)} (aim ≥ 95 %)`);
console.log(`false alarms: ${percent(falseAlarms)} (aim ≤ 0.5 %) ${JSON.stringify(falseReasons)}`);
