import type { Messages } from '#platform';

/** Problems of recipients and of the shelf, by code. */
export const SHELF_MESSAGES: Messages = {
  'zh-CN': {
    field_undoes_required: '请注明要撤销哪一条扫描',
    field_consent_way_required: '请注明收件人是怎样表示同意或不同意的',
    field_one_question: '请按手机尾号、姓名或取件码中的一项查找',
    parcel_out_of_scope: '该快件不归本站处理：{waybill}',
    parcel_row_bad_phone: '收件人电话格式不对',
    parcel_row_bad_name: '收件人姓名过长',
  },
  en: {
    field_undoes_required: 'Name the scan to undo',
    field_consent_way_required: 'Say how consent was given or refused',
    field_one_question: 'Ask by one of phone tail, name and pickup code',
    parcel_out_of_scope: 'The parcel is not for your station: {waybill}',
    parcel_row_bad_phone: 'Not a phone number',
    parcel_row_bad_name: 'The name is too long',
  },
};
