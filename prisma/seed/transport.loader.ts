/** Loads what goes out through the intake of station work, as the people who made it. */
import type { INestApplicationContext } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import {
  BagKind,
  ConsignmentKind,
  HandoverKind,
  ManifestKind,
  RecordIntake,
  type RecordKind,
  type StationRecord,
} from '#logistics';
import type { DemoCounty } from './county.model.js';
import { Reporters } from './reporters.js';
import type { DemoTransport } from './transport.generator.js';

/** Loads consignments, bags, manifests and hand-overs, in this order. Harmless when repeated. @throws Error when the intake refuses one */
export async function loadTransport(
  app: INestApplicationContext,
  county: DemoCounty,
  { consignments, bags, manifests, handovers }: DemoTransport,
): Promise<void> {
  const reporters = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  const intake = app.get(RecordIntake, { strict: false });
  const load = async <R extends StationRecord>(kind: RecordKind<R>, records: readonly R[]): Promise<void> => {
    for (const record of records) {
      const { results } = await intake.take(reporters.of(record.stationCode ?? ''), kind, { records: [record] });
      const problem = results[0]?.problem;
      if (problem) throw new Error(`Record ${record.id} of ${kind.path} was refused: ${problem.code} ${problem.detail}`);
    }
  };
  await load(app.get(ConsignmentKind, { strict: false }), consignments);
  await load(app.get(BagKind, { strict: false }), bags);
  await load(app.get(ManifestKind, { strict: false }), manifests);
  await load(app.get(HandoverKind, { strict: false }), handovers);
}
