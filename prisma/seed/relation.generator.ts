/** Who brings parcels to a village, in which mode and since when. */
import { addDays, type Day, type ServiceMode } from '#contracts';
import type { SettledVillage } from './county.generator.js';
import { DEMO_CARRIERS, type DemoCalendar, type DemoCarrier, type DemoRelation } from './county.model.js';
import type { RandomSource } from './random.source.js';

/** 百世's domestic express ended; 极兔 took it over (parameter `carrierSuccessors`). */
const BEST_ENDED: Day = '2021-12-01';

/** The relations of one village over all time; an uncovered village has none. */
export function relationsOf(entry: SettledVillage, calendar: DemoCalendar, random: RandomSource): DemoRelation[] {
  const { village, station } = entry;
  if (!station) return [];
  const ordinary = modeOf(entry, random);
  const validFrom = later(station.validFrom, village.validFrom);
  const base = { villageCode: village.code, stationCode: station.code, validFrom, validTo: endOf(entry, calendar) };
  const current = carriersOf(entry, random).map((carrierCode) => ({
    ...base,
    carrierCode,
    mode: modeFor(carrierCode, ordinary, random),
  }));
  const hadBest = station.validFrom < BEST_ENDED && current.some((relation) => relation.carrierCode === 'JT');
  return hadBest ? withBest(current) : current;
}

function later(left: Day, right: Day): Day {
  return left > right ? left : right;
}

/** 极兔 took over from 百世 at stations that are old enough. */
function withBest(relations: readonly DemoRelation[]): DemoRelation[] {
  return relations.flatMap((relation) =>
    relation.carrierCode === 'JT'
      ? [
          { ...relation, carrierCode: 'BEST', validTo: BEST_ENDED },
          { ...relation, validFrom: BEST_ENDED },
        ]
      : [relation],
  );
}

function endOf({ village }: SettledVillage, calendar: DemoCalendar): Day | null {
  if (village.case === 'relapsed_last_month') return addDays(calendar.lastMonth.from, 3);
  return village.validTo;
}

/** Postal everywhere; beside it the express brands, all of them at every third station. */
function carriersOf({ village }: SettledVillage, random: RandomSource): DemoCarrier[] {
  const [postal, ...express] = DEMO_CARRIERS;
  switch (village.case) {
    case 'post_only':
      return [postal];
    case 'showcase':
      return [...DEMO_CARRIERS];
    case 'mobile':
    case 'nominal_only':
    case 'check_in_only':
      return [postal, ...random.shuffle(express).slice(0, random.int(1, 2))];
    case 'steady':
    case 'neighbour':
    case 'far_neighbour':
    case 'relapsed_last_month':
    case 'relapsed_this_month':
    case 'flooded':
    case 'long_gap':
    case 'opened_lately':
    case 'merged_away':
    case 'merged_into':
      return random.chance(0.35) ? [...DEMO_CARRIERS] : [postal, ...random.shuffle(express).slice(0, random.int(2, 4))];
    case 'uncovered':
      return [];
  }
}

/** How the village's station is run; it decides the resident rate (M3). */
function modeOf({ village, cast, station }: SettledVillage, random: RandomSource): ServiceMode {
  if (village.case === 'mobile') return 'mobile_round';
  if (village.case === 'post_only') return random.chance(0.5) ? 'resident_station' : 'postal_express';
  if (cast.hostCell !== undefined || station?.unitCode !== village.code)
    return random.chance(0.5) ? 'neighbour_agent' : 'inter_express';
  if (village.case === 'showcase') return 'resident_station';
  return random.weighted<ServiceMode>({ resident_station: 62, postal_express: 14, retail_coop: 12, bus_freight_post: 12 });
}

/** Express brands may share the way of another carrier although the station is its own. */
function modeFor(carrier: DemoCarrier, ordinary: ServiceMode, random: RandomSource): ServiceMode {
  if (carrier === 'POSTAL' || ordinary !== 'resident_station') return ordinary;
  return random.weighted<ServiceMode>({ resident_station: 5, inter_express: 3, postal_express: 2 });
}
