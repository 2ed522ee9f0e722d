import { Injectable } from '@nestjs/common';
import { addMonths, periodOf } from '#contracts';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { ensurePartitions } from '../database/partitions.js';
import { JobHandler, type Handler } from './job.handler.js';

const MONTHS_AHEAD = 3;
/** Deliveries are repeated for minutes, so a record this old protects nothing any more. */
const KEEP_PROCESSED_DAYS = 60;

/** Keeps the growing tables in shape: month partitions ahead of time, spent delivery records dropped. */
@Injectable()
@JobHandler('platform.maintain')
export class MaintainJob implements Handler<'platform.maintain'> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async handle(): Promise<void> {
    const now = this.clock.now();
    await ensurePartitions(this.database, periodOf(now), addMonths(periodOf(now), MONTHS_AHEAD));
    await this.database.query(
      `delete from platform.processed_event where created_at < $1::timestamptz - interval '${KEEP_PROCESSED_DAYS} days'`,
      [now],
    );
  }
}
