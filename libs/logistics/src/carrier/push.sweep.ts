import { Injectable } from '@nestjs/common';
import { JobHandler, type Handler } from '#platform';
import { PushService } from './push.service.js';

/** Takes up pushes that were kept and never processed. */
@Injectable()
@JobHandler('logistics.pushes.sweep')
export class PushSweep implements Handler<'logistics.pushes.sweep'> {
  constructor(private readonly pushes: PushService) {}

  async handle(): Promise<void> {
    await this.pushes.sweep();
  }
}
