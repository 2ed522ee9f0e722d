import fc from 'fast-check';
import { SecretBox } from '#platform';
import type { ExpectedRow, ShelfRow } from './shelf.repository.js';
import { expectedParcels, namesTag, shelfParcel, shelfTag } from './shelf.view.js';

const secrets = new SecretBox({ SECRET_KEY: 'k'.repeat(32) } as ConstructorParameters<typeof SecretBox>[0]);
const sealed = (text: string) => Buffer.from(secrets.encrypt(text));
const row: ShelfRow = {
  waybill: 'YT1234567890123',
  carrierCode: 'YTO',
  shelfCode: '1-2-0007',
  since: new Date('2026-10-10T08:00:00+08:00'),
  exceptions: [{ kind: 'damaged' }, { kind: 'unreachable', closedAt: 1 }],
  name: sealed('王小明'),
  phone: sealed('13812345678'),
  nameAt: new Date(0),
  phoneAt: new Date(0),
  consent: 'given',
  notice: null,
};
const expected = (waybill: string, unitId: string | null, ...kinds: ExpectedRow['exceptions']): ExpectedRow => ({
  waybill,
  carrierCode: null,
  unitId,
  exceptions: kinds,
});

describe('A parcel on the shelf', () => {
  it('is shown masked, with open exceptions only, and its code to the own people of the station', () => {
    const seen = { waybill: row.waybill, name: '王**', phone: '*******5678', consent: 'given', exceptions: ['damaged'] };
    expect(shelfParcel(row, secrets, true)).toMatchObject({ ...seen, shelfCode: '1-2-0007' });
    expect(shelfParcel(row, secrets, false)).toMatchObject({ ...seen, shelfCode: null });
  });
});

describe('What is expected', () => {
  it('names each parcel once, and what is no longer to be held back not at all', () => {
    const held = { kind: 'intercepted' } as const;
    const parcels = expectedParcels(
      [expected('OWN001', 'A'), expected('OWN002', 'A', held)],
      [
        expected('OWN002', 'A', held),
        expected('FAR001', 'B', held),
        expected('FAR002', null, held),
        expected('FAR003', 'B', { ...held, closedAt: 1 }),
      ],
      new Set(['A']),
    );
    expect(parcels.map(({ waybill, ours, intercepted }) => [waybill, ours, intercepted])).toEqual([
      ['OWN001', true, false],
      ['OWN002', true, true],
      ['FAR001', false, true],
      ['FAR002', false, true],
    ]);
  });
});

describe('The tag of a shelf', () => {
  it('is another when anything that is shown may be, and the same though a text was sealed anew', () => {
    const tag = shelfTag([row], []);
    expect(shelfTag([{ ...row, name: sealed('王小明') }], [])).toBe(tag);
    const changes: Partial<ShelfRow>[] = [
      { shelfCode: null },
      { nameAt: new Date(1) },
      { phone: null },
      { notice: 'sent' },
      { exceptions: [] },
      { since: new Date(1) },
    ];
    const tags = changes.map((change) => shelfTag([{ ...row, ...change }], []));
    expect(new Set([tag, ...tags]).size).toBe(changes.length + 1);
    expect(shelfTag([row], [1])).not.toBe(tag);
  });

  it('is named by a list that holds it, weak or strong, or by a star', () => {
    const other = fc.stringMatching(/^"[a-z]{1,8}"$/);
    fc.assert(
      fc.property(fc.array(other), fc.array(other), fc.boolean(), (before, after, weak) => {
        const list = (...middle: string[]) => [...before, ...middle, ...after].join(', ');
        expect(namesTag(list(weak ? 'W/"TAG"' : '"TAG"'), 'W/"TAG"')).toBe(true);
        expect(namesTag(list(), 'W/"TAG"')).toBe(false);
      }),
    );
    expect([namesTag('*', 'W/"TAG"'), namesTag(undefined, 'W/"TAG"')]).toEqual([true, false]);
  });
});
