import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';
import { NoticeSender } from './notice.sender.js';
import { NoticeService } from './notice.service.js';

/** Makes and sends the notices that are due. A parcel's key lets a repeated delivery of the event make nothing twice. */
@Injectable()
@JobHandler('logistics.notices.send')
export class NoticeSendHandler implements Handler<'logistics.notices.send'> {
  constructor(
    private readonly notices: NoticeService,
    private readonly sender: NoticeSender,
  ) {}

  async handle({ events }: JobPayload<'logistics.notices.send'>): Promise<void> {
    for (const countyCode of new Set(events.map((event) => event.countyCode))) {
      const own = events.filter((event) => event.countyCode === countyCode);
      const waybills = own.flatMap(({ payload }) => DOMAIN_EVENTS['logistics.notices.due'].parse(payload).waybills);
      await this.notices.make(countyCode, [...new Set(waybills)]);
    }
    await this.sender.send();
  }
}
