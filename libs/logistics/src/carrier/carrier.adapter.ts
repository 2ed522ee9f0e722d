import type { EventSource } from '#contracts';
import type { CodeMeaning, LedgerEvent } from '../parcel/parcel.event.js';

/** Tracking providers that push to us. */
export const PROVIDERS = ['kuaidi100', 'kdniao'] as const satisfies readonly EventSource[];
export type Provider = (typeof PROVIDERS)[number];

/** A form as a provider posts it; values are decoded but otherwise as sent, because signatures cover them. */
export type PushForm = Readonly<Record<string, string>>;

/** What a provider can do. */
export interface ProviderCapabilities {
  /** A push carries the whole history of its waybill, so a missed push costs nothing once the next one comes. */
  readonly fullHistory: boolean;
  /** A push can say that the carrier was another one. */
  readonly correctsCarrier: boolean;
  /** One push can be about several waybills. */
  readonly severalWaybills: boolean;
}

/** How a push ended, for the answer: `refused` is a wrong signature, `unreadable` a signed body that makes no sense. */
export type PushOutcome = 'taken' | 'refused' | 'unreadable';

/** An answer in the provider's own shape. */
export interface PushAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A signed push whose body does not follow the provider's documented format. */
export class UnreadablePush extends Error {
  override name = 'UnreadablePush';
}

/** One interface over the tracking providers (docs/domain/carriers.md, "Provider pushes"). Pure: no clock, no database. */
export interface CarrierAdapter {
  readonly name: Provider;
  readonly capabilities: ProviderCapabilities;
  /** Whether the signature over the raw parameter is right; an empty secret still signs. */
  verify(form: PushForm, secret: string): boolean;
  /**
   * The events of a push, with identities that are the same every time the provider repeats them.
   * @throws UnreadablePush
   */
  parse(form: PushForm): LedgerEvent[];
  acknowledge(outcome: PushOutcome, form: PushForm, now: Date): PushAnswer;
  /** Meaning of a code in this provider's own table; `undefined` goes to the mapping queue. */
  mapCode(code: string): CodeMeaning | undefined;
}
