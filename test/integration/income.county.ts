/** A county with two towns and five villages, made through the directory's own services, and someone of each role signed in. */
import type { ServiceName, Session } from '#contracts';
import { DirectoryModule, SYSTEM_ACTOR, UnitService, UserService } from '#directory';
import { uuidv7, type Principal } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';

const SINCE = '2020-01-01';
const PASSWORD = 'a password for tests';
const UNITS = {
  '99': '示范省',
  '9901': '示范市',
  '990101': '示范县',
  '990101100': '东山镇',
  '990101101': '西河镇',
  '990101100201': '一村',
  '990101100202': '二村',
  '990101100203': '三村',
  '990101101201': '四村',
  '990101101202': '五村',
};
/** Each role's unit. The keeper's is the first village; the producer's too. */
const USERS = { admin: '99', county: '990101', town: '990101100', station: '990101100201', producer: '990101100201' } as const;
type TestRole = keyof typeof USERS & Principal['role'];

/** What the tests of income and produce start from. */
export interface TestCounty {
  app: TestApplication;
  code: string;
  towns: readonly [string, string];
  /** Villages of the first town, in code order. */
  villages: readonly [string, string, string];
  /** Villages of the other town. */
  foreignVillages: readonly [string, string];
  tokens: Readonly<Record<TestRole, string>>;
  /** Merges villages of the first town into a new one; answers its code. */
  merge(codes: readonly string[], on: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the directory and what is to be tested beside it. */
export async function testCounty(
  modules: Parameters<typeof testApp>[0]['modules'],
  services: readonly ServiceName[],
): Promise<TestCounty> {
  const app = await testApp({ modules: [DirectoryModule, ...modules], services: ['directory', ...services] });
  const units = app.resolve(UnitService);
  await units.createMany(
    SYSTEM_ACTOR,
    Object.entries(UNITS).map(([code, name]) => ({ id: uuidv7(), code, name, validFrom: SINCE })),
  );
  const roles = Object.keys(USERS) as TestRole[];
  await app.resolve(UserService).createMany(
    SYSTEM_ACTOR,
    roles.map((role) => ({ id: uuidv7(), username: role, password: PASSWORD, role, unitCode: USERS[role] })),
  );
  const signIn = async (username: string) => {
    const { body } = await app.post<Session>('/api/auth/login', { username, password: PASSWORD });
    return body.accessToken;
  };
  const tokens = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await signIn(role)] as const)));
  return {
    app,
    code: '990101',
    towns: ['990101100', '990101101'],
    villages: ['990101100201', '990101100202', '990101100203'],
    foreignVillages: ['990101101201', '990101101202'],
    tokens: tokens as Record<TestRole, string>,
    merge: async (predecessorCodes, on) => {
      const code = '990101100299';
      await units.merge(SYSTEM_ACTOR, { on, predecessorCodes, successor: { id: uuidv7(), code, name: '合村' } });
      return code;
    },
    close: () => app.close(),
  };
}
