import type { Messages } from '#platform';

/** Problems of proofs, by code. */
export const PROOF_MESSAGES: Messages = {
  'zh-CN': {
    field_proxy_name_required: '请填写代取人姓名',
    field_picture_required: '请拍照或签名',
    field_picture_too_large: '图片太大，请缩小后再传',
    field_picture_type_differs: '图片格式与标明的不一致',
  },
  en: {
    field_proxy_name_required: 'Name the person who fetched it',
    field_picture_required: 'This kind needs a picture',
    field_picture_too_large: 'The picture is too large; scale it down',
    field_picture_type_differs: 'The picture is not of the type that it says',
  },
};
