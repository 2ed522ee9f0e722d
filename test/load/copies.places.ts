import { chance, pick, weighted, type Random } from './copies.random.js';

/** A prefecture-level city as a table of networks knows it; `people` in ten thousands, urban, rounded. */
export interface City {
  readonly name: string;
  readonly province: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly people: number;
  readonly capital: boolean;
}

/** name, province, latitude, longitude, urban people in 万; an asterisk marks the seat of the province. */
const ROWS = `北京* 北京 39.90 116.40 1900|上海* 上海 31.23 121.47 2200|天津* 天津 39.13 117.20 1100|重庆* 重庆 29.56 106.55 1700
石家庄* 河北 38.04 114.51 580|唐山 河北 39.63 118.18 350|保定 河北 38.87 115.46 330|太原* 山西 37.87 112.55 450|大同 山西 40.08 113.30 170
呼和浩特* 内蒙古 40.84 111.75 270|包头 内蒙古 40.66 109.84 230|沈阳* 辽宁 41.80 123.43 770|大连 辽宁 38.91 121.61 570|长春* 吉林 43.82 125.32 500|吉林 吉林 43.84 126.55 180
哈尔滨* 黑龙江 45.80 126.53 600|齐齐哈尔 黑龙江 47.35 123.92 140|南京* 江苏 32.06 118.80 820|苏州 江苏 31.30 120.62 900|徐州 江苏 34.26 117.18 350
杭州* 浙江 30.27 120.15 1050|宁波 浙江 29.87 121.55 520|温州 浙江 28.00 120.70 400|合肥* 安徽 31.82 117.23 640|阜阳 安徽 32.89 115.81 200
福州* 福建 26.07 119.30 450|厦门 福建 24.48 118.09 480|泉州 福建 24.87 118.68 350|南昌* 江西 28.68 115.86 460|赣州 江西 25.83 114.93 230
济南* 山东 36.65 117.12 680|青岛 山东 36.07 120.38 750|临沂 山东 35.10 118.36 320|郑州* 河南 34.75 113.63 950|洛阳 河南 34.62 112.45 320|南阳 河南 33.00 112.53 210
武汉* 湖北 30.59 114.31 1150|襄阳 湖北 32.01 112.12 220|长沙* 湖南 28.23 112.94 780|衡阳 湖南 26.89 112.57 180|广州* 广东 23.13 113.26 1600
深圳 广东 22.54 114.06 1750|东莞 广东 23.02 113.75 960|汕头 广东 23.35 116.68 400|湛江 广东 21.27 110.36 200|南宁* 广西 22.82 108.37 560|柳州 广西 24.33 109.42 250
海口* 海南 20.04 110.20 240|三亚 海南 18.25 109.51 80|成都* 四川 30.57 104.07 1500|绵阳 四川 31.47 104.68 170|南充 四川 30.84 106.11 160
贵阳* 贵州 26.65 106.63 450|遵义 贵州 27.73 106.93 170|昆明* 云南 25.04 102.71 530|大理 云南 25.61 100.27 60|拉萨* 西藏 29.65 91.14 60
西安* 陕西 34.34 108.94 1000|榆林 陕西 38.29 109.73 90|兰州* 甘肃 36.06 103.83 300|天水 甘肃 34.58 105.72 90|西宁* 青海 36.62 101.78 180|银川* 宁夏 38.49 106.23 190
乌鲁木齐* 新疆 43.83 87.62 380|喀什 新疆 39.47 75.99 70`;

/** Sixty-four cities in all thirty-one provinces. */
export const CITIES: readonly City[] = ROWS.split(/[|\n]/).map((row) => {
  const [name = '', province = '', latitude, longitude, people] = row.split(' ');
  return {
    name: name.replace('*', ''),
    province,
    latitude: Number(latitude),
    longitude: Number(longitude),
    people: Number(people),
    capital: name.endsWith('*'),
  };
});

const abroad = (name: string, latitude: number, longitude: number): City => ({
  name,
  province: name,
  latitude,
  longitude,
  people: 0,
  capital: true,
});

/** Where private tunnels come out. */
export const TUNNELS: readonly City[] = [
  abroad('Hong Kong', 22.3, 114.2),
  abroad('Tokyo', 35.7, 139.7),
  abroad('Singapore', 1.35, 103.8),
  abroad('Los Angeles', 34.05, -118.24),
];

/** A county that sells: its networks are known by its prefecture's city or the province's seat, as all networks are. */
export interface HomeCounty {
  readonly latitude: number;
  readonly longitude: number;
  readonly city: City;
}

const named = (name: string): City => {
  const found = CITIES.find((city) => city.name === name);
  if (!found) throw new Error(`No city ${name}`);
  return found;
};

/** Counties known for what they grow, and the city of the table that is theirs or nearest in the province. */
const HOMES: readonly HomeCounty[] = [
  { latitude: 44.93, longitude: 127.17, city: named('哈尔滨') },
  { latitude: 35.76, longitude: 109.43, city: named('榆林') },
  { latitude: 34.85, longitude: 105.68, city: named('天水') },
  { latitude: 25.9, longitude: 115.4, city: named('赣州') },
  { latitude: 25.6, longitude: 100.1, city: named('大理') },
  { latitude: 31.6, longitude: 104.45, city: named('绵阳') },
  { latitude: 27.84, longitude: 106.4, city: named('遵义') },
  { latitude: 36.8, longitude: 118.6, city: named('济南') },
  { latitude: 32.9, longitude: 111.5, city: named('南阳') },
  { latitude: 27.1, longitude: 112.9, city: named('衡阳') },
  { latitude: 39.3, longitude: 76.2, city: named('喀什') },
  { latitude: 24.4, longitude: 117.3, city: named('厦门') },
];

export const homeCounty = (random: Random): HomeCounty => pick(random, HOMES);

/** Where a buyer lives: as people are spread, and twice as likely in the producer's own province. */
export const buyersCity = (random: Random, home: HomeCounty): City =>
  weighted(random, CITIES, ({ people, province }) => people * (province === home.city.province ? 2 : 1));

/** A city of a province, as people are spread in it. */
export const cityOf = (random: Random, province: string): City =>
  weighted(
    random,
    CITIES.filter((city) => city.province === province),
    ({ people }) => people,
  );

export const capitalOf = (province: string): City =>
  CITIES.find((city) => city.province === province && city.capital) ?? named('北京');

/** A city that somebody goes to or has relatives in: half of all ties stay in the province. */
export const otherCity = (random: Random, from: City): City => {
  const near = CITIES.filter((city) => city.province === from.province && city !== from);
  if (near.length > 0 && chance(random, 0.5)) return pick(random, near);
  return weighted(
    random,
    CITIES.filter((city) => city !== from),
    ({ people }) => people,
  );
};
