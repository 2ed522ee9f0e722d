/** Reports complaints as the towns' officers do, and decides them as the county does. */
import type { INestApplicationContext } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import { ComplaintService } from '#logistics';
import type { DemoComplaint } from './complaint.generator.js';
import type { DemoCounty } from './county.model.js';
import { idOf } from './identity.source.js';
import { Reporters } from './reporters.js';

/** Loads complaints. Harmless when repeated. */
export async function loadComplaints(
  app: INestApplicationContext,
  county: DemoCounty,
  complaints: readonly DemoComplaint[],
): Promise<void> {
  const service = app.get(ComplaintService, { strict: false });
  const people = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  for (const { waybill, day, stationCode, text, decision } of complaints) {
    const id = idOf('complaint', waybill);
    await service.report(people.of(stationCode), { id, waybill, day, stationCode, text });
    if (decision !== 'waiting') await service.decide(people.named('county'), id, decision);
  }
}
