/** What a channel's own word for the state of an order says to us. */
export type ChannelState = 'open' | 'unpaid' | 'cancelled' | 'refunded';

const NO_AFTER_SALE = /(无售后(或售后取消)?|售后(已)?(取消|关闭|撤销)|退款(已)?(取消|关闭|撤销))/g;

/** Reads a channel's word. A word that we do not know leaves the order open. */
export function channelState(word: string): ChannelState {
  const text = word.replace(NO_AFTER_SALE, '');
  if (/部分退款/.test(text)) return 'open';
  if (/退款成功|已退款|退款完成|全额退款/.test(text)) return 'refunded';
  if (/等待买家付款|待付款|待支付|未付款|未支付/.test(text)) return 'unpaid';
  return /关闭|取消|作废/.test(text) ? 'cancelled' : 'open';
}
