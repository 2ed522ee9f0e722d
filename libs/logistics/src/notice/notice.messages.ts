import type { Messages } from '#platform';

/** Texts to recipients and problems of notices, by code. */
export const NOTICE_MESSAGES: Messages = {
  'zh-CN': {
    notice_text: '【乡驿】您尾号{tail}的{carrier}快件已到{station}，请尽快领取。',
    notice_text_with_code: '【乡驿】您尾号{tail}的{carrier}快件已到{station}，取件码{code}，请凭码领取。',
    signature_refused: '签名不正确或已过期',
  },
  en: {
    notice_text: '[Xiangyi] Your {carrier} parcel ending in {tail} is at {station}. Please collect it soon.',
    notice_text_with_code: '[Xiangyi] Your {carrier} parcel ending in {tail} is at {station}. Pickup code {code}.',
    signature_refused: 'The signature is wrong or too old',
  },
};
