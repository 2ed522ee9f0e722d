/**
 * Meaning of each provider's codes. The two share 17 numbers, and 13 of those mean different things, so a code is never looked up
 * without its provider. Official names stand beside the codes (docs/domain/carriers.md, "Codes").
 */
import type { ExceptionKind } from '#contracts';
import type { CodeMeaning, EventKind } from '../parcel/parcel.event.js';

const says = (kind: EventKind): CodeMeaning => ({ kind, exception: null });
const problem = (exception: ExceptionKind): CodeMeaning => ({ kind: 'exception_open', exception });

/** 快递100: `state` of the result and `statusCode` of a trace. */
export const KUAIDI100_CODES: Readonly<Record<string, CodeMeaning>> = {
  '0': says('in_transit'), // 在途
  '1': says('accepted'), // 揽收
  '2': problem('unreachable'), // 疑难: the text tells more
  '3': says('delivered'), // 签收
  '4': says('returned'), // 退签
  '5': says('out_for_delivery'), // 派件
  '6': says('returning'), // 退回
  '7': says('transferred'), // 转投
  '8': says('in_transit'), // 清关
  '10': says('in_transit'), // 待清关
  '11': says('in_transit'), // 清关中
  '12': says('in_transit'), // 已清关
  '13': says('in_transit'), // 清关异常
  '14': problem('refused'), // 拒签
  '101': says('announced'), // 已下单: not picked up yet
  '102': says('announced'), // 待揽收: not picked up yet
  '103': says('accepted'), // 已揽收
  '1001': says('in_transit'), // 到达派件城市: a city is not our county's centre
  '1002': says('in_transit'), // 干线
  '1003': says('in_transit'), // 转递
  '201': problem('no_update'), // 超时未签收
  '202': problem('no_update'), // 超时未更新
  '203': problem('refused'), // 拒收
  '204': problem('unreachable'), // 派件异常: the text tells more
  '205': problem('overdue_at_station'), // 柜或驿站超时未取
  '206': problem('unreachable'), // 无法联系
  '207': problem('out_of_area'), // 超区
  '208': problem('no_update'), // 滞留
  '209': problem('damaged'), // 破损
  '210': says('cancelled'), // 销单
  '301': says('delivered'), // 本人签收
  '302': says('delivered'), // 派件异常后签收
  '303': says('delivered'), // 代签
  '304': says('arrived_station'), // 投柜或站签收: a station's signature is not the recipient's
  '401': says('cancelled'), // 已销单
  '501': says('arrived_station'), // 投柜或驿站
};

/** 快递鸟: `Action` of a trace, `State` and `StateEx` of the result. */
export const KDNIAO_CODES: Readonly<Record<string, CodeMeaning>> = {
  '0': says('announced'), // 无轨迹
  '1': says('accepted'), // 已揽收
  '2': says('in_transit'), // 在途
  '3': says('delivered'), // 已签收
  '4': problem('unreachable'), // 问题件: the text tells more
  '5': says('transferred'), // 转寄
  '6': says('in_transit'), // 清关
  '10': says('announced'), // 待揽件
  '201': says('in_transit'), // 到达派件城市
  '202': says('out_for_delivery'), // 派件中
  '204': says('in_transit'), // 到达转运中心
  '205': says('in_transit'), // 到达派件网点
  '206': says('in_transit'), // 寄件网点发件
  '211': says('arrived_station'), // 已放入快递柜或驿站
  '301': says('delivered'), // 正常签收
  '302': says('delivered'), // 轨迹异常后签收
  '304': says('delivered'), // 代收签收
  '311': says('arrived_station'), // 柜或驿站签收: a station's signature is not the recipient's
  '401': problem('no_update'), // 发货无信息
  '402': problem('no_update'), // 超时未签收
  '403': problem('no_update'), // 超时未更新
  '404': problem('refused'), // 拒收
  '405': problem('unreachable'), // 派件异常: the text tells more
  '406': says('returned'), // 退货签收
  '407': says('returning'), // 退货未签收
  '412': problem('overdue_at_station'), // 柜或驿站超时未取
  '413': problem('intercepted'), // 单号已拦截
  '414': problem('damaged'), // 破损
  '415': says('cancelled'), // 客户取消
  '416': problem('unreachable'), // 无法联系
  '417': problem('no_update'), // 配送延迟
  '418': says('redelivery'), // 快件取出: the courier took it out of the locker again
  '419': says('redelivery'), // 重新派送
  '420': problem('wrong_address'), // 地址不详
  '421': problem('unreachable'), // 电话错误
  '422': problem('misrouted'), // 错分件
  '423': problem('out_of_area'), // 超区
  '601': says('in_transit'), // 待清关
  '602': says('in_transit'), // 清关中
  '603': says('in_transit'), // 已清关
  '604': says('in_transit'), // 清关异常
};

/** Codes whose name only says that something is wrong. */
export const KUAIDI100_GENERAL_PROBLEMS: ReadonlySet<string> = new Set(['2', '204']);
export const KDNIAO_GENERAL_PROBLEMS: ReadonlySet<string> = new Set(['4', '405']);

/** 快递100's names of its states, where a trace has a name and no code. */
export const KUAIDI100_NAMES: Readonly<Record<string, string>> = {
  在途: '0',
  揽收: '1',
  疑难: '2',
  签收: '3',
  退签: '4',
  派件: '5',
  退回: '6',
  转投: '7',
  转单: '7',
  清关: '8',
  拒签: '14',
  已下单: '101',
  待揽收: '102',
  已揽收: '103',
  投柜或驿站: '501',
};

/** 快递100's carrier names → ours. */
export const KUAIDI100_CARRIERS: Readonly<Record<string, string>> = {
  shentong: 'STO',
  yuantong: 'YTO',
  zhongtong: 'ZTO',
  huitongkuaidi: 'BEST',
  baishiwuliu: 'BEST',
  yunda: 'YUNDA',
  ems: 'EMS',
  emsbg: 'EMS',
  youzhengguonei: 'POSTAL',
  youzhengbk: 'POSTAL',
  youzhengguoji: 'POSTAL',
  shunfeng: 'SF',
  jd: 'JD',
  jtexpress: 'JT',
  debangwuliu: 'DEPPON',
  debangkuaidi: 'DEPPON',
};

/** 快递鸟's shipper codes → ours. */
export const KDNIAO_CARRIERS: Readonly<Record<string, string>> = {
  STO: 'STO',
  YTO: 'YTO',
  ZTO: 'ZTO',
  HTKY: 'BEST',
  YD: 'YUNDA',
  EMS: 'EMS',
  YZPY: 'POSTAL',
  YZBK: 'POSTAL',
  SF: 'SF',
  JD: 'JD',
  JTSD: 'JT',
  DBL: 'DEPPON',
  DBLKY: 'DEPPON',
};
