import { readdirSync, readFileSync } from 'node:fs';
import { claimEvent } from './provider.trace.js';
import { levelOf } from '../parcel/history.fixture.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { UnreadablePush, type CarrierAdapter, type Provider, type PushForm } from './carrier.adapter.js';
import { KdniaoAdapter } from './kdniao.adapter.js';
import { Kuaidi100Adapter } from './kuaidi100.adapter.js';
import { KDNIAO_CODES, KUAIDI100_CODES } from './provider.codes.js';
import { normaliseText, readTrace, redactText } from './trace.text.js';

interface Recorded {
  name: string;
  note: string;
  provider: Provider;
  secret: string;
  form: PushForm;
  expected: { kinds?: string[]; stage?: string; carrierCode?: string; waybill?: string; outcome?: 'refused' | 'unreadable' };
}
const adapters: Record<Provider, CarrierAdapter> = { kuaidi100: new Kuaidi100Adapter(), kdniao: new KdniaoAdapter() };
const recorded = (folder: 'ok' | 'not-ok'): Recorded[] =>
  readdirSync(`test/fixtures/${folder}`)
    .filter((name) => /^logistics\.(kuaidi100|kdniao)-/.test(name))
    .map((name) => ({
      name,
      ...(JSON.parse(readFileSync(`test/fixtures/${folder}/${name}`, 'utf8')) as Omit<Recorded, 'name'>),
    }));
const eventsOf = ({ provider, form }: Recorded) => adapters[provider].parse(form);
const byName = (name: string) => recorded('ok').find((push) => push.name.includes(name))!;

describe('A recorded push', () => {
  it.each(recorded('ok'))('$name is verified and read: $note', (push) => {
    const { expected, secret, form, provider } = push;
    expect(adapters[provider].verify(form, secret)).toBe(true);
    const events = eventsOf(push);
    expect(events.map(({ kind }) => kind)).toEqual(expected.kinds);
    const parcel = foldParcel(
      events.filter(({ waybill }) => waybill === expected.waybill),
      levelOf,
    );
    if (expected.stage) expect(parcel).toMatchObject({ stage: expected.stage, carrierCode: expected.carrierCode });
    expect(events.map(({ text }) => text).join()).not.toMatch(/1[3-9]\d{9}|138-1234|88888888/);
  });

  it.each(recorded('not-ok'))('$name is not taken: $note', ({ provider, form, secret, expected }) => {
    expect(adapters[provider].verify(form, secret)).toBe(expected.outcome !== 'refused');
    if (expected.outcome === 'unreadable') expect(() => adapters[provider].parse(form)).toThrow(UnreadablePush);
  });
});

describe('The identity of a pushed event', () => {
  const changed = (push: Recorded, replace: (param: string) => string) =>
    adapters[push.provider].parse({ ...push.form, param: replace(push.form['param']!) });

  it('does not depend on the place or on the rest of the message', () => {
    const push = byName('delivered');
    const moved = changed(push, (param) =>
      param.replaceAll('CN991001000000', 'CN000000000000').replaceAll('示范省', '别处').replace('"polling"', '"updateall"'),
    );
    expect(moved.map(({ id }) => id)).toEqual(eventsOf(push).map(({ id }) => id));
  });

  it('depends on carrier, waybill, time and code', () => {
    const push = byName('delivered');
    const ids = new Set(eventsOf(push).map(({ id }) => id));
    for (const [from, to] of [
      ['yuantong', 'yunda'],
      ['YT8800000000001', 'YT8800000000009'],
      ['2025-10', '2025-09'],
    ] as const)
      expect(changed(push, (param) => param.replaceAll(from, to)).filter(({ id }) => ids.has(id))).toEqual([]);
    const recoded = changed(push, (param) => param.replace('"statusCode":"5"', '"statusCode":"501"'));
    expect(recoded.filter(({ id }) => !ids.has(id)).map(({ kind }) => kind)).toEqual(['arrived_station']);
  });

  it('stays when a list grows at its new end', () => {
    const push = byName('station-by-text');
    const line = '{"time":"2025-10-10 20:00:00","ftime":"2025-10-10 20:00:00","context":"已签收","statusCode":"3"},';
    const grown = changed(push, (param) => param.replace('"data":[', `"data":[${line}`));
    expect(grown.map(({ id }) => id)).toEqual([...eventsOf(push).map(({ id }) => id), expect.any(String)]);
    expect(grown.map(({ kind }) => kind)).toEqual(['in_transit', 'arrived_station', 'delivered']);
  });
});

describe('A corrected carrier', () => {
  it('relinks the history and makes no second parcel', () => {
    const push = byName('corrected-carrier');
    const before = adapters.kuaidi100.parse({
      param: push.form['param']!.replaceAll('shentong', 'yuantong').replace('"autoCheck":"1"', '"autoCheck":"0"'),
    });
    expect(before.map(({ carrierCode }) => carrierCode)).toEqual(['YTO', 'YTO']);
    for (const events of [
      [...before, ...eventsOf(push)],
      [...eventsOf(push), ...before],
    ]) {
      const parcel = foldParcel(events, levelOf)!;
      expect(parcel.carrierCode).toBe('STO');
      expect(parcel.timeline.map(({ event }) => event.kind)).toEqual(['relinked', 'accepted', 'in_transit']);
    }
  });
});

describe("The providers' codes", () => {
  it('are read by provider: 13 of the shared ones mean different things', () => {
    const shared = Object.keys(KUAIDI100_CODES).filter((code) => code in KDNIAO_CODES);
    expect(shared.length).toBeGreaterThanOrEqual(17);
    expect([KUAIDI100_CODES['205'], KDNIAO_CODES['205']].map((meaning) => meaning?.kind)).toEqual([
      'exception_open',
      'in_transit',
    ]);
    expect([KUAIDI100_CODES['2'], KDNIAO_CODES['2']].map((meaning) => meaning?.kind)).toEqual(['exception_open', 'in_transit']);
    expect([KUAIDI100_CODES['401'], KDNIAO_CODES['401']].map((meaning) => meaning?.kind)).toEqual([
      'cancelled',
      'exception_open',
    ]);
  });

  it('of an order that nobody picked up say announced', () => {
    expect(['101', '102'].map((code) => KUAIDI100_CODES[code]?.kind)).toEqual(['announced', 'announced']);
    expect(KDNIAO_CODES['10']?.kind).toBe('announced');
  });
});

describe('The text of a trace', () => {
  const under = { kind: 'in_transit', exception: null } as const;

  it('tells an arrival at a station from the way to it', () => {
    for (const text of ['已到达柳林村驿站，请取件', '快件已入库', '已放入丰巢柜', '由便利店代收'])
      expect(readTrace(under, text, false).kind).toBe('arrived_station');
    for (const text of ['已发往柳林村驿站', '离开自提点', '到达转运中心'])
      expect(readTrace(under, text, false).kind).toBe('in_transit');
    expect(readTrace({ kind: 'out_for_delivery', exception: null }, '正在派件，如不在家可放驿站', false).kind).toBe(
      'out_for_delivery',
    );
    expect(readTrace({ kind: 'delivered', exception: null }, '驿站代收，已签收', false).kind).toBe('delivered');
  });

  it('names the exception of a general problem, and a revoked signature', () => {
    const general = { kind: 'exception_open', exception: 'unreachable' } as const;
    expect(readTrace(general, '客户拒收', true).exception).toBe('refused');
    expect(readTrace(general, '收件地址不详', true).exception).toBe('wrong_address');
    expect(readTrace(general, '无人接听', true).exception).toBe('unreachable');
    expect(readTrace({ kind: 'delivered', exception: null }, '误操作，取消签收', false).kind).toBe('delivery_revoked');
  });

  it('loses every phone number and keeps every waybill', () => {
    for (const phone of [
      '13912345678',
      '139 1234 5678',
      '139-1234-5678',
      '+86 13912345678',
      '13912345678转1234',
      '0571-88888888',
    ])
      expect(redactText(`电话${phone}。`)).toBe('电话***********。');
    expect(redactText('单号 4312345678901 已转 75123456789012')).toBe('单号 4312345678901 已转 75123456789012');
  });

  it('is the same identity when only its digits are masked or its blanks differ', () => {
    expect(normaliseText('快递员 13912345678 派件。')).toBe(normaliseText('快递员13987654321派件'));
  });
});

it('A claim says nothing that it was not given', () => {
  const event = claimEvent({ id: 'x', claimedAt: 5, waybill: 'W', kind: 'note', source: 'csv' });
  expect(Object.values(event).filter((value) => value !== null && !(Array.isArray(value) && value.length === 0))).toEqual([
    5,
    'x',
    5,
    'W',
    'note',
    'csv',
  ]);
});
