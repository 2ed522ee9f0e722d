/** The cooperatives' season: harvests of their households, mixed into the lots that they sell, and the orders that the villages' outgoing parcels are. */
import { addDays, dayOf, daysBetween, type Day, type LotHarvest, type LotTransform, type OrderInput } from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import type { DemoCounty } from './county.model.js';
import { idOf } from './identity.source.js';
import type { DemoScan } from './parcel.journey.js';
import { COOPERATIVES, DEMO_CITIES, type CooperativeCast } from './produce.cast.js';
import { RandomSource } from './random.source.js';
import { COMPANY, localTime, type DemoPush } from './trace.generator.js';
import { at } from './service.pattern.js';

/** Days between two rounds of harvest. */
const ROUND_DAYS = 28;
/** A round's harvest is that much more than its orders need. */
const PLENTY = 1.4;
const LEAST_HARVEST_G = 40_000;
const REFUND_RATE = 0.04;

/** What a parcel of produce carries out, and the order that it is. */
export interface DemoSale {
  readonly order: OrderInput;
  readonly lotId: string;
  readonly quantityG: number;
  readonly waybill: string;
  readonly carrierCode: string;
  readonly weightG: number;
  readonly freightFen: number;
  readonly packedAt: string;
  readonly refundFen: number;
  readonly refundedAt: string;
}

/** One round: the households' harvests, and the lot that the cooperative mixes of them. */
export interface DemoRound {
  readonly harvests: readonly { readonly householdId: string; readonly lot: LotHarvest }[];
  readonly mix: LotTransform;
  readonly mixedLotId: string;
  readonly testedOn: Day;
}

export interface DemoCooperative {
  readonly cast: CooperativeCast;
  readonly id: string;
  readonly villageCode: string;
  readonly productId: string;
  readonly households: readonly { id: string; productId: string; name: string; povertyAlleviated: boolean }[];
  readonly rounds: readonly DemoRound[];
  readonly sales: readonly DemoSale[];
}

interface Parcel {
  readonly waybill: string;
  readonly carrierCode: string;
  readonly acceptedMs: number;
}

/** Watches the history's parcels of produce go out and makes up what lies behind them. */
export class ProduceGenerator {
  private readonly parcels = new Map<string, Parcel[]>();

  constructor(
    private readonly county: DemoCounty,
    private readonly seed: string = DEMO_SEED,
  ) {}

  /** Takes note of a scan: parcels of produce, by the village that they come from. */
  watch({ scan, receivedAtMs }: DemoScan): void {
    const village = scan.produce?.originVillageCode;
    if (scan.kind !== 'accepted' || !village || !scan.waybill || !scan.carrierCode) return;
    const acceptedMs = Math.min(Date.parse(scan.occurredAt), receivedAtMs);
    const list = this.parcels.get(village) ?? [];
    list.push({ waybill: scan.waybill, carrierCode: scan.carrierCode, acceptedMs });
    this.parcels.set(village, list);
  }

  /** The cooperatives: the first in the showcase village, the others in the villages of other towns that send most. */
  cooperatives(): DemoCooperative[] {
    const villages = this.villages();
    return COOPERATIVES.flatMap((cast, index) => {
      const villageCode = villages[index];
      return villageCode === undefined ? [] : [this.cooperative(cast, villageCode)];
    });
  }

  private villages(): string[] {
    const showcase = this.county.villages.find((village) => village.case === 'showcase');
    const chosen = showcase ? [showcase] : [];
    const byParcels = this.county.villages
      .filter((village) => village.validTo === null && village.case === 'steady')
      .sort((left, right) => this.sent(right.code) - this.sent(left.code) || (left.code < right.code ? -1 : 1));
    for (const village of byParcels) if (!chosen.some((other) => other.parentCode === village.parentCode)) chosen.push(village);
    return chosen.map((village) => village.code);
  }

  private sent(villageCode: string): number {
    return this.parcels.get(villageCode)?.length ?? 0;
  }

  private cooperative(cast: CooperativeCast, villageCode: string): DemoCooperative {
    const random = new RandomSource(`${this.seed}/produce/${cast.key}`);
    const households = cast.households.map((person, index) => ({
      ...person,
      id: idOf('produce', `producer ${cast.key} ${index}`),
      productId: idOf('produce', `product ${cast.key} ${index}`),
    }));
    const productId = idOf('produce', `product ${cast.key}`);
    const parcels = [...(this.parcels.get(villageCode) ?? [])].sort((left, right) => left.acceptedMs - right.acceptedMs);
    const starts = roundStarts(addDays(this.county.calendar.firstDay, -6), this.county.calendar.today);
    const plans = starts.map((start, index) => ({ start, next: starts[index + 1] ?? '9999', random: random.fork(start) }));
    const id = idOf('produce', `producer ${cast.key}`);
    const made = plans.map((plan) => {
      const mixedLotId = plan.random.uuid(at(plan.start, 12));
      const own = parcels.filter((parcel) => isWithin(dayOf(parcel.acceptedMs), addDays(plan.start, 4), addDays(plan.next, 4)));
      const sales = own.map((parcel) => saleOf(cast, { sellerId: id, productId, mixedLotId }, parcel, plan.random));
      const needG = sales.reduce((sum, sale) => sum + sale.quantityG, 0);
      return { sales, round: roundOf(cast, { productId, households, mixedLotId }, plan.start, needG, plan.random) };
    });
    const sales = made.flatMap((entry) => entry.sales);
    return { cast, id, villageCode, productId, households, rounds: made.map((entry) => entry.round), sales };
  }
}

/** First days of the rounds; the last one lies a week back at least, so that something of it was sold. */
function roundStarts(firstDay: Day, today: Day): Day[] {
  const starts: Day[] = [];
  for (let day = firstDay; daysBetween(day, today) >= 7; day = addDays(day, ROUND_DAYS)) starts.push(day);
  return starts;
}

const isWithin = (day: Day, from: Day, to: Day): boolean => day >= from && day < to;

function roundOf(
  cast: CooperativeCast,
  ids: { productId: string; mixedLotId: string; households: DemoCooperative['households'] },
  start: Day,
  needG: number,
  random: RandomSource,
): DemoRound {
  const shareG = Math.max(LEAST_HARVEST_G, Math.ceil((needG * PLENTY) / ids.households.length / 1000) * 1000);
  const harvests = ids.households.map((household, index) => {
    const harvestedOn = addDays(start, index % 3);
    const lot: LotHarvest = {
      id: random.uuid(at(harvestedOn, 8 + index)),
      productId: household.productId,
      plot: { name: `${household.name.slice(0, 1)}家${cast.plot}`, areaMu: random.int(8, 60) / 4 },
      harvestedOn,
      quantityG: shareG + random.int(0, 8) * 500,
      inputs: [
        {
          id: random.uuid(at(harvestedOn, 7)),
          kind: cast.input.kind,
          name: cast.input.name,
          appliedOn: addDays(harvestedOn, -cast.input.safetyIntervalDays - random.int(6, 20)),
          safetyIntervalDays: cast.input.safetyIntervalDays,
        },
      ],
    };
    return { householdId: household.id, lot };
  });
  const wholeG = harvests.reduce((sum, { lot }) => sum + lot.quantityG, 0);
  const mixedOn = addDays(start, 3);
  const mix: LotTransform = {
    id: random.uuid(at(mixedOn, 10)),
    mode: 'mix',
    at: new Date(at(mixedOn, 10)).toISOString(),
    inputs: harvests.map(({ lot }) => ({ lotId: lot.id, quantityG: lot.quantityG })),
    // What is bruised is sorted out.
    outputs: [{ id: ids.mixedLotId, productId: ids.productId, quantityG: Math.floor(wholeG * 0.97) }],
  };
  return { harvests, mix, mixedLotId: ids.mixedLotId, testedOn: mixedOn };
}

function saleOf(
  cast: CooperativeCast,
  ids: { sellerId: string; productId: string; mixedLotId: string },
  parcel: Parcel,
  random: RandomSource,
): DemoSale {
  const paidMs = parcel.acceptedMs - random.between(4, 22) * 3_600_000;
  const quantity = random.weighted({ 1: 7, 2: 3, 3: 1 });
  const units = Number(quantity);
  const quantityG = units * cast.unitWeightG;
  const amountFen = units * cast.unitPriceFen;
  const { city, province } = random.pick(DEMO_CITIES);
  const weightG = quantityG + 300;
  const far = /新疆|云南/.test(province) ? 2 : 1;
  const order: OrderInput = {
    id: random.uuid(paidMs),
    channel: random.weighted({ taobao: 3, pinduoduo: 4, douyin: 3, jd: 1, f832: 2, wechat: 2 }),
    channelOrderNo: `D${random.digits(17)}`,
    sellerId: ids.sellerId,
    paidAt: new Date(paidMs).toISOString(),
    buyer: { name: random.pick(BUYERS), phone: `1990009${random.digits(4)}`, address: '示范路1号院2栋303室', province, city },
    freightFen: 0,
    lines: [
      {
        id: random.uuid(paidMs),
        productId: ids.productId,
        sku: `${cast.product} ${cast.spec}`,
        quantity: units,
        weightG: quantityG,
        amountFen,
      },
    ],
  };
  return {
    order,
    lotId: ids.mixedLotId,
    quantityG,
    waybill: parcel.waybill,
    carrierCode: parcel.carrierCode,
    weightG,
    freightFen: far * (280 + Math.ceil(weightG / 1000) * random.int(70, 110)),
    packedAt: new Date(parcel.acceptedMs - random.between(0.5, 3) * 3_600_000).toISOString(),
    refundFen: random.chance(REFUND_RATE) ? Math.floor(amountFen / 2) : 0,
    refundedAt: new Date(parcel.acceptedMs + 5 * 86_400_000).toISOString(),
  };
}

/** What 快递100 tells of the parcels that were sold: out of the county after a day, signed for within five, as far as that has happened. */
export function deliveryPushes(cooperatives: readonly DemoCooperative[], untilMs: number): DemoPush[] {
  return cooperatives.flatMap(({ sales }) =>
    sales.flatMap(({ waybill, carrierCode, packedAt, order }) => {
      const random = new RandomSource(`delivery/${waybill}`);
      const packedMs = Date.parse(packedAt);
      const lines = [
        { atMs: packedMs + random.between(34, 44) * 3_600_000, code: '1002', context: '快件离开【示范市转运中心】' },
        {
          atMs: packedMs + random.between(60, 120) * 3_600_000,
          code: '301',
          context: `【${order.buyer.city ?? ''}】快件已签收，签收人：本人`,
        },
      ].filter(({ atMs }) => atMs < untilMs);
      const last = lines.at(-1);
      const com = COMPANY[carrierCode as keyof typeof COMPANY];
      if (!last || !com) return [];
      const data = [...lines].reverse().map(({ atMs, code, context }) => {
        const time = localTime(atMs);
        return { time, ftime: time, context, status: '', statusCode: code, areaCode: '' };
      });
      const done = last.code === '301';
      const lastResult = { message: 'ok', nu: waybill, ischeck: done ? '1' : '0', com, status: '200', state: last.code, data };
      const param = JSON.stringify({
        status: done ? 'shutdown' : 'polling',
        billstatus: done ? 'check' : 'got',
        message: '',
        lastResult,
      });
      return [{ param, receivedAtMs: last.atMs + 60_000 }];
    }),
  );
}

const BUYERS = ['甲示范', '乙示范', '丙示范', '丁示范', '欧阳示范'];
