/** Text of the log of business steps for people. */
export const EPCIS_MESSAGES = {
  'zh-CN': {
    epcis_event_id_taken: '事件标识 {eventId} 已用于内容不同的事件',
    epcis_county_needed: '请使用属于某个县的账号：事件记入一个县的日志',
    epcis_capture_behaviour: '只支持整批成功或整批放弃（rollback）',
    epcis_already_declared: '该事件已经更正过，且内容不同',
    field_epcis_unknown_correction: '日志中没有这个更正事件',
  },
  en: {
    epcis_event_id_taken: 'The identity {eventId} belongs to an event with other content',
    epcis_county_needed: 'Use an account of a county: events are written into the log of one',
    epcis_capture_behaviour: 'Only all or nothing (rollback) is supported',
    epcis_already_declared: 'The event was corrected already, with other content',
    field_epcis_unknown_correction: 'The log has no such corrective event',
  },
} as const;
