import fc from 'fast-check';
import { consignmentRecordSchema, residentIdCheck, type ConsignmentRecord } from '#contracts';
import {
  consignmentOf,
  emptyDraft,
  nextOf,
  openStep,
  problemsOf,
  type ConsignmentDraft,
} from '../../apps/web/src/station/send/consignment.draft.js';
import { askedWeight, nearestWeights, offersOf } from '../../apps/web/src/station/send/freight.js';
import { labelOf } from '../../apps/web/src/station/send/label.content.js';
import { senderOf, withSender } from '../../apps/web/src/station/send/sender.book.js';

const NOW = '2026-11-20T08:00:00.000Z';
const NOW_MS = Date.parse(NOW);
const stamp = { id: '0197a000-0000-7000-8000-000000000001', occurredAt: NOW, stationCode: 'S1' };
const full = (): ConsignmentDraft => ({
  ...emptyDraft(),
  waybill: 'SF1234567890123',
  carrierCode: 'SF',
  sender: { name: '张三丰', phone: '13812345678', identityKind: 'resident_id', identityNumber: '11010519491231002x' },
  contents: '苹果',
  inspected: true,
  securityCheck: 'machine',
  receiver: { name: '李四', phone: '13987654321', province: '浙江省', city: '杭州市', detail: '文三路12号3栋502室' },
  weightKg: '2.5',
  freightYuan: '12.8',
});
const recordOf = (draft: ConsignmentDraft): ConsignmentRecord => {
  const record = consignmentOf(draft, stamp);
  if (!record) throw new Error('No record');
  return record;
};

describe('A parcel taken in from a sender', () => {
  it('becomes the record that the county takes, in grams and fen', () => {
    const record = recordOf(full());
    expect(consignmentRecordSchema.safeParse(record).success).toBe(true);
    expect([record.weightG, record.freightFen, record.sender.identityNumber]).toEqual([2500, 1280, '11010519491231002X']);
    expect(openStep(full(), NOW_MS)).toBeUndefined();
  });

  it.each([
    ['inspected', { inspected: false }, 'goods'],
    ['securityCheck', { securityCheck: '' }, 'goods'],
    ['realName', { sender: { ...full().sender, name: ' ' } }, 'sender'],
    ['identity', { sender: { ...full().sender, identityNumber: '' } }, 'sender'],
    ['identityWrong', { sender: { ...full().sender, identityNumber: '110105194912310021' } }, 'sender'],
    ['waybill', { waybill: '' }, 'waybill'],
    ['carrier', { carrierCode: '' }, 'waybill'],
    ['weight', { weightKg: '101' }, 'freight'],
    ['freight', { freightYuan: '-1' }, 'freight'],
  ] as const)('does not leave without %s', (problem, change, step) => {
    const draft = { ...full(), ...change } as ConsignmentDraft;
    expect(problemsOf(draft, step, NOW_MS)).toEqual([problem]);
    expect(openStep(draft, NOW_MS)).toBe(step);
    expect(consignmentOf(draft, stamp)).toBeUndefined();
  });

  it('is checked by the same identity rule as in the county, and other documents are taken as written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...'0123456789X'), (check) => {
        const first = '11010519491231002';
        const sender = { ...full().sender, identityNumber: first + check };
        expect(problemsOf({ ...full(), sender }, 'sender', NOW_MS)).toEqual(
          check === residentIdCheck(first) ? [] : ['identityWrong'],
        );
      }),
    );
    const sender = { ...full().sender, identityKind: 'passport' as const, identityNumber: 'E12345678' };
    expect(problemsOf({ ...full(), sender }, 'sender', NOW_MS)).toEqual([]);
  });

  it('leaves the sender for the next parcel, and nothing that must be looked at anew', () => {
    const next = nextOf(full());
    expect(next.sender).toEqual(full().sender);
    expect([next.waybill, next.inspected, next.securityCheck, next.receiver.name]).toEqual(['', false, '', '']);
  });

  it('has a label on which nobody can be told', () => {
    const label = JSON.stringify(labelOf(recordOf(full()), '青石村站'));
    expect(label).toContain('张**');
    for (const secret of ['张三丰', '李四', '13812345678', '13987654321', '502', '11010519491231002'])
      expect([secret, label.includes(secret)]).toEqual([secret, false]);
  });
});

describe('Senders who came before', () => {
  it('are found by the whole phone number, the last word of each being kept', () => {
    const { sender } = full();
    const known = withSender(withSender([], sender), { ...sender, name: '张三' });
    expect(known).toHaveLength(1);
    expect(senderOf(known, ' 13812345678 ')?.name).toBe('张三');
    expect(senderOf(known, '1381234567')).toBeUndefined();
  });
});

describe('Freight', () => {
  it('is compared for the very weight, the cheapest first', () => {
    const rates = [
      { carrierCode: 'SF', fenPerKg: 900, parcels: 5 },
      { carrierCode: 'ZTO', fenPerKg: 400.5, parcels: 9 },
    ];
    expect(offersOf(rates, 2500).map(({ carrierCode, estimateFen }) => [carrierCode, estimateFen])).toEqual([
      ['ZTO', 1001],
      ['SF', 2250],
    ]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), (weightG) => askedWeight(weightG) >= weightG));
    expect(nearestWeights(2000).slice(0, 3)).toEqual([2000, 3000, 1000]);
  });
});
