/** Hands the history's scans to the ingest, as the people who made them, day by day. */
import type { INestApplicationContext } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import { ScanService } from '#logistics';
import type { Principal } from '#platform';
import type { DemoCounty } from './county.model.js';
import type { ParcelGenerator } from './parcel.generator.js';
import type { DemoScan } from './parcel.journey.js';
import { Reporters } from './reporters.js';

/** Scans in one call, as a phone may send them. */
const BATCH = 500;

/** Days under way at the same time: while one is written, the next is made and read. */
const DAYS_AT_ONCE = 2;

/**
 * Loads every scan of these days. The calls of a day go out together and share commits; the scans of one town's parcels stay together, so that
 * a parcel is folded once for all that happened to it on that day. Harmless when repeated.
 * @param onScan sees every scan that is handed over
 * @returns the number of scans
 * @throws Error when the ingest refuses a scan: then generator and rules disagree
 */
export async function loadParcels(
  app: INestApplicationContext,
  county: DemoCounty,
  days: ReturnType<ParcelGenerator['days']>,
  onScan: (scan: DemoScan) => void,
  onDay: (day: string) => void,
): Promise<number> {
  const ingest = app.get(ScanService, { strict: false });
  const reporters = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  const underWay: Promise<void>[] = [];
  let total = 0;
  try {
    for (const { day, scans } of days) {
      scans.forEach(onScan);
      total += scans.length;
      underWay.push(loadDay(ingest, callsOf(scans, reporters)).then(() => onDay(day)));
      if (underWay.length >= DAYS_AT_ONCE) await underWay.shift();
    }
  } finally {
    // Also after a failure nothing may go on behind the caller's back; the first failure is the one that is thrown.
    await Promise.allSettled(underWay);
  }
  await Promise.all(underWay);
  return total;
}

async function loadDay(ingest: ScanService, calls: readonly Call[]): Promise<void> {
  const answers = await Promise.all(
    calls.map(({ reporter, batch }) => {
      const scans = batch.map((entry) => entry.scan);
      return ingest.ingest(reporter, `demo-${reporter.username}`, scans, new Date(batch.at(-1)?.receivedAtMs ?? 0));
    }),
  );
  const refused = answers.flat().find((result) => result.outcome === 'rejected');
  if (refused)
    throw new Error(`Scan ${refused.id ?? ''} was refused: ${refused.problem?.code ?? ''} ${refused.problem?.detail ?? ''}`);
}

interface Call {
  readonly reporter: Principal;
  readonly batch: DemoScan[];
}

/** One call for each reporter and town, in the order of the towns; long ones in parts. */
function callsOf(scans: readonly DemoScan[], reporters: Reporters): Call[] {
  const groups = new Map<string, Call>();
  for (const scan of scans) {
    const reporter = reporters.of(scan.stationCode);
    const key = `${scan.townCode} ${reporter.username}`;
    const group = groups.get(key);
    if (group) group.batch.push(scan);
    else groups.set(key, { reporter, batch: [scan] });
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, { reporter, batch }]) =>
      Array.from({ length: Math.ceil(batch.length / BATCH) }, (_, part) => ({
        reporter,
        batch: batch.slice(part * BATCH, (part + 1) * BATCH),
      })),
    );
}
