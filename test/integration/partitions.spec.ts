import { addMonths, periodOf } from '#contracts';
import { ensurePartitions } from '#platform';
import { testDatabase, type TestDatabase } from '../factories/database.js';

describe('month partitions', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  const partitionsOf = (id: string) =>
    db.database.query<{ name: string }>(`select tableoid::regclass::text as name from logistics.parcel_day where waybill = $1`, [
      id,
    ]);
  const add = (waybill: string, day: string) =>
    db.database.query(
      `insert into logistics.parcel_day (county_code, unit_id, day, waybill, station_id, counts)
       values ('990101', '00000000-0000-0000-0000-000000000001', $1, $2, '00000000-0000-0000-0000-000000000000', 1)`,
      [day, waybill],
    );

  it('are made for every growing table once', async () => {
    const future = addMonths(periodOf(new Date()), 40);
    const made = await ensurePartitions(db.database, future, future);
    expect(made).toBeGreaterThanOrEqual(11);
    expect(await ensurePartitions(db.database, future, future)).toBe(0);
  });

  it('take over the rows that had to wait in the default partition', async () => {
    await add('WAITED1', '2019-05-31');
    await add('WAITED2', '2019-06-01');
    expect(await partitionsOf('WAITED1')).toEqual([{ name: 'logistics.parcel_day_default' }]);
    await ensurePartitions(db.database, '2019-05', '2019-05');
    expect(await partitionsOf('WAITED1')).toEqual([{ name: 'logistics.parcel_day_2019_05' }]);
    expect(await partitionsOf('WAITED2')).toEqual([{ name: 'logistics.parcel_day_default' }]);
  });

  it('are made by several processes at once without a quarrel', async () => {
    const future = addMonths(periodOf(new Date()), 50);
    const made = await Promise.all([1, 2, 3].map(() => ensurePartitions(db.database, future, future)));
    expect(Math.max(...made)).toBeGreaterThanOrEqual(11);
  });

  it('place an instant by the Shanghai month', async () => {
    await ensurePartitions(db.database, '2019-05', '2019-06');
    await db.database.query(
      `insert into logistics.parcel_event (county_code, id, claimed_at, occurred_at, received_at, waybill, kind, source)
       values ('990101', '00000000-0000-0000-0000-000000000009', '2019-05-31T16:00:00Z', now(), now(), 'W', 'shelved', 'station')`,
    );
    expect(await db.database.query('select tableoid::regclass::text as name from logistics.parcel_event')).toEqual([
      { name: 'logistics.parcel_event_2019_06' },
    ]);
  });
});
