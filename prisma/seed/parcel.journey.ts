/** One parcel's way, as the scans that people made of it. */
import type { Day, Scan } from '#contracts';
import { COUNTY_CENTRE, townCentre, type DemoCarrier, type DemoStation, type DemoVillage } from './county.model.js';
import { at, whenOpen } from './service.pattern.js';
import type { RandomSource } from './random.source.js';

/** A scan as the ingest takes it, and when it reached the county's server. */
export interface DemoScan {
  readonly scan: Scan;
  readonly receivedAtMs: number;
  /** Station that scanned it; its keeper or its sorting staff is the reporter. */
  readonly stationCode: string;
  /** Town of the village that the parcel is for or from. */
  readonly townCode: string;
}

/** What happens to a parcel beside the ordinary. */
export type Mishap = 'none' | 'returned' | 'unreachable' | 'damaged' | 'misrouted' | 'never_picked_up' | 'unassigned';

/** Where and when an inbound parcel goes. */
export interface InboundPlan {
  readonly waybill: string;
  readonly carrier: DemoCarrier;
  readonly village: DemoVillage;
  readonly station: DemoStation | undefined;
  /** Day of arrival in the county. */
  readonly day: Day;
  /** Day on which it comes into the village; absent when nobody brings it there. */
  readonly deliveryDay: Day | undefined;
  readonly mishap: Mishap;
  /** Station that a misrouted parcel reaches first. */
  readonly wrongStation: DemoStation | undefined;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Overdue tier at which a keeper reports a parcel that nobody fetches. */
const OVERDUE_MS = 72 * HOUR_MS;
const LATE_UPLOAD = 0.012;
const DOUBLE_SCAN = 0.015;
const CLOCK_WRONG = 0.0004;

type Fields = Omit<Scan, 'id' | 'occurredAt' | 'stationCode' | 'waybill'>;

/** Collects the scans of one waybill. */
export class Journey {
  readonly scans: DemoScan[] = [];

  constructor(
    private readonly waybill: string,
    readonly townCode: string,
    private readonly random: RandomSource,
  ) {}

  /** Adds one scan. Some phones were offline and sent it hours later; a very few had a wrong date. */
  add(stationCode: string, occurredMs: number, fields: Fields): void {
    const { random } = this;
    const offline = fields.kind !== 'arrived_county' && random.chance(LATE_UPLOAD);
    const receivedAtMs = occurredMs + (offline ? random.between(3, 60) * HOUR_MS : random.between(1, 30) * 1000);
    const claimedMs = random.chance(CLOCK_WRONG) ? occurredMs + DAY_MS : occurredMs;
    const scan: Scan = {
      id: random.uuid(claimedMs),
      waybill: this.waybill,
      occurredAt: new Date(claimedMs).toISOString(),
      stationCode,
      ...fields,
    };
    this.scans.push({ scan, receivedAtMs, stationCode, townCode: this.townCode });
  }
}

/** All scans of an inbound parcel, also those that lie in the future of the history. */
export function inboundScans(plan: InboundPlan, random: RandomSource): DemoScan[] {
  const journey = new Journey(plan.waybill, plan.village.parentCode, random);
  const town = townCentre(plan.village.parentCode);
  const address = plan.mishap === 'unassigned' ? {} : { villageCode: plan.village.code };
  const countyMs = at(plan.day, random.between(5, 9.5));
  const townMs = countyMs + random.between(1.2, 3.6) * HOUR_MS;
  journey.add(COUNTY_CENTRE, countyMs, { kind: 'arrived_county', carrierCode: plan.carrier, ...address });
  journey.add(town, townMs, { kind: 'arrived_town', ...address });
  const neverResolved = plan.mishap === 'unassigned' && random.chance(0.6);
  if (plan.deliveryDay === undefined || !plan.station || neverResolved) fetchInTown(journey, town, townMs, plan, random);
  else bringToVillage(journey, plan.station, townMs, plan.deliveryDay, plan, random);
  return journey.scans;
}

/** Nobody brings it further: the recipient comes to the town within days, some never do. */
function fetchInTown(journey: Journey, town: string, townMs: number, plan: InboundPlan, random: RandomSource): void {
  journey.add(town, townMs + random.between(5, 40) * MINUTE_MS, { kind: 'shelved', shelfCode: shelf(random) });
  if (plan.mishap === 'never_picked_up') return;
  const fetchedMs = whenOpen(townMs + random.between(4, 100) * HOUR_MS, random);
  if (fetchedMs - townMs > OVERDUE_MS)
    journey.add(town, townMs + OVERDUE_MS + random.between(0, 3) * HOUR_MS, {
      kind: 'exception_open',
      exception: 'overdue_at_station',
    });
  journey.add(town, fetchedMs, { kind: 'picked_up', proof: 'pickup_code' });
}

function bringToVillage(
  journey: Journey,
  station: DemoStation,
  townMs: number,
  deliveryDay: Day,
  plan: InboundPlan,
  random: RandomSource,
): void {
  const address = { villageCode: plan.village.code };
  let arrivedMs = Math.max(townMs + random.between(0.8, 2.5) * HOUR_MS, at(deliveryDay, random.between(9.5, 14)));
  if (plan.mishap === 'misrouted' && plan.wrongStation) {
    journey.add(plan.wrongStation.code, arrivedMs, { kind: 'arrived_village' });
    journey.add(plan.wrongStation.code, arrivedMs + 4 * MINUTE_MS, { kind: 'exception_open', exception: 'misrouted' });
    arrivedMs = whenOpen(arrivedMs + random.between(16, 26) * HOUR_MS, random);
  }
  if (plan.village.case === 'mobile') {
    journey.add(station.code, arrivedMs, { kind: 'arrived_village', ...address });
    handOver(journey, station, arrivedMs, random.between(0.05, 1.5) * HOUR_MS, plan.mishap, random);
    return;
  }
  if (random.chance(0.22)) journey.add(station.code, arrivedMs, { kind: 'arrived_village', ...address });
  const shelvedMs = arrivedMs + random.between(3, 25) * MINUTE_MS;
  const shelfCode = shelf(random);
  journey.add(station.code, shelvedMs, { kind: 'shelved', shelfCode, ...address });
  if (random.chance(DOUBLE_SCAN))
    journey.add(station.code, shelvedMs + random.between(0.3, 6) * MINUTE_MS, { kind: 'shelved', shelfCode });
  handOver(journey, station, shelvedMs, -Math.log(1 - random.next()) * 17 * HOUR_MS, plan.mishap, random);
}

/** From the shelf into somebody's hands, or back. */
function handOver(
  journey: Journey,
  station: DemoStation,
  readyMs: number,
  waitMs: number,
  mishap: Mishap,
  random: RandomSource,
): void {
  const dayAfter = (days: number): number => whenOpen(readyMs + days * DAY_MS + random.between(0, 8) * HOUR_MS, random);
  if (mishap === 'never_picked_up') return;
  if (mishap === 'returned') {
    journey.add(station.code, dayAfter(2), { kind: 'exception_open', exception: 'refused' });
    const sentBackMs = dayAfter(4);
    const townMs = sentBackMs + random.between(18, 26) * HOUR_MS;
    journey.add(station.code, sentBackMs, { kind: 'returned' });
    journey.add(townCentre(journey.townCode), townMs, { kind: 'returned' });
    journey.add(COUNTY_CENTRE, townMs + random.between(2, 6) * HOUR_MS, { kind: 'returned' });
    return;
  }
  if (mishap === 'damaged') journey.add(station.code, readyMs + 6 * MINUTE_MS, { kind: 'exception_open', exception: 'damaged' });
  if (mishap === 'unreachable') journey.add(station.code, dayAfter(1), { kind: 'exception_open', exception: 'unreachable' });
  const fetchedMs = mishap === 'unreachable' ? dayAfter(random.int(3, 5)) : whenOpen(readyMs + waitMs, random);
  if (mishap !== 'unreachable' && fetchedMs - readyMs > OVERDUE_MS)
    journey.add(station.code, readyMs + OVERDUE_MS + random.between(0, 2) * HOUR_MS, {
      kind: 'exception_open',
      exception: 'overdue_at_station',
    });
  if (mishap === 'damaged') journey.add(station.code, fetchedMs - MINUTE_MS, { kind: 'exception_close', exception: 'damaged' });
  journey.add(station.code, fetchedMs, {
    kind: 'picked_up',
    proof: random.weighted({ pickup_code: 7, self: 2, named_proxy: 1, photo: 1 }),
  });
}

/** A parcel that leaves the village: taken in at the counter, out of the county the next day. */
export function outboundScans(
  waybill: string,
  carrier: DemoCarrier,
  village: DemoVillage,
  station: DemoStation,
  day: Day,
  random: RandomSource,
): DemoScan[] {
  const journey = new Journey(waybill, village.parentCode, random);
  const acceptedMs = at(day, random.between(9, 17));
  const isProduce = random.chance(0.88);
  const categoryCode = random.weighted({ '010301': 4, '010101': 3, '0201': 2, '0305': 2, '0501': 1 });
  journey.add(station.code, acceptedMs, {
    kind: 'accepted',
    carrierCode: carrier,
    ...(isProduce ? { produce: { categoryCode, weightG: random.int(5, 120) * 100, originVillageCode: village.code } } : {}),
  });
  const townMs = at(day, random.between(32, 35));
  journey.add(townCentre(village.parentCode), townMs, { kind: 'arrived_town' });
  const countyMs = townMs + random.between(1.5, 4) * HOUR_MS;
  journey.add(COUNTY_CENTRE, countyMs, { kind: 'arrived_county' });
  journey.add(COUNTY_CENTRE, countyMs + random.between(3, 8) * HOUR_MS, { kind: 'dispatched' });
  return journey.scans;
}

/** Shelf, layer and number, as keepers write it on the parcel. */
function shelf(random: RandomSource): string {
  return `${random.int(1, 4)}-${random.int(1, 4)}-${random.digits(4)}`;
}
