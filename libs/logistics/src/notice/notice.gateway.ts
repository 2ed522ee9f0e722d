/** A message as it is handed to whoever sends it. */
export interface OutgoingNotice {
  /** Always the same for the same notice: a gateway that has it already must not send it again. */
  readonly id: string;
  readonly phone: string;
  readonly text: string;
  /** Last four characters of the waybill. */
  readonly waybillTail: string;
  readonly stationCode: string;
}

/** What became of a message. `later`: not now, it may be tried again. */
export type GatewayAnswer =
  | { readonly state: 'sent'; readonly ref: string | null }
  | { readonly state: 'failed' | 'skipped' | 'later'; readonly reason: string };

/** Sends messages to recipients' phones. An adapter never throws: what went wrong is its answer. */
export abstract class NoticeGateway {
  /** Sends one message. */
  abstract send(notice: OutgoingNotice): Promise<GatewayAnswer>;
}

/** Where no gateway is configured: nothing leaves, and the log of notices says why. */
export class NoGateway extends NoticeGateway {
  override send(): Promise<GatewayAnswer> {
    return Promise.resolve({ state: 'skipped', reason: 'no_gateway' });
  }
}
