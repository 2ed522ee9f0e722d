import { capitalOf, cityOf, otherCity, TUNNELS, CITIES, type City } from './copies.places.js';
import { between, chance, exponential, pick, weighted, whole, type Random } from './copies.random.js';

const SECOND_MS = 1000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * What is assumed of people, phones and networks; docs/domain/copy-detection.md gives the reason for each. `noise` in a run multiplies the shares that make
 * honest looks seem to jump.
 */
const WORLD = {
  /** Looks over a mobile network. */
  mobile: 0.4,
  /** A fixed line: placed in its own city, in the seat of the province, elsewhere in the province; the rest anywhere. */
  fixed: { own: 0.88, seat: 0.08, province: 0.025 },
  /** A mobile network: the same. */
  cellular: { own: 0.38, seat: 0.5, province: 0.1 },
  /** People whose SIM is of another province, and SIMs that show their own province when used in another. */
  foreignSim: 0.12,
  homeRouted: 0.5,
  /** Addresses that the table does not know, and people who then tell their place. */
  unknown: { fixed: 0.08, cellular: 0.15 },
  consent: 0.1,
  /** People behind a tunnel that comes out abroad, or behind a company's proxy; and the looks that go through it. */
  tunnel: 0.02,
  proxy: 0.015,
  through: 0.6,
  /** A page that is loaded again at once; a look that Tencent's own machines follow. */
  double: 0.15,
  fetched: 0.08,
  /** A person who uses a second app for it. */
  secondApp: 0.08,
} as const;

/** One request for a code's page, as a server sees it. */
export interface WorldLook {
  readonly atMs: number;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly network: string;
  readonly agent: string;
  readonly language: string;
  /** The scan that it belongs to; a machine's or a repeated load has that of the person. */
  readonly scan: number;
  /** The first load of that scan, by the person. */
  readonly main: boolean;
  /** What was looked at: the genuine label, a copy in a buyer's hands, a copy that its forger tries. */
  readonly label: 'genuine' | 'copy' | 'tried';
  /** Which copy of those that somebody scans, from one. */
  readonly copy: number;
}

interface Network {
  readonly place: City | null;
  readonly mark: string;
}

/** Somebody with a phone. */
export interface Person {
  readonly city: City;
  readonly sim: City;
  readonly fixed: Network;
  readonly detour: City | null;
  readonly phone: Phone;
  readonly consents: boolean;
}

interface Phone {
  readonly system: 'apple' | 'android' | 'harmony';
  readonly text: string;
  readonly id: number;
  readonly upgradesDay: number;
  readonly build: number;
  readonly other: boolean;
}

/** A table's answer for a network of a city. */
function placed(random: Random, city: City, shares: { own: number; seat: number; province: number }): City {
  const at = random();
  if (at < shares.own) return city;
  if (at < shares.own + shares.seat) return capitalOf(city.province);
  if (at < shares.own + shares.seat + shares.province) return cityOf(random, city.province);
  return pick(random, CITIES);
}

/** Less noise also leaves fewer addresses unknown; more does not: a table has the holes that it has. */
const fewer = (noise: number): number => Math.min(1, Math.sqrt(noise));

function fixedLine(random: Random, city: City, noise: number): Network {
  const place = chance(random, WORLD.unknown.fixed * fewer(noise)) ? null : placed(random, city, withNoise(WORLD.fixed, noise));
  return { place, mark: `${city.name}.${whole(random, 0, 29)}` };
}

function cellular(random: Random, city: City, noise: number): Network {
  const place = chance(random, WORLD.unknown.cellular * fewer(noise))
    ? null
    : placed(random, city, withNoise(WORLD.cellular, noise));
  return { place, mark: `${city.province}.mobile.${whole(random, 0, 11)}` };
}

function withNoise(shares: { own: number; seat: number; province: number }, noise: number): typeof shares {
  const far = (1 - shares.own - shares.seat - shares.province) * noise;
  const [seat, province] = [shares.seat * Math.sqrt(noise), shares.province * Math.sqrt(noise)];
  return { own: Math.max(0, 1 - far - seat - province), seat, province };
}

const IOS = ['18_5', '18_3_2', '17_6_1', '17_5_1', '16_7_10', '26_0', '26_1', '15_8_3'] as const;
const HARMONY = ['5.0', '5.1', '6.0'] as const;
const MODELS = Array.from(
  { length: 240 },
  (_, index) => `${['V', 'PJ', 'ALN-', '2', 'RMX'][index % 5]}${1000 + index * 37} Build/UP1A.${230_000 + index}`,
);

function phone(random: Random): Phone {
  const system = weighted(
    random,
    ['apple', 'android', 'harmony'] as const,
    (name) => ({ apple: 22, android: 66, harmony: 12 })[name],
  );
  const text =
    system === 'apple'
      ? weighted(random, IOS, (version) => 10 - IOS.indexOf(version))
      : system === 'harmony'
        ? pick(random, HARMONY)
        : // A few models are common: the n-th sells as 1/n.
          (MODELS[Math.floor(MODELS.length ** random()) - 1] ?? 'V1000 Build/UP1A');
  return {
    system,
    text,
    id: whole(random, 0, 9999),
    upgradesDay: whole(random, 0, 45),
    build: whole(random, 40, 44),
    other: chance(random, WORLD.secondApp),
  };
}

/** Somebody who lives in a city. */
export function person(random: Random, city: City, noise = 1): Person {
  const sim = chance(random, WORLD.foreignSim * noise) ? otherCity(random, city) : city;
  const detour = chance(random, WORLD.tunnel * noise)
    ? pick(random, TUNNELS)
    : chance(random, WORLD.proxy * noise)
      ? weighted(random, CITIES, ({ people, capital }) => (capital ? people : 0))
      : null;
  return {
    city,
    sim,
    fixed: fixedLine(random, city, noise),
    detour,
    phone: phone(random),
    consents: chance(random, WORLD.consent),
  };
}

/** Somebody of the same household: another phone on the same line. */
export const housemate = (random: Random, of: Person, noise = 1): Person => ({
  ...person(random, of.city, noise),
  fixed: of.fixed,
});

/** What a browser tells of itself; WeChat's version goes up about every six weeks, and the kind of network is part of it. */
function agentOf(random: Random, { system, text, id, upgradesDay, build, other }: Phone, atMs: number, mobile: boolean): string {
  const version = `8.0.${build + Math.floor((atMs / DAY_MS + upgradesDay) / 45)}`;
  const tail = `MicroMessenger/${version} NetType/${mobile ? '4G' : 'WIFI'} Language/zh_CN`;
  const plain = other && chance(random, 0.4);
  if (system === 'apple')
    return `Mozilla/5.0 (iPhone; CPU iPhone OS ${text} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${plain ? 'Version/18.5 Mobile/15E148 Safari/604.1' : `Mobile/15E148 ${tail}`}`;
  if (system === 'harmony')
    return `Mozilla/5.0 (Phone; OpenHarmony ${text}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile ${plain ? 'HuaweiBrowser/5.0.4' : tail}`;
  return `Mozilla/5.0 (Linux; Android 14; ${text}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 ${plain ? 'Mobile Safari/537.36 HeyTapBrowser/45.10' : `Mobile Safari/537.36 XWEB/1260${build} MMWEBSDK/2024 MMWEBID/${id} ${tail} ABI/arm64`}`;
}

/** Tencent's machines that open what is opened in WeChat: a few places, an agent of their own. */
const FETCHERS = CITIES.filter(({ name }) => ['深圳', '上海', '天津', '广州'].includes(name));
const FETCHER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/53.0.2785.116 Safari/537.36 QBCore/4.0 QQBrowser/9.0 Mozilla/5.0 MicroMessenger/6.5.2.501 NetType/WIFI WindowsWechat',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 9_1 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) Version/9.0 Mobile/13B143 Safari/601.1',
];

/** How and where somebody looks. */
export interface Way {
  /** Where the person is, when not at home. */
  readonly at?: City;
  readonly label?: WorldLook['label'];
  readonly mobile?: boolean;
  /** Over this line: a shop's, a class room's. */
  readonly line?: Person;
}

/** A place of a code's looks in time: every scan of a person becomes one request or several. */
export class Stage {
  readonly looks: WorldLook[] = [];
  /** Copies in buyers' hands so far. */
  copies = 0;
  private scans = 0;

  constructor(
    readonly random: Random,
    readonly noise = 1,
    /** How much longer people take over what keeps. */
    readonly pace = 1,
  ) {}

  /** Somebody scans the label. */
  scan(who: Person, atMs: number, { at = who.city, label = 'genuine', mobile, line }: Way = {}): void {
    const { random } = this;
    const overMobile = mobile ?? chance(random, line ? 0.25 : at === who.city ? WORLD.mobile : 0.6);
    const network = this.networkOf(who, at, overMobile, line);
    const scan = (this.scans += 1);
    const agent = agentOf(random, who.phone, atMs, overMobile);
    const look = {
      ...this.point(network, who, at),
      network: network.mark,
      agent,
      language: 'zh-CN,zh;q=0.9',
      scan,
      label,
      copy: this.copies,
    };
    this.looks.push({ ...look, atMs, main: true });
    if (chance(random, WORLD.double)) this.looks.push({ ...look, atMs: atMs + between(random, 1, 30) * SECOND_MS, main: false });
    if (chance(random, WORLD.fetched)) this.fetched(look, atMs);
  }

  private networkOf(who: Person, at: City, mobile: boolean, line?: Person): Network {
    const { random, noise } = this;
    if (who.detour && chance(random, WORLD.through)) return { place: who.detour, mark: `${who.detour.name}.tunnel` };
    if (!mobile) return line ? line.fixed : at === who.city ? who.fixed : fixedLine(random, at, noise);
    const away = who.sim.province !== at.province && chance(random, Math.min(1, WORLD.homeRouted * noise));
    return cellular(random, away ? who.sim : at, noise);
  }

  private point({ place }: Network, who: Person, at: City): { latitude: number | null; longitude: number | null } {
    if (place) return { latitude: place.latitude, longitude: place.longitude };
    if (!who.consents) return { latitude: null, longitude: null };
    const near = (degrees: number): number => Math.round((degrees + between(this.random, -0.3, 0.3)) * 10) / 10;
    return { latitude: near(at.latitude), longitude: near(at.longitude) };
  }

  private fetched(look: Omit<WorldLook, 'atMs' | 'main'>, atMs: number): void {
    const { random } = this;
    const { latitude, longitude, name } = pick(random, FETCHERS);
    this.looks.push({
      ...look,
      latitude,
      longitude,
      network: `${name}.tencent.${whole(random, 0, 3)}`,
      agent: pick(random, FETCHER_AGENTS),
      atMs: atMs + (1 + exponential(random, 40)) * SECOND_MS,
      main: false,
    });
  }
}
