/**
 * Computes everything that is derived from scratch: parcels and their published rows from the ledger, coverage facts from those, income from the
 * accounts, sales from the entries of orders. To repair, or with --verify only to compare: exit code 1 when anything differs.
 *   npm run rebuild [-- --verify] [county code …]
 */
import { dayOf } from '#contracts';
import { DirectoryReader } from '#directory';
import { CoverageRebuild, IncomeAggregator, SalesRebuild } from '#insight';
import { ParcelRebuild } from '#logistics';
import { Clock } from '#platform';
import { runCommand } from './command.js';

const SHOWN = 10;

await runCommand(async (app) => {
  const verify = process.argv.includes('--verify');
  const named = process.argv.slice(2).filter((argument) => /^\d{6}$/.test(argument));
  const snapshot = await app.get(DirectoryReader, { strict: false }).snapshot();
  const known = snapshot.unitsOfLevel('county', dayOf(app.get(Clock).now())).map((county) => snapshot.countyCodeOf(county.id));
  const steps = {
    parcels: (county: string) => app.get(ParcelRebuild, { strict: false }).rebuildParcels(county, { verify }),
    coverage: (county: string) => app.get(CoverageRebuild, { strict: false }).rebuildCoverage(county, { verify }),
    income: async (county: string) => {
      const report = await app.get(IncomeAggregator, { strict: false }).rebuildIncome(county, { verify });
      return { ...report, differing: report.differences.length };
    },
    sales: (county: string) => app.get(SalesRebuild, { strict: false }).rebuildSales(county, { verify }),
  };
  let differing = 0;
  for (const county of named.length > 0 ? named : known)
    for (const [step, run] of Object.entries(steps)) {
      const report = await run(county);
      differing += report.differing;
      const outcome =
        report.differing === 0 ? 'no difference' : `${report.differing} ${verify ? 'differ' : 'differed and were made anew'}`;
      process.stdout.write(`${county} ${step}: ${outcome}\n`);
      for (const difference of report.differences.slice(0, SHOWN)) process.stdout.write(`  ${JSON.stringify(difference)}\n`);
    }
  return !verify || differing === 0;
});
