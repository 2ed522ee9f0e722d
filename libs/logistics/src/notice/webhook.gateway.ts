import type { FactoryProvider } from '@nestjs/common';
import { Clock, CONFIG, type Config } from '#platform';
import { NoGateway, NoticeGateway, type GatewayAnswer, type OutgoingNotice } from './notice.gateway.js';
import { SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER } from './webhook.signature.js';

const TIMEOUT_MS = 10_000;
/** Refusals that pass: a time-out, too early, too many. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
const MAX_REF = 100;

/** Where messages go, and what signs them. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** The webhook that the configuration names. */
export function webhookOf({ SMS_WEBHOOK_URL: url, SMS_WEBHOOK_SECRET: secret }: Config): Webhook | undefined {
  return url !== undefined && secret !== undefined ? { url, secret, timeoutMs: TIMEOUT_MS } : undefined;
}

/** Posts messages as signed JSON to an address of the operator's choice (docs/domain/notices.md). */
export class WebhookGateway extends NoticeGateway {
  constructor(
    private readonly webhook: Webhook,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send({ id, phone, text, waybillTail, stationCode }: OutgoingNotice): Promise<GatewayAnswer> {
    const body = JSON.stringify({ id, phone, text, waybillTail, stationCode });
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    try {
      const response = await fetch(this.webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          [TIMESTAMP_HEADER]: String(timestamp),
          [SIGNATURE_HEADER]: signatureOf(this.webhook.secret, timestamp, body),
        },
        body,
        // A phone number goes where the operator said, and nowhere else.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.webhook.timeoutMs),
      });
      return answerOf(response.status, response.ok ? refIn(await response.text()) : (await response.body?.cancel(), null));
    } catch (error) {
      return { state: 'later', reason: (error as Error).name === 'TimeoutError' ? 'gateway_timeout' : 'gateway_unreachable' };
    }
  }
}

/** What a status means: 2xx sent, 4xx failed for good, everything else may pass. */
export function answerOf(status: number, ref: string | null): GatewayAnswer {
  if (status >= 200 && status < 300) return { state: 'sent', ref };
  const isFinal = status >= 400 && status < 500 && !PASSING.has(status);
  return { state: isFinal ? 'failed' : 'later', reason: `gateway_${status}` };
}

/** The gateway's own reference, when its answer is JSON that has one. */
export function refIn(text: string): string | null {
  try {
    const { ref } = JSON.parse(text) as { ref?: unknown };
    return typeof ref === 'string' && ref !== '' ? ref.replaceAll('\0', '').slice(0, MAX_REF) : null;
  } catch {
    return null;
  }
}

/** The gateway that the configuration asks for; none without an address. */
export const noticeGateway: FactoryProvider<NoticeGateway> = {
  provide: NoticeGateway,
  inject: [CONFIG, Clock],
  useFactory: (config: Config, clock: Clock) => {
    const webhook = webhookOf(config);
    return webhook ? new WebhookGateway(webhook, clock) : new NoGateway();
  },
};
