/** Parcels that move while one watches: a day's way in a few minutes. */
import type { Scan } from '#contracts';
import {
  COUNTY_CENTRE,
  DEMO_CARRIERS,
  townCentre,
  type DemoCarrier,
  type DemoCounty,
  type DemoVillage,
  type VillageCase,
} from './county.model.js';
import type { RandomSource } from './random.source.js';
import { MARKET_SHARE, waybillOf } from './waybill.generator.js';

/** Villages whose service does not depend on the day on which the county was loaded. */
const LIVELY: readonly VillageCase[] = ['steady', 'showcase', 'neighbour', 'post_only', 'flooded'];
const SCANS_PER_PARCEL = 4;
const OUTBOUND_SHARE = 0.08;
/** The village of the `station` login gets more than its share, so that its page moves. */
const SHOWCASE_SHARE = 0.1;
/** Serials of live parcels, apart from those of the history. */
const LIVE_SERIALS = { from: 8_000_000, to: 8_999_999 };

/** Who sends a scan: the keeper of the demo's station, or the county for everybody else. */
export type LiveSender = 'station' | 'county';

export interface LiveScan {
  readonly sender: LiveSender;
  readonly scan: Scan;
}

interface Step {
  readonly dueMs: number;
  readonly sender: LiveSender;
  readonly fields: Omit<Scan, 'id' | 'occurredAt'>;
}

interface Place {
  readonly village: DemoVillage;
  readonly stationCode: string;
  readonly carriers: readonly DemoCarrier[];
}

/** Hands out scans that are due; it has no clock of its own. */
export class LiveTraffic {
  private readonly places: readonly Place[];
  private readonly showcase: Place;
  private steps: Step[] = [];
  /** Parts of a parcel owed since the last tick. */
  private owed = 0;

  constructor(
    county: DemoCounty,
    private readonly random: RandomSource,
  ) {
    this.places = county.villages
      .filter((village) => LIVELY.includes(village.case))
      .flatMap((village) => placeOf(county, village));
    const showcase = this.places.find((place) => place.village.case === 'showcase');
    if (!showcase) throw new Error('No village for the station login');
    this.showcase = showcase;
  }

  /** Starts as many parcels as the rate asks for in this time, and returns every scan that is due, at most `limit`. */
  tick(nowMs: number, elapsedMs: number, ratePerSecond: number, limit: number): LiveScan[] {
    this.owed += (ratePerSecond * elapsedMs) / 1000 / SCANS_PER_PARCEL;
    for (; this.owed >= 1; this.owed--) this.steps.push(...this.parcel(nowMs));
    const due = this.steps
      .filter((step) => step.dueMs <= nowMs)
      .sort((left, right) => left.dueMs - right.dueMs)
      .slice(0, limit);
    const taken = new Set(due);
    this.steps = this.steps.filter((step) => !taken.has(step));
    return due.map(({ sender, fields }) => ({
      sender,
      scan: { id: this.random.uuid(nowMs), occurredAt: new Date(nowMs).toISOString(), ...fields },
    }));
  }

  private parcel(nowMs: number): Step[] {
    const { random } = this;
    const place = random.chance(SHOWCASE_SHARE) ? this.showcase : random.pick(this.places);
    const weights = Object.fromEntries(place.carriers.map((carrier) => [carrier, MARKET_SHARE[carrier]])) as Partial<
      Record<DemoCarrier, number>
    >;
    const carrierCode = random.weighted(weights);
    const waybill = waybillOf(carrierCode, random.int(LIVE_SERIALS.from, LIVE_SERIALS.to), random);
    return random.chance(OUTBOUND_SHARE)
      ? this.outbound(place, waybill, carrierCode, nowMs)
      : this.inbound(place, waybill, carrierCode, nowMs);
  }

  private inbound({ village, stationCode }: Place, waybill: string, carrierCode: DemoCarrier, nowMs: number): Step[] {
    const { random } = this;
    const townMs = nowMs + random.between(5, 30) * 1000;
    const shelvedMs = townMs + random.between(10, 60) * 1000;
    const sender = this.senderAt(stationCode);
    const villageCode = village.code;
    const shelfCode = `${random.int(1, 4)}-${random.int(1, 4)}-${random.digits(4)}`;
    return [
      {
        dueMs: nowMs,
        sender: 'county',
        fields: { kind: 'arrived_county', waybill, carrierCode, villageCode, stationCode: COUNTY_CENTRE },
      },
      {
        dueMs: townMs,
        sender: 'county',
        fields: { kind: 'arrived_town', waybill, villageCode, stationCode: townCentre(village.parentCode) },
      },
      { dueMs: shelvedMs, sender, fields: { kind: 'shelved', waybill, villageCode, stationCode, shelfCode } },
      {
        dueMs: shelvedMs + random.between(30, 240) * 1000,
        sender,
        fields: { kind: 'picked_up', waybill, stationCode, proof: 'pickup_code' },
      },
    ];
  }

  private outbound({ village, stationCode }: Place, waybill: string, carrierCode: DemoCarrier, nowMs: number): Step[] {
    const { random } = this;
    const townMs = nowMs + random.between(20, 60) * 1000;
    const countyMs = townMs + random.between(10, 60) * 1000;
    const produce = { categoryCode: '010301', weightG: random.int(5, 120) * 100, originVillageCode: village.code };
    return [
      {
        dueMs: nowMs,
        sender: this.senderAt(stationCode),
        fields: { kind: 'accepted', waybill, carrierCode, stationCode, produce },
      },
      { dueMs: townMs, sender: 'county', fields: { kind: 'arrived_town', waybill, stationCode: townCentre(village.parentCode) } },
      { dueMs: countyMs, sender: 'county', fields: { kind: 'arrived_county', waybill, stationCode: COUNTY_CENTRE } },
      {
        dueMs: countyMs + random.between(5, 30) * 1000,
        sender: 'county',
        fields: { kind: 'dispatched', waybill, stationCode: COUNTY_CENTRE },
      },
    ];
  }

  private senderAt(stationCode: string): LiveSender {
    return stationCode === this.showcase.stationCode ? 'station' : 'county';
  }
}

function placeOf(county: DemoCounty, village: DemoVillage): Place[] {
  const relations = county.relations.filter((relation) => relation.villageCode === village.code && relation.validTo === null);
  const carriers = DEMO_CARRIERS.filter((carrier) => relations.some((relation) => relation.carrierCode === carrier));
  const stationCode = relations[0]?.stationCode;
  return stationCode && carriers.length > 0 ? [{ village, stationCode, carriers }] : [];
}
