import { Injectable } from '@nestjs/common';
import { Clock, Database, JobHandler, type Handler } from '#platform';
import { LEFT_BY_SCAN } from './consignment.left.js';

/** Notes on consignments that their parcels have left without a hand-over, so that what waits stays few. */
@Injectable()
@JobHandler('logistics.consignments.sweep')
export class ConsignmentSweep implements Handler<'logistics.consignments.sweep'> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async handle(): Promise<void> {
    await this.database.query(`update logistics.consignment c set left_at = $1 where c.left_at is null and ${LEFT_BY_SCAN}`, [
      this.clock.now(),
    ]);
  }
}
