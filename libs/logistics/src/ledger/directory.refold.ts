import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, firstDayOf, startOfDay, type JobPayload } from '#contracts';
import { DirectoryReader } from '#directory';
import { Database, JobHandler, type Handler } from '#platform';
import { plainArray } from './array.literal.js';
import { SnapshotFacts } from './directory.facts.js';
import { LedgerRefold } from './ledger.refold.js';

const PAGE = 2000;

/**
 * A relation, a merge or a parameter changed, and with it what parcels count for: the parcels of the units named are counted again. Doing it
 * twice does no harm, so deliveries are not recorded.
 */
@Injectable()
@JobHandler('logistics.directory.refold')
export class DirectoryRefold implements Handler<'logistics.directory.refold'> {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly refolding: LedgerRefold,
  ) {}

  async handle({ events }: JobPayload<'logistics.directory.refold'>): Promise<void> {
    this.directory.expire();
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    for (const { countyCode, payload } of events) {
      const { unitIds, from } = DOMAIN_EVENTS['directory.changed'].parse(payload);
      const within = new Set(unitIds.flatMap((unitId) => [unitId, ...facts.snapshot.idsWithin(unitId)]));
      const since = from === null ? new Date(0) : startOfDay(firstDayOf(from));
      await this.refoldUnits(countyCode, [...within], since, facts);
    }
  }

  private async refoldUnits(countyCode: string, unitIds: readonly string[], since: Date, facts: SnapshotFacts): Promise<void> {
    let after = '';
    for (;;) {
      const rows = await this.database.query<{ waybill: string }>(
        `select waybill from logistics.parcel
         where county_code = $1 and unit_id = any($2::uuid[]) and last_event_at >= $3 and waybill > $4 order by waybill limit ${PAGE}`,
        [countyCode, plainArray(unitIds), since, after],
      );
      await this.refolding.refold(
        countyCode,
        rows.map((row) => row.waybill),
        facts,
      );
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.waybill;
    }
  }
}
