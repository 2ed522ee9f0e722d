import fc from 'fast-check';
import type { CodeView } from '#contracts';
import { uuidv7 } from '#platform';
import { BoxLots } from '../../libs/trace/src/code/box.lots.js';
import { codeCounty, type CodeCounty } from './code.county.js';

const BOXES = 3;
const UNITS = 4;
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      action: fc.constantFrom('pack', 'pack', 'unpack'),
      box: fc.nat(BOXES - 1),
      units: fc.uniqueArray(fc.nat(2 * UNITS - 1), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('void' as const), code: fc.nat(2 * UNITS + BOXES - 1) }) },
);

describe('what is kept of the lots in boxes', () => {
  let county: CodeCounty;
  beforeAll(async () => {
    county = await codeCounty();
  });
  afterAll(() => county.close());

  const query = <T>(text: string) => county.app.db.database.query<T>(text);
  const kept = async () =>
    (await query<{ pair: string }>(`select box_serial || ' ' || lot_id as pair from trace.box_lot`))
      .map(({ pair }) => pair)
      .sort();
  /** The same, found by reading every code. */
  const told = async () => {
    const codes = await query<{ serial: number; lotId: string; level: string; boxSerial: number | null }>(
      'select serial, lot_id as "lotId", level, box_serial as "boxSerial" from trace.code',
    );
    const full = codes.filter(({ boxSerial }) => boxSerial !== null);
    const empty = codes.filter(({ serial, level }) => level === 'box' && !full.some(({ boxSerial }) => boxSerial === serial));
    const pairs = [
      ...full.map(({ boxSerial, lotId }) => `${boxSerial} ${lotId}`),
      ...empty.map((box) => `${box.serial} ${box.lotId}`),
    ];
    return [...new Set(pairs)].sort();
  };

  it('is what the codes say, whatever is packed, unpacked or taken out of use', async () => {
    const boxes = (await county.made(county.lots.gtin, { level: 'box', count: BOXES })).codes;
    const units: CodeView[] = [];
    for (const lot of [county.lots.gtin, county.lots.plain]) units.push(...(await county.made(lot, { count: UNITS })).codes);
    expect(await kept()).toEqual(await told());
    expect(await kept()).toHaveLength(BOXES);
    const answers = new Set<number>();
    let most = 0;
    for (const made of fc.sample(step, { numRuns: 60, seed: 20261123 })) {
      const codes = 'code' in made ? [[...units, ...boxes][made.code]?.code] : made.units.map((unit) => units[unit]?.code);
      const { status } =
        'code' in made
          ? await county.post('/api/codes/void', { codes, reason: '破损' })
          : await county.post('/api/boxes', { id: uuidv7(), action: made.action, box: boxes[made.box]?.code, units: codes });
      answers.add(status);
      const now = await kept();
      expect(now).toEqual(await told());
      most = Math.max(most, now.length);
    }
    // Some were refused, some done, and some boxes held two lots.
    expect([...answers].sort()).toEqual([200, 409]);
    expect(most).toBeGreaterThan(BOXES);
  });

  it('can be made anew from the codes', async () => {
    const before = await kept();
    await query(`update trace.box_lot set lot_id = gen_random_uuid()`);
    expect(await kept()).not.toEqual(before);
    await new BoxLots().refresh(county.app.db.database, null);
    expect(await kept()).toEqual(before);
  });
});
