/** What stations earn by the piece, and yesterday's close at the keeper's station. */
import type { INestApplicationContext } from '@nestjs/common';
import { addDays, FEE_KINDS, startOfDay, type FeeRate } from '#contracts';
import { DirectoryReader } from '#directory';
import { ClosingKind, FeeRateService, RecordIntake, StationDays } from '#logistics';
import { DEMO_CARRIERS, type DemoCounty } from './county.model.js';
import { idOf } from './identity.source.js';
import { Reporters } from './reporters.js';

/** Fen for a piece handed out and for one taken in; the post pays by the month and has no rate. */
const FEE_FEN: Readonly<Record<FeeRate['kind'], number>> = { handed_out: 40, accepted_out: 100 };
/** What the pieces of the carriers differ by. */
const STEP_FEN = 5;
/** Half past nine in the evening. */
const CLOSE_MS = 21.5 * 3_600_000;

/** Sets the rates and closes yesterday. Harmless when repeated. @throws Error when the closing is refused */
export async function loadStationWork(app: INestApplicationContext, county: DemoCounty): Promise<void> {
  const reporters = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  const rates = DEMO_CARRIERS.filter((carrier) => carrier !== 'POSTAL').flatMap((carrierCode, index) =>
    FEE_KINDS.map((kind) => ({ carrierCode, kind, from: county.calendar.firstDay, amountFen: FEE_FEN[kind] + index * STEP_FEN })),
  );
  await app.get(FeeRateService, { strict: false }).put(reporters.named('county'), { rates }, undefined);
  const keeper = reporters.named('station');
  const day = addDays(county.calendar.today, -1);
  const { shelfAfter } = await app.get(StationDays, { strict: false }).get(keeper, { day });
  const occurredAt = new Date(startOfDay(day).getTime() + CLOSE_MS).toISOString();
  const record = { id: idOf('produce', `closing/${day}`), occurredAt, day, counted: shelfAfter };
  const { results } = await app
    .get(RecordIntake, { strict: false })
    .take(keeper, app.get(ClosingKind, { strict: false }), { records: [record] });
  // A load that was interrupted may count again, when something else came in meanwhile: the first closing stands.
  const refused = results.find(({ outcome, problem }) => outcome === 'rejected' && problem?.code !== 'record_id_reused');
  if (refused) throw new Error(`The closing of ${day} was refused: ${refused.problem?.detail ?? ''}`);
}
