/** Notices in plain words. Pure. */
import type { NoticeState } from '#contracts';

/** How a state is coloured: reached, on its way, not reached. */
export function noticeTone(state: NoticeState): 'good' | 'info' | 'bad' | 'warn' {
  if (state === 'delivered' || state === 'sent') return 'good';
  if (state === 'queued') return 'info';
  return state === 'failed' ? 'bad' : 'warn';
}

/** Reasons that have words of their own; any other is the gateway's code, which is told as it is. */
const KNOWN = [
  'no_gateway',
  'not_on_shelf',
  'consent_refused',
  'no_phone',
  'not_delivered',
  'gateway_timeout',
  'gateway_unreachable',
] as const;

/** Name of the message of a reason, under `noticeReason`; `other` for a code of the gateway. */
export function reasonWord(reason: string): (typeof KNOWN)[number] | 'other' {
  return KNOWN.find((code) => code === reason) ?? 'other';
}
