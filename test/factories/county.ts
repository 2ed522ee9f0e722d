/** A small county made through the directory's own services: two towns, five villages, every role. And a stranger from the next county. */
import type { Role, ServiceMode } from '#contracts';
import {
  ApiKeyService,
  RelationService,
  SessionService,
  StationService,
  SYSTEM_ACTOR,
  UnitService,
  UserService,
  type UnitInput,
} from '#directory';
import { uuidv7 } from '#platform';
import type { TestApplication } from './application.js';

/** First day of everything in the small county. */
export const COUNTY_FROM = '2020-01-01';
/** Password of every user. */
export const PASSWORD = 'a password for tests';

/** Codes of the units. `otherCounty` and below belong to the stranger. */
const CODES = {
  province: '99',
  prefecture: '9901',
  county: '990101',
  town1: '990101100',
  town2: '990101200',
  village1: '990101100201',
  village2: '990101100202',
  village3: '990101100203',
  village4: '990101200201',
  village5: '990101200202',
  otherCounty: '990102',
  otherTown: '990102100',
  otherVillage: '990102100201',
} as const;
export type UnitKey = keyof typeof CODES;

const NAMES: Record<UnitKey, string> = {
  province: '示范省',
  prefecture: '示范市',
  county: '示范县',
  town1: '东镇',
  town2: '西乡',
  village1: '东一村村委会',
  village2: '东二村村委会',
  village3: '东三村村委会',
  village4: '西一村村委会',
  village5: '西二村村委会',
  otherCounty: '邻县',
  otherTown: '邻镇',
  otherVillage: '邻村村委会',
};

/** Villages of a town lie a hundredth of a degree apart: about 1.1 km; the towns about 22 km. */
const PLACES: Partial<Record<UnitKey, [latitude: number, longitude: number]>> = {
  county: [35, 110],
  town1: [35.1, 110],
  town2: [35.3, 110],
  village1: [35.11, 110],
  village2: [35.12, 110],
  village3: [35.13, 110],
  village4: [35.31, 110],
  village5: [35.32, 110],
};

/** Stations stand where their unit is. `village5` has none. */
const STATIONS = {
  county: 'C0',
  town1: 'T1',
  town2: 'T2',
  village1: 'V1',
  village2: 'V2',
  village3: 'V3',
  village4: 'V4',
} as const;
export type StationKey = keyof typeof STATIONS;

const SERVICE: readonly [village: UnitKey, carrier: string, mode: ServiceMode, station: StationKey][] = [
  ['village1', 'POSTAL', 'resident_station', 'village1'],
  ['village1', 'STO', 'resident_station', 'village1'],
  ['village1', 'YTO', 'resident_station', 'village1'],
  ['village1', 'ZTO', 'resident_station', 'village1'],
  ['village1', 'YUNDA', 'resident_station', 'village1'],
  ['village1', 'JT', 'resident_station', 'village1'],
  ['village2', 'POSTAL', 'postal_express', 'village2'],
  ['village3', 'POSTAL', 'mobile_round', 'town1'],
  ['village4', 'ZTO', 'resident_station', 'village4'],
  ['village5', 'ZTO', 'neighbour_agent', 'village4'],
];

const USERS = {
  admin: ['admin', 'province', []],
  county: ['county', 'county', ['county']],
  county2: ['county', 'county', []],
  town: ['town', 'town1', ['town1']],
  town2: ['town', 'town2', ['town2']],
  station: ['station', 'village1', ['village1']],
  station2: ['station', 'village4', ['village4']],
  producer: ['producer', 'village2', []],
  stranger: ['county', 'otherCounty', []],
} as const satisfies Record<string, readonly [Role, UnitKey, readonly StationKey[]]>;
export type UserKey = keyof typeof USERS;

export interface SmallCounty {
  /** Six digits. */
  countyCode: string;
  codes: Readonly<Record<UnitKey, string>>;
  ids: Readonly<Record<UnitKey, string>>;
  stations: Readonly<Record<StationKey, { id: string; code: string }>>;
  users: Readonly<Record<UserKey, { id: string; username: string }>>;
  /** Session tokens of the users, and the key of carrier ZTO in the county. */
  tokens: Readonly<Record<UserKey | 'carrier', string>>;
}

/** Makes the county in the application's database; needs DirectoryModule. */
export async function smallCounty(app: TestApplication): Promise<SmallCounty> {
  const ids = mapKeys(CODES, () => uuidv7());
  await app.resolve(UnitService).createMany(
    SYSTEM_ACTOR,
    (Object.keys(CODES) as UnitKey[]).map((key) => unitInput(key, ids[key])),
  );
  const stations = mapKeys(STATIONS, (key) => ({ id: uuidv7(), code: `S-${STATIONS[key]}` }));
  await app.resolve(StationService).createMany(
    SYSTEM_ACTOR,
    (Object.keys(STATIONS) as StationKey[]).map((key) => {
      const [latitude, longitude] = PLACES[key] ?? [0, 0];
      const name = `${NAMES[key]}站`;
      return { ...stations[key], name, unitCode: CODES[key], latitude, longitude, validFrom: COUNTY_FROM, validTo: null };
    }),
  );
  await app.resolve(RelationService).createMany(
    SYSTEM_ACTOR,
    SERVICE.map(([village, carrierCode, mode, station]) => {
      const span = { validFrom: COUNTY_FROM, validTo: null };
      return { id: uuidv7(), villageCode: CODES[village], carrierCode, mode, stationCode: stations[station].code, ...span };
    }),
  );
  const users = mapKeys(USERS, (key) => ({ id: uuidv7(), username: key.toLowerCase() }));
  await makeUsers(app, users, stations);
  const tokens = await openSessions(app, users);
  const key = { id: uuidv7(), name: 'ZTO', unitCode: CODES.county, carrierCode: 'ZTO' };
  const { key: carrier = '' } = await app.resolve(ApiKeyService).create({ id: users.admin.id, unitId: ids.province }, key);
  return { countyCode: CODES.county, codes: CODES, ids, stations, users, tokens: { ...tokens, carrier } };
}

function unitInput(key: UnitKey, id: string): UnitInput {
  const [latitude, longitude] = PLACES[key] ?? [null, null];
  const boundary = latitude === null ? null : square(latitude, longitude ?? 0);
  return {
    id,
    code: CODES[key],
    name: NAMES[key],
    validFrom: COUNTY_FROM,
    latitude,
    longitude,
    boundary,
    urbanRural: key.startsWith('village') ? '220' : null,
  };
}

function square(latitude: number, longitude: number): UnitInput['boundary'] {
  const [south, north, west, east] = [latitude - 0.004, latitude + 0.004, longitude - 0.004, longitude + 0.004];
  return {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}

async function makeUsers(app: TestApplication, users: SmallCounty['users'], stations: SmallCounty['stations']): Promise<void> {
  await app.resolve(UserService).createMany(
    SYSTEM_ACTOR,
    (Object.keys(USERS) as UserKey[]).map((key) => {
      const [role, unit, keeps] = USERS[key];
      const stationCodes = keeps.map((station) => stations[station].code);
      return {
        ...users[key],
        password: PASSWORD,
        role,
        unitCode: CODES[unit],
        stationCodes,
        person: { name: '王示范', phone: '13900001234' },
      };
    }),
  );
}

async function openSessions(app: TestApplication, users: SmallCounty['users']): Promise<Record<UserKey, string>> {
  const sessions = app.resolve(SessionService);
  const opened = await Promise.all(
    (Object.keys(USERS) as UserKey[]).map(async (key): Promise<[UserKey, string]> => {
      const { token } = await sessions.open({ username: users[key].username, password: PASSWORD }, '127.0.0.1');
      return [key, token];
    }),
  );
  return Object.fromEntries(opened) as Record<UserKey, string>;
}

function mapKeys<K extends string, T>(source: Readonly<Record<K, unknown>>, make: (key: K) => T): Record<K, T> {
  return Object.fromEntries((Object.keys(source) as K[]).map((key) => [key, make(key)])) as Record<K, T>;
}
