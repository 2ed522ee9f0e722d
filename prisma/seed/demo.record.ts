/** Remembers in the audit trail that the demo county was begun and finished, and as of when. */
import type { INestApplicationContext } from '@nestjs/common';
import { Audit, Database } from '#platform';
import { DEMO_COUNTY_CODE } from './county.model.js';

const STARTED = 'demo.started';
const LOADED = 'demo.loaded';

/** How far the demo is: `foreign` is a database that holds a county of its own. */
export type DemoState = { kind: 'empty' } | { kind: 'foreign' } | { kind: 'started'; at: Date } | { kind: 'loaded' };

/** Looks at the database. */
export async function demoState(app: INestApplicationContext): Promise<DemoState> {
  const database = app.get(Database, { strict: false });
  const entries = await database.query<{ action: string; present: string | null }>(
    `select action, detail ->> 'present' as present from platform.audit where county_code = $1 and action = any($2)`,
    [DEMO_COUNTY_CODE, [STARTED, LOADED]],
  );
  if (entries.some((entry) => entry.action === LOADED)) return { kind: 'loaded' };
  const started = entries.find((entry) => entry.action === STARTED);
  if (started?.present) return { kind: 'started', at: new Date(started.present) };
  const units = await database.query('select 1 from directory.unit limit 1');
  return { kind: units.length > 0 ? 'foreign' : 'empty' };
}

/** Writes that the load began, with the instant at which its history ends, or that it is complete. */
export async function recordDemo(
  app: INestApplicationContext,
  action: typeof STARTED | typeof LOADED,
  present: Date,
): Promise<void> {
  const audit = app.get(Audit, { strict: false });
  await app.get(Database, { strict: false }).transaction((tx) =>
    audit.record(tx, {
      countyCode: DEMO_COUNTY_CODE,
      actorId: null,
      action,
      subject: `unit:${DEMO_COUNTY_CODE}`,
      detail: { present: present.toISOString() },
    }),
  );
}
