/** Steps of tests about what leaves a station and travels: a small county, and records sent as a phone sends them. */
import type { RecordPath, RecordResult } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { Clock, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

export const MINUTE = 60_000;
/** The check character of this number is right. */
export const RESIDENT_ID = '11010519491231002X';

export type RecordBody = Record<string, unknown> & { id: string; occurredAt: string };

/** A running application with a county, and what its people do there. */
export interface TransportCounty {
  readonly app: TestApplication;
  readonly county: SmallCounty;
  ago(ms: number): string;
  waybill(): string;
  code(prefix: string): string;
  record(fields: Record<string, unknown>): RecordBody;
  /** Sends records; answers their results. */
  send(who: UserKey, path: RecordPath, ...records: unknown[]): Promise<RecordResult[]>;
  /** Sends one that has to be accepted; answers its warnings. */
  accept(who: UserKey, path: RecordPath, fields: Record<string, unknown>): Promise<readonly string[]>;
  /** Sends one that has to be refused; answers the problem. */
  refuse(who: UserKey, path: RecordPath, fields: Record<string, unknown>): Promise<NonNullable<RecordResult['problem']>>;
  consignment(fields?: Record<string, unknown>): Record<string, unknown> & { waybill: string };
  get<T>(who: UserKey, path: string): Promise<T>;
}

/** Starts it. */
export async function transportCounty(): Promise<TransportCounty> {
  const app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
  const county = await smallCounty(app);
  let serial = 0;
  const ago = (ms: number) => new Date(app.resolve(Clock).now().getTime() - ms).toISOString();
  const waybill = () => `YT${String(2_000_000_000_000 + (serial += 1))}`;
  const record = (fields: Record<string, unknown>): RecordBody => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...fields });
  const send = async (who: UserKey, path: RecordPath, ...records: unknown[]) => {
    const answer = await app.post<{ results: RecordResult[] }>(`/api/${path}`, { records }, county.tokens[who]);
    expect(answer.status).toBe(200);
    return answer.body.results;
  };
  return {
    app,
    county,
    ago,
    waybill,
    code: (prefix) => `${prefix}-${String(1000 + (serial += 1))}`,
    record,
    send,
    accept: async (who, path, fields) => {
      const [result] = await send(who, path, record(fields));
      expect(result).toMatchObject({ outcome: 'accepted' });
      return result?.warnings ?? [];
    },
    refuse: async (who, path, fields) => {
      const [result] = await send(who, path, record(fields));
      expect(result?.outcome).toBe('rejected');
      if (!result?.problem) throw new Error('A refusal says why');
      return result.problem;
    },
    consignment: (fields = {}) => ({
      waybill: waybill(),
      carrierCode: 'YTO',
      sender: { name: '李秀英', phone: '13900005678', identityKind: 'resident_id', identityNumber: RESIDENT_ID },
      receiver: {
        name: '张小明',
        phone: '13800001234',
        address: { province: '浙江省', city: '杭州市', detail: '文一路12号3栋2单元502室' },
      },
      contents: '苹果',
      inspected: true,
      securityCheck: 'machine',
      weightG: 5000,
      freightFen: 1500,
      ...fields,
    }),
    get: async <T>(who: UserKey, path: string): Promise<T> => {
      const answer = await app.get<T>(path, county.tokens[who]);
      expect(answer.status).toBe(200);
      return answer.body;
    },
  };
}
