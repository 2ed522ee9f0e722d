import { Injectable, Logger } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import { Clock, Database, SecretBox } from '#platform';
import { NoticeGateway, type GatewayAnswer } from './notice.gateway.js';
import { claimNotices, markNotice, type ClaimedNotice, type NoticeMark } from './notice.repository.js';
import { noticeText, waybillTail } from './notice.text.js';
import { waitAfterMs } from './retry.plan.js';

/** Messages on their way at once: a slow gateway must not hold the workers, a quick one must not be flooded. */
const AT_ONCE = 8;
/** The queue has other work: what is left after this is for the next sweep. */
const BUDGET_MS = 15_000;

/**
 * Hands due notices to the gateway. A notice is taken up for a minute: when the process ends between sending and noting, it is sent again with the
 * same id, by which the gateway knows it.
 */
@Injectable()
export class NoticeSender {
  private readonly logger = new Logger(NoticeSender.name);
  private running = false;
  private wantedAgain = false;

  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly gateway: NoticeGateway,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Sends what is due, until nothing is left, the gateway is down or the time is up. While it sends, another call only makes it look again. */
  async send(): Promise<void> {
    if (this.running) {
      this.wantedAgain = true;
      return;
    }
    this.running = true;
    const until = performance.now() + BUDGET_MS;
    try {
      do {
        this.wantedAgain = false;
        while (await this.sendSome()) if (performance.now() > until) return;
      } while (this.wantedAgain && performance.now() < until);
    } finally {
      this.running = false;
    }
  }

  /** Sends as many as go at once; whether there may be more that are worth a try. */
  private async sendSome(): Promise<boolean> {
    const claimed = await claimNotices(this.database, this.clock.now(), AT_ONCE);
    const answers = await Promise.all(claimed.map((notice) => this.sendOne(notice)));
    return claimed.length === AT_ONCE && answers.some(({ state }) => state !== 'later');
  }

  private async sendOne(notice: ClaimedNotice): Promise<GatewayAnswer> {
    const answer = await this.answerTo(notice);
    // An operator sees here that a gateway refuses; whom a message was for is nobody's business.
    if (answer.state === 'failed' || answer.state === 'later') this.logger.warn(`Notice ${notice.id}: ${answer.reason}`);
    await markNotice(this.database, notice, this.markOf(answer, notice.attempts));
    return answer;
  }

  private async answerTo(notice: ClaimedNotice): Promise<GatewayAnswer> {
    const { id, waybill, stationId, shelfCode, carrierCode, phone, onShelf, consent } = notice;
    if (!onShelf) return { state: 'skipped', reason: 'not_on_shelf' };
    if (consent === 'refused') return { state: 'skipped', reason: 'consent_refused' };
    if (phone === null) return { state: 'skipped', reason: 'no_phone' };
    const snapshot = await this.directory.snapshot();
    const station = snapshot.station(stationId);
    return await this.gateway.send({
      id,
      phone: this.secrets.decrypt(phone),
      // Made now and not with the notice: a parcel may have been moved since.
      text: noticeText({
        waybill,
        shelfCode,
        stationName: station?.name ?? '',
        carrierName: (carrierCode !== null && snapshot.carrier(carrierCode)?.nameZh) || null,
      }),
      waybillTail: waybillTail(waybill),
      stationCode: station?.code ?? '',
    });
  }

  private markOf(answer: GatewayAnswer, attempts: number): NoticeMark {
    const nothing = { reason: null, ref: null, dueAt: null, sentAt: null };
    const now = this.clock.now();
    switch (answer.state) {
      case 'sent':
        return { ...nothing, state: 'sent', ref: answer.ref, sentAt: now };
      case 'failed':
      case 'skipped':
        return { ...nothing, state: answer.state, reason: answer.reason };
      case 'later': {
        const waitMs = waitAfterMs(attempts);
        if (waitMs === undefined) return { ...nothing, state: 'failed', reason: answer.reason };
        return { ...nothing, state: 'queued', reason: answer.reason, dueAt: new Date(now.getTime() + waitMs) };
      }
    }
  }
}
