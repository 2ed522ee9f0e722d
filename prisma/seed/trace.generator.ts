/** What 快递100 would have pushed about some of the county's parcels: the whole trace each time, newest first (docs/domain/carriers.md). */
import { addDays, dayOf } from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import { DEMO_CARRIERS, type DemoCarrier, type DemoCounty } from './county.model.js';
import type { DemoScan } from './parcel.journey.js';
import { RandomSource } from './random.source.js';
import { waybillOf } from './waybill.generator.js';

/** Name of each carrier at 快递100. */
export const COMPANY: Readonly<Record<DemoCarrier, string>> = {
  POSTAL: 'youzhengguonei',
  STO: 'shentong',
  YTO: 'yuantong',
  ZTO: 'zhongtong',
  YUNDA: 'yunda',
  JT: 'jtexpress',
};
/** Traces are followed for parcels of these last days. */
const FOLLOWED_DAYS = 20;
const FOLLOWED_SHARE = 0.03;
/** Parcels that a provider knows and that have not reached the county yet. */
const ON_THE_WAY = 60;
/** Serials above all those of scanned parcels. */
const FIRST_SERIAL = 9_000_000;
/** Share of the parcels still on a shelf whose carrier claims that they were signed for. */
const FALSE_CLAIMS = 0.3;
const SIGNED = { code: '301', context: '快件已签收，签收人：本人' };
const HOUR_MS = 3_600_000;

/** A push: its `param`, and when it came. */
export interface DemoPush {
  readonly param: string;
  readonly receivedAtMs: number;
}

interface TraceLine {
  readonly atMs: number;
  readonly code: string;
  readonly context: string;
}

interface Followed {
  readonly waybill: string;
  readonly carrier: DemoCarrier;
  readonly random: RandomSource;
  readonly lines: TraceLine[];
  /** Since when it lies on a shelf. */
  shelvedMs?: number | undefined;
}

/** Watches the scans go by and tells afterwards what the provider would have said about some of them. */
export class TraceGenerator {
  private readonly random: RandomSource;
  private readonly followed = new Map<string, Followed>();
  private readonly firstDay: string;
  private readonly stationNames: ReadonlyMap<string, string>;

  constructor(
    county: DemoCounty,
    private readonly untilMs: number,
    seed: string = DEMO_SEED,
  ) {
    this.random = new RandomSource(`${seed}/traces`);
    this.firstDay = addDays(county.calendar.today, -FOLLOWED_DAYS);
    this.stationNames = new Map(county.stations.map((station) => [station.code, station.name]));
  }

  /** Takes note of a scan. */
  watch({ scan }: DemoScan): void {
    const { waybill, carrierCode, kind } = scan;
    if (!waybill) return;
    const occurredMs = Date.parse(scan.occurredAt);
    const followed = this.followed.get(waybill);
    if (followed) this.follow(followed, scan, occurredMs);
    else if (kind === 'arrived_county' && carrierCode && dayOf(occurredMs) >= this.firstDay)
      this.begin(waybill, carrierCode, occurredMs);
  }

  /** A push about every parcel that was followed, and about those still on their way to the county. */
  pushes(): DemoPush[] {
    const coming = Array.from({ length: ON_THE_WAY }, (_, index) => this.onTheWay(index));
    return [...this.followed.values(), ...coming].map((parcel) => this.pushOf(parcel));
  }

  private begin(waybill: string, carrierCode: string, occurredMs: number): void {
    const carrier = DEMO_CARRIERS.find((known) => known === carrierCode);
    const random = this.random.fork(waybill);
    if (!carrier || !random.chance(FOLLOWED_SHARE)) return;
    this.followed.set(waybill, {
      waybill,
      carrier,
      random,
      lines: [...linesBefore(occurredMs, random), arrival(occurredMs + HOUR_MS / 6)],
    });
  }

  private follow(followed: Followed, scan: DemoScan['scan'], occurredMs: number): void {
    const { lines, random } = followed;
    const afterMs = occurredMs + random.between(1, 15) * 60_000;
    const station = this.stationNames.get(scan.stationCode ?? '') ?? '';
    if (scan.kind === 'arrived_town')
      lines.push({ atMs: afterMs, code: '5', context: `快件正在派送途中，派件员电话1990000${random.digits(4)}` });
    if (scan.kind === 'shelved') {
      // Older traces label an arrival at a station as on the way; only the text tells.
      const code = random.chance(0.1) ? '0' : '501';
      lines.push({ atMs: afterMs, code, context: `快件已由【${station}】代收，请及时取件` });
      followed.shelvedMs = afterMs;
    }
    if (scan.kind === 'picked_up' || scan.kind === 'returned') followed.shelvedMs = undefined;
    if (scan.kind === 'picked_up' && random.chance(0.9)) lines.push({ ...SIGNED, atMs: afterMs });
    if (scan.kind === 'exception_open' && scan.exception === 'refused')
      lines.push({ atMs: afterMs, code: '203', context: '收件人拒收' });
    if (scan.kind === 'returned') lines.push({ atMs: afterMs, code: '6', context: '快件退回中' });
  }

  private onTheWay(index: number): Followed {
    const random = this.random.fork(`coming/${index}`);
    const carrier = random.pick(DEMO_CARRIERS);
    const lines = linesBefore(this.untilMs + random.between(2, 40) * HOUR_MS, random);
    // A code that no map knows goes to the mapping queue.
    if (index === 0) lines.push({ atMs: this.untilMs - HOUR_MS, code: '1099', context: '快件已转入乡镇客货邮线路' });
    return { waybill: waybillOf(carrier, FIRST_SERIAL + index, random), carrier, random, lines };
  }

  private pushOf({ waybill, carrier, lines, shelvedMs, random }: Followed): DemoPush {
    // Some couriers report a signature while the parcel still lies on the shelf (虚假签收).
    if (shelvedMs !== undefined && random.chance(FALSE_CLAIMS)) lines.push({ ...SIGNED, atMs: shelvedMs + 2 * HOUR_MS });
    const known = lines.filter((line) => line.atMs < this.untilMs).sort((left, right) => right.atMs - left.atMs);
    const data = known.map(({ atMs, code, context }) => ({
      time: localTime(atMs),
      ftime: localTime(atMs),
      context,
      status: '',
      statusCode: code,
      areaCode: '',
    }));
    const state = known[0]?.code ?? '0';
    const done = state === SIGNED.code;
    const param = JSON.stringify({
      status: done ? 'shutdown' : 'polling',
      billstatus: done ? 'check' : 'got',
      message: '',
      lastResult: { message: 'ok', nu: waybill, ischeck: done ? '1' : '0', com: COMPANY[carrier], status: '200', state, data },
    });
    return { param, receivedAtMs: Math.min(this.untilMs, (known[0]?.atMs ?? this.untilMs) + 60_000) };
  }
}

/** From the sender to the county's doorstep. */
function linesBefore(countyMs: number, random: RandomSource): TraceLine[] {
  const pickedMs = countyMs - random.between(40, 75) * HOUR_MS;
  const city = random.pick(['杭州市', '广州市', '义乌市', '成都市', '临沂市', '石家庄市']);
  return [
    { atMs: pickedMs, code: '103', context: `【${city}】快件已被揽收，揽收员电话1990000${random.digits(4)}` },
    { atMs: pickedMs + 9 * HOUR_MS, code: '1002', context: `快件离开【${city}转运中心】，发往【示范市转运中心】` },
    { atMs: countyMs - random.between(4, 9) * HOUR_MS, code: '1001', context: '快件到达【示范市转运中心】' },
  ];
}

function arrival(atMs: number): TraceLine {
  return { atMs, code: '1001', context: '快件到达【示范县寄递共配中心】' };
}

/** `2026-11-23 08:05:00` in Asia/Shanghai. */
export function localTime(instantMs: number): string {
  return new Date(instantMs + 8 * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
}
