/**
 * Checks the logs of business steps: that no event was edited, removed or added outside of the chain. Exit code 1 at the first break. A head noted down
 * earlier, as `990101:120:9f3c…`, must still be in the log: so nothing can have been cut off its end.
 *   npm run verify:trace [-- county:seq:hash …]
 */
import { EpcisVerifier } from '#trace';
import { runCommand } from './command.js';

const NOTED = /^(\d{6}):(\d+):([0-9a-f]{64})$/;

await runCommand(async (app) => {
  const verifier = app.get(EpcisVerifier, { strict: false });
  const noted = process.argv.slice(2).flatMap((argument) => {
    const [, county = '', seq = '', head = ''] = NOTED.exec(argument) ?? [];
    if (county === '') process.stderr.write(`Not county:number:hash: ${argument}\n`);
    return county === '' ? [] : [{ county, seq: Number(seq), head }];
  });
  let sound = noted.length === process.argv.length - 2;
  const counties = new Set([...(await verifier.counties()), ...noted.map(({ county }) => county)]);
  if (counties.size === 0) process.stdout.write('No events are logged\n');
  for (const county of counties) {
    const report = await verifier.verify(
      county,
      noted.find((one) => one.county === county),
    );
    const { firstBreak } = report;
    sound &&= firstBreak === null;
    const outcome = firstBreak ? `first break at event ${firstBreak.seq}: ${firstBreak.kind}` : 'unbroken';
    process.stdout.write(`${county}: ${report.events} events, ${outcome}, head ${county}:${report.events}:${report.head}\n`);
  }
  return sound;
});
