/** Loads the demo county into an empty database: what a county does in three months, in seconds, through the same services. */
import type { INestApplicationContext } from '@nestjs/common';
import { addMonths, dayOf, daysBetween, periodOf } from '#contracts';
import { CONFIG, Database, ensurePartitions, OutboxRelay, type Config } from '#platform';
import { loadAccounts } from './account.loader.js';
import { ComplaintGenerator } from './complaint.generator.js';
import { loadComplaints } from './complaint.loader.js';
import { generateCounty } from './county.generator.js';
import type { DemoCounty } from './county.model.js';
import { ACCOUNT_MONTHS } from './demo.calendar.js';
import { demoState, recordDemo } from './demo.record.js';
import { loadDirectory } from './directory.loader.js';
import { waitForFacts } from './facts.wait.js';
import { ParcelGenerator } from './parcel.generator.js';
import type { DemoScan } from './parcel.journey.js';
import { loadParcels } from './parcel.loader.js';
import { deliveryPushes, ProduceGenerator, type DemoCooperative } from './produce.generator.js';
import { loadPayouts, loadProduce } from './produce.loader.js';
import { RecipientGenerator } from './recipient.generator.js';
import { loadRecipients } from './recipient.loader.js';
import { loadStationWork } from './station.loader.js';
import { TraceGenerator } from './trace.generator.js';
import { loadTraces } from './trace.loader.js';
import { TransportGenerator } from './transport.generator.js';
import { loadTransport } from './transport.loader.js';

const FACTS_TIMEOUT_MS = 60_000;
/** Lines of progress while parcels go in. */
const PROGRESS_STEPS = 4;

export interface DemoOptions {
  /** The present: the history ends at this instant. A load that goes on after an interruption keeps the instant of its beginning. */
  readonly today: Date;
  /** Told in short lines what happens. */
  readonly onProgress?: (line: string) => void;
}

/** Whether nothing is left to load: the demo county is complete, or the database holds a county of its own. */
export async function demoIsLoaded(app: INestApplicationContext): Promise<boolean> {
  const { kind } = await demoState(app);
  return kind === 'loaded' || kind === 'foreign';
}

/**
 * Loads the demo county and waits until its figures are made. Does nothing when it is there or the database is not empty, and goes on where
 * an interrupted load stopped: every step is harmless when repeated.
 * @throws Error when a service refuses something, or when the figures are not ready after a minute
 */
export async function loadDemo(
  app: INestApplicationContext,
  { today, onProgress = () => undefined }: DemoOptions,
): Promise<void> {
  const state = await demoState(app);
  if (state.kind === 'loaded' || state.kind === 'foreign') return;
  const present = state.kind === 'started' ? state.at : today;
  await preparePartitions(app, present);
  if (state.kind === 'empty') await recordDemo(app, 'demo.started', present);
  const startedMs = performance.now();
  const county = generateCounty(dayOf(present));
  onProgress(`Demo county: ${county.villages.length} villages, three months of parcels, ${ACCOUNT_MONTHS} months of accounts`);
  await loadDirectory(app, county, app.get<Config>(CONFIG, { strict: false }).DEMO_PASSWORD);
  // A change of master data makes what it touches be counted again: that is soonest done while nothing is there yet.
  await waitForFacts(app, FACTS_TIMEOUT_MS);
  const { scans, cooperatives } = await loadHistory(app, county, present, onProgress);
  await waitForFacts(app, FACTS_TIMEOUT_MS);
  await loadPayouts(app, county, cooperatives);
  await waitForFacts(app, FACTS_TIMEOUT_MS);
  await recordDemo(app, 'demo.loaded', present);
  onProgress(`Demo county: ${scans} scans in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

/** What happened in the county. The jobs make its figures when all of it is there, and not again after every batch. */
async function loadHistory(
  app: INestApplicationContext,
  county: DemoCounty,
  present: Date,
  onProgress: (line: string) => void,
): Promise<{ scans: number; cooperatives: readonly DemoCooperative[] }> {
  const release = app.get(OutboxRelay, { strict: false }).hold();
  try {
    await loadAccounts(app, county);
    const traces = new TraceGenerator(county, present.getTime());
    const days = new ParcelGenerator(county).days(present.getTime());
    const progress = progressOf(county.calendar.firstDay, county.calendar.today, onProgress);
    const complaints = new ComplaintGenerator(county);
    const produce = new ProduceGenerator(county);
    const transport = new TransportGenerator(county);
    const recipients = new RecipientGenerator(county);
    const watch = (scan: DemoScan): void => {
      traces.watch(scan);
      complaints.watch(scan);
      produce.watch(scan);
      transport.watch(scan);
      recipients.watch(scan);
    };
    const scans = await loadParcels(app, county, days, watch, progress);
    await loadTraces(app, traces.pushes());
    await loadComplaints(app, county, complaints.complaints());
    await loadTransport(app, county, transport.records(present.getTime()));
    await loadRecipients(app, county, recipients.records(present.getTime()));
    const cooperatives = produce.cooperatives();
    await loadProduce(app, county, cooperatives, present);
    await loadTraces(app, deliveryPushes(cooperatives, present.getTime()));
    await loadStationWork(app, county);
    return { scans, cooperatives };
  } finally {
    release();
  }
}

/** Months that the history reaches back to, before any row falls into the default partition. */
async function preparePartitions(app: INestApplicationContext, present: Date): Promise<void> {
  const period = periodOf(present);
  await ensurePartitions(app.get(Database, { strict: false }), addMonths(period, -ACCOUNT_MONTHS), addMonths(period, 1));
}

/** Reports every quarter of the days. */
function progressOf(firstDay: string, lastDay: string, onProgress: (line: string) => void): (day: string) => void {
  const length = daysBetween(firstDay, lastDay) + 1;
  let told = 0;
  return (day) => {
    const step = Math.floor(((daysBetween(firstDay, day) + 1) * PROGRESS_STEPS) / length);
    if (step <= told || step === PROGRESS_STEPS) return;
    told = step;
    onProgress(`Demo county: parcels up to ${day}`);
  };
}
