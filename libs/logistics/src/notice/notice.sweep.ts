import { Injectable } from '@nestjs/common';
import { dayOf } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, JobHandler, type Handler } from '#platform';
import { NoticeSender } from './notice.sender.js';
import { NoticeService } from './notice.service.js';

/** A recipient who became known this recently is looked at again. */
const RECENT_MS = 86_400_000;
const LIMIT = 2000;

/**
 * Sends what an interruption or a gateway that was down left, and makes the notices of parcels whose recipient became known while they were being
 * shelved: the two transactions do not see each other, and neither tells.
 */
@Injectable()
@JobHandler('logistics.notices.sweep')
export class NoticeSweep implements Handler<'logistics.notices.sweep'> {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly notices: NoticeService,
    private readonly sender: NoticeSender,
    private readonly clock: Clock,
  ) {}

  async handle(): Promise<void> {
    const now = this.clock.now();
    const snapshot = await this.directory.snapshot();
    const counties = snapshot.unitsOfLevel('county', dayOf(now)).map(({ id }) => snapshot.countyCodeOf(id));
    for (const countyCode of new Set(counties)) {
      if (!snapshot.parameters(countyCode).noticeOnShelving) continue;
      const rows = await this.database.query<{ waybill: string }>(
        `select r.waybill from logistics.recipient r
         join logistics.parcel p on p.county_code = r.county_code and p.waybill = r.waybill and p.stage = 'at_station' and p.held_since is not null
         where r.county_code = $1 and r.updated_at > $2 and r.phone is not null and r.consent is distinct from 'refused'
           and not exists (select 1 from logistics.notice n where n.county_code = r.county_code and n.waybill = r.waybill)
         limit ${LIMIT}`,
        [countyCode, new Date(now.getTime() - RECENT_MS)],
      );
      const waybills = rows.map(({ waybill }) => waybill);
      if (waybills.length > 0) await this.notices.make(countyCode, waybills);
    }
    await this.sender.send();
  }
}
