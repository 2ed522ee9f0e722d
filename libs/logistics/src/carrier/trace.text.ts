/** What the free text of a trace tells, and what it must not: phone numbers never leave this file. */
import type { ExceptionKind } from '#contracts';
import type { CodeMeaning, EventKind } from '../parcel/parcel.event.js';

/** Mobile numbers (also grouped, with +86 or an extension) and landlines with their area code. */
const PHONES = [
  /(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)(?:\s*(?:转|-|,|，|#)\s*\d{2,6}(?!\d))?/g,
  /(?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)/g,
  /(?<!\d)\(0\d{2,3}\)\s?\d{7,8}(?!\d)/g,
];
const MAX_TEXT = 500;

/** The text with phone numbers blotted out whole, short enough to keep. */
export function redactText(text: string): string {
  return PHONES.reduce((kept, phone) => kept.replace(phone, '***********'), text)
    .trim()
    .slice(0, MAX_TEXT);
}

/** The text as an identity: without digits that providers mask differently, blanks and punctuation. */
export function normaliseText(text: string): string {
  return redactText(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '');
}

const STATION = /代收|驿站|已入库|自提|柜/;
const ON_THE_WAY = /发往|离开|前往|送往|途中|正在/;
const LEFT_THERE =
  /已(?:经)?(?:成功)?(?:入库|放入|投入|存入|存放|投放|送达|到达|暂存|由[^，,。]*代收|被[^，,。]*代收|代收)|请[^，,。]*(?:取件|领取|自提)|凭[^，,。]*取件/;
const REVOKED = /(?:取消|撤销|撤回)签收/;
const NEW_NUMBER = /(?:新|转|换)(?:运|寄)?单号?(?:号码)?(?:为|是|[:：])?\s*([A-Za-z0-9-]{8,40})/;

const PROBLEMS: readonly (readonly [RegExp, ExceptionKind])[] = [
  [/拒收|拒签/, 'refused'],
  [/破损|损坏/, 'damaged'],
  [/超区|超范围|不在服务区/, 'out_of_area'],
  [/错分|错发|分错/, 'misrouted'],
  [/拦截/, 'intercepted'],
  [/遗失|丢失/, 'missing'],
  [/地址/, 'wrong_address'],
];

const WORDS: readonly (readonly [RegExp, EventKind])[] = [
  [/(?<![未待])签收/, 'delivered'],
  [/退回|退件/, 'returning'],
  [/派件|派送/, 'out_for_delivery'],
  [/揽收|揽件|已收件|收寄/, 'accepted'],
  [/发往|离开|到达|运输/, 'in_transit'],
];

/**
 * What a trace says, by its code's meaning and its text. Older traces label an arrival at a station as under way, so the text is asked as
 * well; a signature is never turned into something else by its text.
 */
export function readTrace(meaning: CodeMeaning, text: string, isGeneralProblem: boolean): CodeMeaning {
  if (REVOKED.test(text)) return { kind: 'delivery_revoked', exception: null };
  if (isGeneralProblem) {
    const [, exception = meaning.exception] = PROBLEMS.find(([pattern]) => pattern.test(text)) ?? [];
    return { kind: meaning.kind, exception };
  }
  const atStation =
    (meaning.kind === 'in_transit' && STATION.test(text) && !ON_THE_WAY.test(text)) ||
    ((meaning.kind === 'in_transit' || meaning.kind === 'out_for_delivery') && STATION.test(text) && LEFT_THERE.test(text));
  return atStation ? { kind: 'arrived_station', exception: null } : meaning;
}

/** What a trace without any code says; `undefined` when its words do not tell. */
export function readBareText(text: string): CodeMeaning | undefined {
  const [, kind] = WORDS.find(([pattern]) => pattern.test(text)) ?? [];
  return kind && { kind, exception: null };
}

/** The new waybill that a transfer names. */
export const newWaybillIn = (text: string): string | null => NEW_NUMBER.exec(text)?.[1]?.toUpperCase() ?? null;
