/** Three months of parcels, day by day in the order in which the county's server received the scans. */
import { addDays, type Day, type Scan } from '#contracts';
import {
  DEMO_CARRIERS,
  villageStation,
  type DemoCarrier,
  type DemoCounty,
  type DemoRelation,
  type DemoStation,
  type DemoVillage,
} from './county.model.js';
import { DEMO_SEED } from './county.generator.js';
import { inboundScans, outboundScans, type DemoScan, type Mishap } from './parcel.journey.js';
import { RandomSource } from './random.source.js';
import { at, ServicePattern, volumeFactor } from './service.pattern.js';
import { MARKET_SHARE, waybillOf } from './waybill.generator.js';

/** Chance of each mishap; the rest goes well. */
const MISHAPS: Readonly<Record<Mishap, number>> = {
  none: 93.4,
  returned: 1,
  unreachable: 1.2,
  damaged: 0.3,
  misrouted: 0.4,
  never_picked_up: 2.3,
  unassigned: 1.4,
};
/** How long nobody may come to a village before its parcels wait for their recipients in the town. */
const PATIENCE_DAYS = 10;
/** A phone forgotten in a drawer: its scans of one day come in so late that they are quarantined. */
const FORGOTTEN_MS = 50 * 86_400_000;

/** A village on one day, with what its parcels need to know. */
interface VillageDay {
  readonly village: DemoVillage;
  readonly day: Day;
  readonly station: DemoStation | undefined;
  readonly carriers: readonly DemoCarrier[];
  readonly random: RandomSource;
}

/** Makes the scans of a county's history. */
export class ParcelGenerator {
  private readonly random: RandomSource;
  private readonly pattern: ServicePattern;
  private readonly stations: ReadonlyMap<string, DemoStation>;
  private readonly relations = new Map<string, DemoRelation[]>();
  private serial = 0;

  constructor(
    private readonly county: DemoCounty,
    seed: string = DEMO_SEED,
  ) {
    this.random = new RandomSource(`${seed}/parcels`);
    this.pattern = new ServicePattern(county.calendar, this.random.fork('pattern'));
    this.stations = new Map(county.stations.map((station) => [station.code, station]));
    for (const relation of county.relations) {
      const list = this.relations.get(relation.villageCode);
      if (list) list.push(relation);
      else this.relations.set(relation.villageCode, [relation]);
    }
  }

  /**
   * The scans of each day, in order of receipt.
   * @param untilMs scans received later are not made yet
   */
  *days(untilMs: number): Generator<{ day: Day; scans: DemoScan[] }> {
    const { firstDay, today } = this.county.calendar;
    let waiting: DemoScan[] = [];
    for (let day = firstDay; day <= today; day = addDays(day, 1)) {
      waiting.push(...this.scansOf(day));
      const endMs = Math.min(untilMs, at(day, 24));
      const due = waiting.filter((scan) => scan.receivedAtMs < endMs);
      waiting = waiting.filter((scan) => scan.receivedAtMs >= endMs && scan.receivedAtMs < untilMs);
      yield { day, scans: due.sort((left, right) => left.receivedAtMs - right.receivedAtMs) };
    }
  }

  /** All scans of the parcels that begin their way on the day. */
  private scansOf(day: Day): DemoScan[] {
    return this.county.villages
      .filter((village) => village.validFrom <= day && (village.validTo === null || day < village.validTo))
      .flatMap((village) => {
        const today = this.villageDay(village, day);
        const scans = [...this.inbound(today), ...this.outbound(today), ...this.checkIns(today)];
        return this.isForgotten(village, day)
          ? scans.map((entry) => ({ ...entry, receivedAtMs: entry.receivedAtMs + FORGOTTEN_MS }))
          : scans;
      });
  }

  private villageDay(village: DemoVillage, day: Day): VillageDay {
    const active = (this.relations.get(village.code) ?? []).filter(
      (relation) => relation.validFrom <= day && (relation.validTo === null || day < relation.validTo),
    );
    const known = DEMO_CARRIERS.filter((carrier) => active.some((relation) => relation.carrierCode === carrier));
    return {
      village,
      day,
      station: this.stations.get(active[0]?.stationCode ?? ''),
      carriers: known.length > 0 ? known : DEMO_CARRIERS,
      random: this.random.fork(`${village.code}/${day}`),
    };
  }

  private inbound(today: VillageDay): DemoScan[] {
    const { village, day, random } = today;
    const count = random.count(village.parcelsPerDay * volumeFactor(day));
    return Array.from({ length: count }, () => {
      const carrier = this.carrierOf(today);
      const mishap = random.weighted(MISHAPS);
      const plan = {
        waybill: waybillOf(carrier, ++this.serial, random),
        carrier,
        village,
        station: today.station,
        day,
        deliveryDay: this.deliveryDay(today),
        mishap,
        wrongStation: mishap === 'misrouted' ? this.anotherStation(today) : undefined,
      };
      return inboundScans(plan, random);
    }).flat();
  }

  private outbound(today: VillageDay): DemoScan[] {
    const { village, day, station, random } = today;
    if (!station || station.unitCode !== village.code || !this.pattern.serves(village, day, station.validFrom)) return [];
    const eager = new RandomSource(`outbound/${village.code}`).between(-0.12, 0.45);
    if (eager <= 0 || village.case === 'mobile') return [];
    return Array.from({ length: random.count(village.case === 'showcase' ? 1.2 : eager) }, () => {
      const carrier = this.carrierOf(today);
      return outboundScans(waybillOf(carrier, ++this.serial, random), carrier, village, station, day, random);
    }).flat();
  }

  private checkIns({ village, day, station, random }: VillageDay): DemoScan[] {
    if (!station || station.unitCode !== village.code || day < station.validFrom || !this.pattern.checksIn(village, day))
      return [];
    const occurredMs = at(day, random.between(8, 9.5));
    const jitter = (): number => random.between(-0.0006, 0.0006);
    const scan: Scan = {
      id: random.uuid(occurredMs),
      kind: 'check_in',
      stationCode: station.code,
      occurredAt: new Date(occurredMs).toISOString(),
      location: { latitude: station.latitude + jitter(), longitude: station.longitude + jitter(), accuracyM: random.int(5, 40) },
    };
    return [{ scan, receivedAtMs: occurredMs + 2000, stationCode: station.code, townCode: village.parentCode }];
  }

  private carrierOf({ carriers, random }: VillageDay): DemoCarrier {
    return random.weighted<DemoCarrier>(Object.fromEntries(carriers.map((carrier) => [carrier, MARKET_SHARE[carrier]])));
  }

  /** The next day on which somebody goes there: the same day for most parcels. */
  private deliveryDay({ village, day, station, random }: VillageDay): Day | undefined {
    if (!station) return undefined;
    const first = random.chance(0.86) ? 0 : 1;
    for (let wait = first; wait <= first + PATIENCE_DAYS; wait++) {
      const candidate = addDays(day, wait);
      if (candidate >= (station.validTo ?? '9999')) return undefined;
      if (candidate >= station.validFrom && this.pattern.serves(village, candidate, station.validFrom)) return candidate;
    }
    return undefined;
  }

  /** An ordinary village's station of the same town, open on that day. */
  private anotherStation({ village, day, station, random }: VillageDay): DemoStation | undefined {
    const others = this.county.villages
      .filter((other) => other.case === 'steady' && other.parentCode === village.parentCode)
      .flatMap((other) => this.stations.get(villageStation(other.code)) ?? [])
      .filter((other) => other.code !== station?.code && other.validFrom <= day);
    return others.length > 0 ? random.pick(others) : undefined;
  }

  private isForgotten(village: DemoVillage, day: Day): boolean {
    return village.case === 'long_gap' && day === addDays(this.county.calendar.firstDay, 6);
  }
}
