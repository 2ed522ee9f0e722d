/** Makes the whole demo county out of a seed and a day: no clock, no chance, no database. */
import { addMonths, type Day } from '#contracts';
import { demoCalendar } from './demo.calendar.js';
import {
  COUNTY_CENTRE,
  DEMO_COUNTY_CODE,
  townCentre,
  villageStation,
  type DemoCalendar,
  type DemoCounty,
  type DemoMerger,
  type DemoStation,
  type DemoSuspension,
  type DemoUnit,
  type DemoUser,
  type DemoVillage,
} from './county.model.js';
import { boundaryOf, degreesOf, generateMap, type DemoMap } from './map.generator.js';
import { PlaceNames, TOWNS } from './place.names.js';
import { RandomSource } from './random.source.js';
import { relationsOf } from './relation.generator.js';
import { castVillages, type CastVillage } from './village.cast.js';

/** Seed of the county that everybody sees; tests use others too. */
export const DEMO_SEED = 'xiangyi-demo';
/** Units of the demo exist since this day. */
export const FOUNDED: Day = '2020-01-01';

/** A village of the map with what the generators add to it. */
export interface SettledVillage {
  readonly village: DemoVillage;
  readonly cast: CastVillage;
  /** The station that serves it, when one does. */
  readonly station?: DemoStation;
}

/**
 * Generates 示范县: seven towns and one subdistrict, 160 villages today.
 * @param today the day on which the history ends
 */
export function generateCounty(today: Day, seed: string = DEMO_SEED): DemoCounty {
  const random = new RandomSource(seed);
  const calendar = demoCalendar(today);
  const map = generateMap(random.fork('map'));
  const cast = castVillages(map, random.fork('cast'));
  const settled = settle(map, cast, calendar, random.fork('villages'));
  const successor = mergedVillage(map, settled, calendar);
  const all = [...settled, successor];
  const relations = all.flatMap((entry) => relationsOf(entry, calendar, random.fork(`relations/${entry.village.code}`)));
  return {
    calendar,
    units: upperUnits(map, cast),
    villages: all.map((entry) => entry.village).sort((left, right) => (left.code < right.code ? -1 : 1)),
    stations: stationsOf(map, cast, all),
    relations,
    suspensions: suspensionsOf(settled, calendar),
    merger: mergerOf(settled, successor.village, calendar),
    users: usersOf(all),
  };
}

function upperUnits(map: DemoMap, cast: readonly CastVillage[]): DemoUnit[] {
  const cellsOf = (number?: string): number[] =>
    cast.filter((village) => !number || village.townNumber === number).map((village) => village.cell);
  const base = { urbanRural: null, validFrom: FOUNDED, validTo: null, ...degreesOf({ x: 0, y: 0 }) };
  const county = boundaryOf(map, cellsOf());
  return [
    { ...base, code: '99', name: '示范省', level: 'province', parentCode: null, boundary: null },
    { ...base, code: '9901', name: '示范市', level: 'prefecture', parentCode: '99', boundary: null },
    { ...base, code: DEMO_COUNTY_CODE, name: '示范县', level: 'county', parentCode: '9901', boundary: county },
    ...TOWNS.map((town): DemoUnit => ({
      ...base,
      ...degreesOf(cast.find((village) => village.townNumber === town.number)?.seat ?? { x: 0, y: 0 }),
      code: DEMO_COUNTY_CODE + town.number,
      name: town.name,
      level: 'town',
      parentCode: DEMO_COUNTY_CODE,
      boundary: boundaryOf(map, cellsOf(town.number)),
    })),
  ];
}

/** Numbers and names the villages town by town, communities first (001–199), then villages (200–399). */
function settle(map: DemoMap, cast: readonly CastVillage[], calendar: DemoCalendar, random: RandomSource): SettledVillage[] {
  const names = new PlaceNames(random.fork('names'));
  const byCell = new Map<number, SettledVillage>();
  for (const town of TOWNS)
    cast
      .filter((village) => village.townNumber === town.number)
      .forEach((village, index) => {
        const communities = town.number === '001' ? 10 : 1;
        const urban = index < communities && village.townNumber < '200';
        const number = urban ? index + 1 : 200 + index - (village.townNumber < '200' ? communities : 0);
        const code = DEMO_COUNTY_CODE + town.number + String(number).padStart(3, '0');
        const entry = {
          ...degreesOf(village.seat),
          code,
          name: urban ? names.community(town.name) : names.village(town.number),
          level: 'village' as const,
          parentCode: DEMO_COUNTY_CODE + town.number,
          urbanRural: urbanRuralClass(village, urban, index),
          validFrom: FOUNDED,
          validTo: village.case === 'merged_away' ? calendar.mergedOn : null,
          boundary: boundaryOf(map, [village.cell]),
          case: village.case,
          parcelsPerDay: parcelsPerDay(village, urban, random.fork(`size/${code}`)),
          remoteKm: village.toCountyKm,
        };
        byCell.set(village.cell, { village: entry, cast: village });
      });
  return [...byCell.values()].map((entry) => withStation(entry, byCell, calendar, random.fork('stations')));
}

function urbanRuralClass(village: CastVillage, urban: boolean, index: number): DemoVillage['urbanRural'] {
  if (village.townNumber === '001') return urban ? (index < 5 ? '111' : '112') : '112';
  if (urban) return '121';
  if (index < 3) return village.townNumber < '200' ? '122' : '210';
  return '220';
}

/** About two a day on average: more in town, fewer in the hills. */
function parcelsPerDay(village: CastVillage, urban: boolean, random: RandomSource): number {
  if (village.case === 'showcase') return 6;
  if (urban) return village.townNumber === '001' ? random.between(4, 6) : random.between(3, 4.5);
  const size = random.between(1.4, 3) - Math.min(0.5, village.toCountyKm / 60);
  return village.case === 'uncovered' || village.case === 'mobile' ? Math.max(1.1, size - 0.6) : Math.max(1.3, size);
}

/** Gives a village its own station, or its host's; none where nobody serves it. */
function withStation(
  entry: SettledVillage,
  byCell: ReadonlyMap<number, SettledVillage>,
  calendar: DemoCalendar,
  random: RandomSource,
): SettledVillage {
  const host = entry.cast.hostCell === undefined ? mergeHost(entry, byCell) : byCell.get(entry.cast.hostCell);
  if (entry.village.case === 'uncovered') return entry;
  const at = host ?? entry;
  const place = random.fork(at.village.code);
  const opened =
    at.village.case === 'opened_lately' ? openingDay(calendar, place) : `${place.int(2021, 2024)}-0${place.int(1, 9)}-15`;
  const station = {
    code: villageStation(at.village.code),
    name: at.village.case === 'mobile' ? `${at.village.name}流动投递点` : `${at.village.name}寄递物流综合服务站`,
    unitCode: at.village.code,
    ...degreesOf({ x: at.cast.seat.x + place.between(-0.12, 0.12), y: at.cast.seat.y + place.between(-0.12, 0.12) }),
    validFrom: opened,
    validTo: at.village.validTo,
  };
  return { ...entry, station };
}

/** Of the two villages that merge, the second was served by the first's station. */
function mergeHost(entry: SettledVillage, byCell: ReadonlyMap<number, SettledVillage>): SettledVillage | undefined {
  if (entry.village.case !== 'merged_away') return undefined;
  const first = [...byCell.values()].find((other) => other.village.case === 'merged_away');
  return first?.village.code === entry.village.code ? undefined : first;
}

/** Stations open one after another through the two months before this one: the trend goes up. */
function openingDay(calendar: DemoCalendar, place: RandomSource): Day {
  const month = addMonths(calendar.lastMonth.from.slice(0, 7), -place.int(0, 1));
  return `${month}-${String(place.int(2, 26)).padStart(2, '0')}`;
}

function mergedVillage(map: DemoMap, settled: readonly SettledVillage[], calendar: DemoCalendar): SettledVillage {
  const parts = settled.filter((entry) => entry.village.case === 'merged_away');
  const [first] = parts;
  if (!first?.station || parts.length !== 2) throw new Error('The merger needs two villages');
  const siblings = settled.filter((entry) => entry.village.parentCode === first.village.parentCode);
  const number = Math.max(...siblings.map((entry) => Number(entry.village.code.slice(-3)))) + 1;
  const code = first.village.parentCode + String(number);
  const village: DemoVillage = {
    ...first.village,
    code,
    name: '同心村',
    case: 'merged_into',
    validFrom: calendar.mergedOn,
    validTo: null,
    parcelsPerDay: parts.reduce((sum, part) => sum + part.village.parcelsPerDay, 0),
    boundary: boundaryOf(
      map,
      parts.map((part) => part.cast.cell),
    ),
  };
  const station = {
    ...first.station,
    code: villageStation(code),
    name: `${village.name}寄递物流综合服务站`,
    unitCode: code,
    validFrom: calendar.mergedOn,
    validTo: null,
  };
  return { village, cast: { ...first.cast, case: 'merged_into' }, station };
}

function stationsOf(map: DemoMap, cast: readonly CastVillage[], settled: readonly SettledVillage[]): DemoStation[] {
  const centre = { validFrom: FOUNDED, validTo: null };
  const centres: DemoStation[] = [
    { ...centre, code: COUNTY_CENTRE, name: '示范县寄递共配中心', unitCode: DEMO_COUNTY_CODE, ...degreesOf({ x: 1.1, y: -0.7 }) },
    ...TOWNS.map((town) => {
      const seat = cast.find((village) => village.townNumber === town.number)?.seat ?? { x: 0, y: 0 };
      const unitCode = DEMO_COUNTY_CODE + town.number;
      const name = `${town.name}寄递共配站`;
      return { ...centre, code: townCentre(unitCode), name, unitCode, ...degreesOf({ x: seat.x + 0.2, y: seat.y + 0.1 }) };
    }),
  ];
  const own = settled.flatMap(({ village, station }) => (station?.unitCode === village.code ? [station] : []));
  return [...centres, ...own];
}

function suspensionsOf(settled: readonly SettledVillage[], calendar: DemoCalendar): DemoSuspension[] {
  const flooded = settled.filter((entry) => entry.village.case === 'flooded');
  const pending = settled.find((entry) => entry.village.case === 'relapsed_this_month');
  const asked: DemoSuspension[] = flooded.map(({ village }) => ({
    villageCode: village.code,
    ...calendar.flood,
    reason: '洪水冲毁进村道路，邮路中断',
    approved: true,
  }));
  if (pending)
    asked.push({
      villageCode: pending.village.code,
      from: calendar.thisMonthFrom,
      to: calendar.today,
      reason: '站点经营者外出务工，申请暂停服务',
      approved: false,
    });
  return asked;
}

function mergerOf(settled: readonly SettledVillage[], successor: DemoVillage, calendar: DemoCalendar): DemoMerger {
  const [first, second] = settled.filter((entry) => entry.village.case === 'merged_away').map((entry) => entry.village.code);
  if (!first || !second) throw new Error('The merger needs two villages');
  return { on: calendar.mergedOn, predecessorCodes: [first, second], successorCode: successor.code };
}

/**
 * The demo logins; a second county user, because what needs two persons needs both; and for each town, so that every scan and every account has
 * somebody who made it, an officer and one keeper for all its other stations.
 */
function usersOf(settled: readonly SettledVillage[]): DemoUser[] {
  const showcase = settled.find((entry) => entry.village.case === 'showcase');
  if (!showcase?.station) throw new Error('No village for the station login');
  const own = showcase.station.code;
  const village = showcase.village.code;
  const home = showcase.village.parentCode;
  const user = (username: string, role: DemoUser['role'], unitCode: string, personName: string, tail: string): DemoUser => ({
    username,
    role,
    unitCode,
    personName,
    stationCodes: [],
    phone: `1990000${tail}`,
  });
  const helpers = TOWNS.flatMap(({ number, name }) => {
    const code = DEMO_COUNTY_CODE + number;
    const stationCodes = [
      ...new Set(settled.flatMap((entry) => (entry.village.parentCode === code ? (entry.station?.code ?? []) : []))),
    ];
    const keeper = user(`keeper-${number}`, 'station', code, `${name.slice(0, 2)}代管员`, `3${number}`);
    return [
      ...(code === home ? [] : [user(`town-${number}`, 'town', code, `${name.slice(0, 2)}示范员`, `2${number}`)]),
      { ...keeper, stationCodes: stationCodes.filter((station) => station !== own) },
    ];
  });
  return [
    user('admin', 'admin', DEMO_COUNTY_CODE, '示范管理员', '1001'),
    user('county', 'county', DEMO_COUNTY_CODE, '县级示范员', '1002'),
    user('county2', 'county', DEMO_COUNTY_CODE, '县级复核员', '1003'),
    user('town', 'town', home, '镇级示范员', '1004'),
    { ...user('station', 'station', village, '站点示范员', '1005'), stationCodes: [own] },
    user('producer', 'producer', village, '示范种植户', '1006'),
    ...helpers,
  ];
}
