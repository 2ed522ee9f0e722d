import { message } from '#platform';

/** What a message to a recipient tells. */
export interface NoticeFacts {
  readonly stationName: string;
  readonly carrierName: string | null;
  readonly shelfCode: string | null;
  readonly waybill: string;
}

const TAIL = 4;

/** The last characters of a waybill: enough to tell parcels apart, not enough to ask a carrier about one. */
export const waybillTail = (waybill: string): string => waybill.slice(-TAIL);

/** The message to a recipient. It is Chinese whatever the keeper reads: nobody knows the recipient's language. */
export function noticeText({ stationName, carrierName, shelfCode, waybill }: NoticeFacts): string {
  const params = { station: stationName, carrier: carrierName ?? '', tail: waybillTail(waybill), code: shelfCode ?? '' };
  return message('zh-CN', shelfCode === null ? 'notice_text' : 'notice_text_with_code', params);
}
