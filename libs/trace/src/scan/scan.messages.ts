/** Problems of looks and alerts. */
export const SCAN_MESSAGES = {
  'zh-CN': {
    network_places_invalid: '第{row}行不正确：需要网段、城市、纬度、经度四列',
    alert_decided: '这条预警已经处理过了',
  },
  en: {
    network_places_invalid: 'Row {row} is wrong: the columns network, city, latitude and longitude are needed',
    alert_decided: 'This alert was decided already',
  },
} as const;
