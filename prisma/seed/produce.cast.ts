/** Who grows what in the demo county: six cooperatives, each with the households whose harvests it buys. */

/** A cooperative and the one product that it sells. */
export interface CooperativeCast {
  readonly key: string;
  readonly name: string;
  readonly product: string;
  readonly categoryCode: string;
  readonly spec: string;
  /** Of one unit. */
  readonly unitWeightG: number;
  readonly unitPriceFen: number;
  /** Thirteen digits with a right check digit from the range 2xx, which GS1 leaves to private use; `null` for a code of our own. */
  readonly gtin: string | null;
  readonly plot: string;
  readonly certification: 'green' | 'organic' | 'geographical' | null;
  readonly households: readonly { readonly name: string; readonly povertyAlleviated: boolean }[];
  readonly input: { readonly kind: 'fertiliser' | 'pesticide'; readonly name: string; readonly safetyIntervalDays: number };
}

const household = (name: string, povertyAlleviated = false) => ({ name, povertyAlleviated });

/** The first one is at home in the showcase village; the login `producer` acts for it. */
export const COOPERATIVES: readonly CooperativeCast[] = [
  {
    key: 'apple',
    name: '魏家窝铺林果专业合作社',
    product: '红富士苹果',
    categoryCode: '010301',
    spec: '5斤装',
    unitWeightG: 2500,
    unitPriceFen: 3980,
    gtin: '2099010100013',
    plot: '北坡果园',
    certification: 'green',
    households: [household('魏示范', true), household('汤示范'), household('査干示范', true)],
    input: { kind: 'pesticide', name: '苦参碱水剂', safetyIntervalDays: 7 },
  },
  {
    key: 'millet',
    name: '石桥杂粮专业合作社',
    product: '黄小米',
    categoryCode: '010105',
    spec: '4斤装',
    unitWeightG: 2000,
    unitPriceFen: 2990,
    gtin: '2099010100020',
    plot: '旱塬三号地',
    certification: 'organic',
    households: [household('石示范'), household('乔示范', true)],
    input: { kind: 'fertiliser', name: '腐熟羊粪', safetyIntervalDays: 0 },
  },
  {
    key: 'sweet-potato',
    name: '南岭薯业专业合作社',
    product: '蜜薯',
    categoryCode: '010410',
    spec: '9斤装',
    unitWeightG: 4500,
    unitPriceFen: 3590,
    gtin: null,
    plot: '沙土坡',
    certification: null,
    households: [household('南示范'), household('岭示范', true)],
    input: { kind: 'fertiliser', name: '有机肥', safetyIntervalDays: 0 },
  },
  {
    key: 'mushroom',
    name: '松沟食用菌专业合作社',
    product: '香菇',
    categoryCode: '010601',
    spec: '3斤装',
    unitWeightG: 1500,
    unitPriceFen: 4200,
    gtin: '2099010100044',
    plot: '二号菇棚',
    certification: 'green',
    households: [household('松示范'), household('沟示范')],
    input: { kind: 'fertiliser', name: '麦麸', safetyIntervalDays: 0 },
  },
  {
    key: 'pear',
    name: '凤坡梨业专业合作社',
    product: '雪花梨',
    categoryCode: '010301',
    spec: '8斤装',
    unitWeightG: 4000,
    unitPriceFen: 3280,
    gtin: null,
    plot: '河滩梨园',
    certification: 'geographical',
    households: [household('凤示范', true), household('坡示范')],
    input: { kind: 'pesticide', name: '石硫合剂', safetyIntervalDays: 15 },
  },
  {
    key: 'walnut',
    name: '青石山核桃专业合作社',
    product: '薄皮核桃',
    categoryCode: '010307',
    spec: '5斤装',
    unitWeightG: 2500,
    unitPriceFen: 5680,
    gtin: null,
    plot: '阳坡核桃林',
    certification: null,
    households: [household('青示范'), household('山示范', true)],
    input: { kind: 'fertiliser', name: '复合肥', safetyIntervalDays: 0 },
  },
];

/** Cities to which parcels go, on ranges that are reserved for documentation and tests: looks at codes come from there. */
export const DEMO_CITIES = [
  { city: '北京市', province: '北京市', network: '198.18.1.0/24', latitude: 39.9, longitude: 116.4 },
  { city: '上海市', province: '上海市', network: '198.18.2.0/24', latitude: 31.2, longitude: 121.5 },
  { city: '广州市', province: '广东省', network: '198.18.3.0/24', latitude: 23.1, longitude: 113.3 },
  { city: '成都市', province: '四川省', network: '198.18.4.0/24', latitude: 30.6, longitude: 104.1 },
  { city: '武汉市', province: '湖北省', network: '198.18.5.0/24', latitude: 30.6, longitude: 114.3 },
  { city: '西安市', province: '陕西省', network: '198.18.6.0/24', latitude: 34.3, longitude: 108.9 },
  { city: '沈阳市', province: '辽宁省', network: '198.18.7.0/24', latitude: 41.8, longitude: 123.4 },
  { city: '杭州市', province: '浙江省', network: '198.18.8.0/24', latitude: 30.3, longitude: 120.2 },
  { city: '昆明市', province: '云南省', network: '198.18.9.0/24', latitude: 25.0, longitude: 102.7 },
  { city: '乌鲁木齐市', province: '新疆维吾尔自治区', network: '198.18.10.0/24', latitude: 43.8, longitude: 87.6 },
] as const;
