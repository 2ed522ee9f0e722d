/** Senders who came before, so that a villager who sends every week need not spell everything again. */
import type { SenderDraft } from './consignment.draft.js';

export type KnownSender = Readonly<SenderDraft>;
/** Name of the sealed note that holds them: one list, so that not even keys say who sends. */
export const SENDERS_NOTE = 'senders';
/** A village has no more who send. */
const MOST = 300;

/** The list with this sender first; who sends under the same phone number is replaced. */
export function withSender(known: readonly KnownSender[], sender: KnownSender): KnownSender[] {
  const { name, phone, identityKind, identityNumber } = sender;
  return [{ name, phone, identityKind, identityNumber }, ...known.filter((other) => other.phone !== phone)].slice(0, MOST);
}

/** Whom a phone number belongs to, once it is typed to its end. */
export function senderOf(known: readonly KnownSender[], phone: string): KnownSender | undefined {
  const asked = phone.trim();
  return asked.length < 7 ? undefined : known.find((sender) => sender.phone === asked);
}
