import { Injectable } from '@nestjs/common';
import { dayOf } from '#contracts';
import { DirectoryReader } from '#directory';
import { Audit, Clock, Database, JobHandler, type Handler } from '#platform';

const DAY_MS = 86_400_000;
const CHUNK = 2000;

/** One kind of personal data and how a chunk of what is too old is removed; `$1` county, `$2` the oldest moment that is kept. */
const REMOVALS = {
  recipients: `delete from logistics.recipient r using (
      select waybill from logistics.recipient where county_code = $1 and updated_at < $2 limit ${CHUNK}) old
    where r.county_code = $1 and r.waybill = old.waybill and r.updated_at < $2 returning 1`,
  notices: `update logistics.notice n set phone = null from (
      select waybill from logistics.notice
      where county_code = $1 and created_at < $2 and phone is not null limit ${CHUNK}) old
    where n.county_code = $1 and n.waybill = old.waybill returning 1`,
  proofs: `update logistics.proof p set picture = null, picture_type = null, proxy_name = null, note = null from (
      select id, occurred_at from logistics.proof
      where county_code = $1 and occurred_at < $2 and (picture is not null or proxy_name is not null or note is not null)
        and not exists (select 1 from logistics.station_record r where r.county_code = $1 and r.id = proof.id and r.received_at >= $2) limit ${CHUNK}) old
    where p.county_code = $1 and p.id = old.id and p.occurred_at = old.occurred_at returning 1`,
} as const;

/**
 * Removes what is known of recipients once a county keeps it no longer (`recipientKeepDays`): names, phones, pictures and notes of proofs.
 * That there was a notice, a proof or a consent stays.
 */
@Injectable()
@JobHandler('logistics.recipients.purge')
export class RecipientPurge implements Handler<'logistics.recipients.purge'> {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async handle(): Promise<void> {
    const now = this.clock.now();
    const snapshot = await this.directory.snapshot();
    const counties = snapshot.unitsOfLevel('county', dayOf(now)).map(({ id }) => snapshot.countyCodeOf(id));
    for (const countyCode of new Set(counties)) {
      const keptFrom = new Date(now.getTime() - snapshot.parameters(countyCode).recipientKeepDays * DAY_MS);
      await this.purge(countyCode, keptFrom);
    }
  }

  private async purge(countyCode: string, keptFrom: Date): Promise<void> {
    const removed: Record<string, number> = {};
    for (const [what, statement] of Object.entries(REMOVALS))
      for (;;) {
        const { length } = await this.database.query(statement, [countyCode, keptFrom]);
        removed[what] = (removed[what] ?? 0) + length;
        if (length < CHUNK) break;
      }
    if (Object.values(removed).every((count) => count === 0)) return;
    const entry = { countyCode, actorId: null, action: 'recipients.purged', subject: `county:${countyCode}`, detail: removed };
    await this.audit.record(this.database, entry);
  }
}
