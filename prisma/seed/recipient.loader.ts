/** Loads recipients through the intake of station work, as the keepers who asked them. */
import type { INestApplicationContext } from '@nestjs/common';
import { RECORDS_PER_CALL, type RecipientRecord } from '#contracts';
import { DirectoryReader } from '#directory';
import { RecipientKind, RecordIntake } from '#logistics';
import type { Principal } from '#platform';
import type { DemoCounty } from './county.model.js';
import { Reporters } from './reporters.js';

/** Loads recipients. Harmless when repeated. @throws Error when the intake refuses one */
export async function loadRecipients(
  app: INestApplicationContext,
  county: DemoCounty,
  recipients: readonly RecipientRecord[],
): Promise<void> {
  const reporters = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  const intake = app.get(RecordIntake, { strict: false });
  const kind = app.get(RecipientKind, { strict: false });
  const byReporter = new Map<Principal, RecipientRecord[]>();
  for (const record of recipients) {
    const reporter = reporters.of(record.stationCode ?? '');
    byReporter.set(reporter, [...(byReporter.get(reporter) ?? []), record]);
  }
  for (const [reporter, own] of byReporter)
    for (let from = 0; from < own.length; from += RECORDS_PER_CALL) {
      const { results } = await intake.take(reporter, kind, { records: own.slice(from, from + RECORDS_PER_CALL) });
      const refused = results.find(({ outcome }) => outcome === 'rejected');
      if (refused)
        throw new Error(
          `Recipient ${refused.id ?? ''} was refused: ${refused.problem?.code ?? ''} ${refused.problem?.detail ?? ''}`,
        );
    }
}
