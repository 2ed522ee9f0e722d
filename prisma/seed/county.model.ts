/** What the demo county consists of: plain data that the loaders turn into calls of the ordinary services. */
import type { Day, ServiceMode, UnitLevel } from '#contracts';

/** Province prefix 99 is never assigned, so no code of the demo can be mistaken for a real place's. */
export const DEMO_COUNTY_CODE = '990101';

/** Carriers at work in the county; 百世 is kept for its history before 极兔 took over its express network. */
export const DEMO_CARRIERS = ['POSTAL', 'STO', 'YTO', 'ZTO', 'YUNDA', 'JT'] as const;
export type DemoCarrier = (typeof DEMO_CARRIERS)[number];

/** GeoJSON polygon in degrees (longitude, latitude), WGS 84: the outer ring first, each ring closed. */
export interface Boundary {
  readonly type: 'Polygon';
  readonly coordinates: readonly (readonly (readonly [number, number])[])[];
}

export interface DemoUnit {
  readonly code: string;
  readonly name: string;
  readonly level: UnitLevel;
  readonly parentCode: string | null;
  readonly urbanRural: '111' | '112' | '121' | '122' | '123' | '210' | '220' | null;
  readonly validFrom: Day;
  /** First day on which the unit no longer exists. */
  readonly validTo: Day | null;
  readonly latitude: number;
  readonly longitude: number;
  readonly boundary: Boundary | null;
}

/** What a village is there to show; docs/DEMO.md says which villages show which. */
export const VILLAGE_CASES = [
  'steady',
  'showcase',
  'neighbour',
  'far_neighbour',
  'mobile',
  'post_only',
  'uncovered',
  'relapsed_last_month',
  'relapsed_this_month',
  'flooded',
  'nominal_only',
  'long_gap',
  'opened_lately',
  'check_in_only',
  'merged_away',
  'merged_into',
] as const;
export type VillageCase = (typeof VILLAGE_CASES)[number];

export interface DemoVillage extends DemoUnit {
  readonly level: 'village';
  readonly parentCode: string;
  readonly case: VillageCase;
  /** Mean of inbound parcels addressed to the village on an ordinary day. */
  readonly parcelsPerDay: number;
  /** Kilometres from the county's seat. */
  readonly remoteKm: number;
}

export interface DemoStation {
  readonly code: string;
  readonly name: string;
  readonly unitCode: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

export interface DemoRelation {
  readonly villageCode: string;
  readonly carrierCode: string;
  readonly mode: ServiceMode;
  readonly stationCode: string;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

export interface DemoSuspension {
  readonly villageCode: string;
  /** First and last day, both included. */
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  /** A request that nobody has decided yet counts for nothing. */
  readonly approved: boolean;
}

export interface DemoMerger {
  readonly on: Day;
  readonly predecessorCodes: readonly [string, string];
  readonly successorCode: string;
}

export interface DemoUser {
  readonly username: string;
  readonly role: 'admin' | 'county' | 'town' | 'station' | 'producer';
  readonly unitCode: string;
  readonly stationCodes: readonly string[];
  readonly personName: string;
  readonly phone: string;
}

/** Days that everything else is counted from. */
export interface DemoCalendar {
  readonly today: Day;
  /** First day with parcels, the first of a month: 70 to 101 days before today, so that two whole months are always inside. */
  readonly firstDay: Day;
  readonly lastMonth: { readonly from: Day; readonly to: Day };
  readonly thisMonthFrom: Day;
  readonly flood: { readonly from: Day; readonly to: Day };
  readonly mergedOn: Day;
}

export interface DemoCounty {
  readonly calendar: DemoCalendar;
  /** Province, prefecture, county and towns, from the top. */
  readonly units: readonly DemoUnit[];
  /** Every village there was in the window: 160 today, and the two that merged. */
  readonly villages: readonly DemoVillage[];
  readonly stations: readonly DemoStation[];
  readonly relations: readonly DemoRelation[];
  readonly suspensions: readonly DemoSuspension[];
  readonly merger: DemoMerger;
  readonly users: readonly DemoUser[];
}

/** Code of the county's sorting centre. */
export const COUNTY_CENTRE = `${DEMO_COUNTY_CODE}-0`;
/** Code of a town's sorting centre. */
export const townCentre = (townCode: string): string => `${townCode}-0`;
/** Code of the first station in a village. */
export const villageStation = (villageCode: string): string => `${villageCode}-1`;
