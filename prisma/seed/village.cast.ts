/** Which village plays which case: remote ones have the gaps, as in life. */
import { distanceKm } from './cell.geometry.js';
import type { VillageCase } from './county.model.js';
import type { DemoMap, MapVillage } from './map.generator.js';
import type { RandomSource } from './random.source.js';

/** A neighbour's station is credited within 3 km (parameter `neighbourMaxDistanceM`); the margin covers its distance to the seat. */
const NEIGHBOUR_KM = 2.6;
const FAR_KM = { from: 3.4, to: 5.5 };

/** How many villages play each case that remoteness decides, the most remote first. */
const REMOTE_CASES: readonly (readonly [VillageCase, number])[] = [
  ['uncovered', 7],
  ['mobile', 10],
  ['nominal_only', 5],
  ['post_only', 14],
  ['check_in_only', 3],
  ['opened_lately', 9],
  ['relapsed_last_month', 4],
  ['relapsed_this_month', 2],
  ['long_gap', 2],
];
const NEIGHBOURS = 20;
const FAR_NEIGHBOURS = 2;
const FLOODED = 3;
/** The `station` login's village lies in this town. */
export const SHOWCASE_TOWN = '100';

/** A village with its part; `hostCell` is the neighbour whose station serves it. */
export interface CastVillage extends MapVillage {
  readonly case: VillageCase;
  readonly hostCell?: number;
}

/** Casts every village of the map. Town seats and their communities stay ordinary. */
export function castVillages(map: DemoMap, random: RandomSource): CastVillage[] {
  const cast = new Map<number, VillageCase>();
  const hosts = new Map<number, number>();
  const seen = new Set<string>();
  const seatCells = new Set(
    map.villages
      .filter((village) => !seen.has(village.townNumber) && seen.add(village.townNumber))
      .map((village) => village.cell),
  );
  const rural = map.villages.filter((village) => village.townNumber !== '001' && !seatCells.has(village.cell));

  castShowcase(rural, cast);
  castMerger(map, rural, cast);
  const remoteness = new Map(
    rural.map((village) => [village.cell, village.toCountyKm + village.toTownKm + random.between(0, 14)]),
  );
  const byRemoteness = [...rural].sort((left, right) => (remoteness.get(right.cell) ?? 0) - (remoteness.get(left.cell) ?? 0));
  const pool = byRemoteness.filter((village) => !cast.has(village.cell));
  for (const [part, count] of REMOTE_CASES) for (const village of pool.splice(0, count)) cast.set(village.cell, part);
  castFlood(map, pool, cast);
  castFarNeighbours(pool, map.villages, cast, hosts, random);
  castNeighbours(map, random.shuffle(pool), cast, hosts);
  return map.villages.map((village) => {
    const hostCell = hosts.get(village.cell);
    return { ...village, case: cast.get(village.cell) ?? 'steady', ...(hostCell === undefined ? {} : { hostCell }) };
  });
}

function castShowcase(rural: readonly MapVillage[], cast: Map<number, VillageCase>): void {
  const village = rural.filter((candidate) => candidate.townNumber === SHOWCASE_TOWN)[2];
  if (village) cast.set(village.cell, 'showcase');
}

/** Two villages of one town with a common border. */
function castMerger(map: DemoMap, rural: readonly MapVillage[], cast: Map<number, VillageCase>): void {
  const town = rural.filter((village) => village.townNumber === '102');
  for (const first of town.slice(3)) {
    const second = town.slice(3).find((other) => map.diagram.neighbours(first.cell).includes(other.cell));
    if (!second) continue;
    cast.set(first.cell, 'merged_away').set(second.cell, 'merged_away');
    return;
  }
}

/** Villages side by side, as a river would have it. */
function castFlood(map: DemoMap, pool: readonly MapVillage[], cast: Map<number, VillageCase>): void {
  const free = (cell: number): boolean => pool.some((village) => village.cell === cell) && !cast.has(cell);
  const first = pool.find((village) => map.diagram.neighbours(village.cell).filter(free).length >= FLOODED - 1);
  if (!first) throw new Error('No row of villages for the flood');
  for (const cell of [first.cell, ...map.diagram.neighbours(first.cell).filter(free)].slice(0, FLOODED))
    cast.set(cell, 'flooded');
}

/** Served by a station that is too far away to be credited. */
function castFarNeighbours(
  pool: readonly MapVillage[],
  all: readonly MapVillage[],
  cast: Map<number, VillageCase>,
  hosts: Map<number, number>,
  random: RandomSource,
): void {
  let left = FAR_NEIGHBOURS;
  for (const village of pool) {
    const options = all.filter((other) => {
      const distance = distanceKm(other.seat, village.seat);
      return other.townNumber === village.townNumber && !cast.has(other.cell) && distance > FAR_KM.from && distance < FAR_KM.to;
    });
    if (left === 0 || cast.has(village.cell) || options.length === 0) continue;
    cast.set(village.cell, 'far_neighbour');
    hosts.set(village.cell, random.pick(options).cell);
    left--;
  }
}

/** Served by an ordinary neighbour's station close by; a host keeps its own station. */
function castNeighbours(
  map: DemoMap,
  pool: readonly MapVillage[],
  cast: Map<number, VillageCase>,
  hosts: Map<number, number>,
): void {
  const byCell = new Map(map.villages.map((village) => [village.cell, village]));
  const taken = new Set(hosts.values());
  let left = NEIGHBOURS;
  for (const village of pool) {
    if (left === 0) return;
    if (cast.has(village.cell) || taken.has(village.cell)) continue;
    const host = map.diagram
      .neighbours(village.cell)
      .map((cell) => byCell.get(cell))
      .find(
        (other) =>
          other?.townNumber === village.townNumber &&
          !cast.has(other.cell) &&
          distanceKm(other.seat, village.seat) < NEIGHBOUR_KM,
      );
    if (!host) continue;
    cast.set(village.cell, 'neighbour');
    hosts.set(village.cell, host.cell);
    taken.add(host.cell);
    left--;
  }
}
