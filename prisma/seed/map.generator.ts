/** The land: where villages lie, which town each belongs to, and everybody's borders. */
import { CellDiagram, distanceKm, type Point } from './cell.geometry.js';
import type { Boundary } from './county.model.js';
import { TOWNS } from './place.names.js';
import type { RandomSource } from './random.source.js';

/** Villages at the start of the history; two of them merge, which leaves 160. */
const CELLS = 161;
/** Mean distance between village seats, kilometres: near enough for a neighbour's station to be worth the walk. */
const SPACING_KM = 2.5;
const CENTRE = { latitude: 42.3, longitude: 117.2 };
const KM_PER_DEGREE = 111.195;

export interface MapVillage {
  readonly cell: number;
  readonly seat: Point;
  readonly townNumber: string;
  /** Distance to the seats of the town and of the county, kilometres. */
  readonly toTownKm: number;
  readonly toCountyKm: number;
}

export interface DemoMap {
  readonly diagram: CellDiagram;
  /** Town by town, in the order of their distance to the town's seat. */
  readonly villages: readonly MapVillage[];
}

/** Degrees of a point of the plane, rounded to about a metre. */
export function degreesOf(point: Point): { latitude: number; longitude: number } {
  const round = (value: number): number => Math.round(value * 1e5) / 1e5;
  return {
    latitude: round(CENTRE.latitude + point.y / KM_PER_DEGREE),
    longitude: round(CENTRE.longitude + point.x / (KM_PER_DEGREE * Math.cos((CENTRE.latitude * Math.PI) / 180))),
  };
}

/** GeoJSON of a union of cells. */
export function boundaryOf(map: DemoMap, cells: readonly number[]): Boundary {
  const rings = map.diagram.union(cells).map((ring) => {
    const points = ring.map((point) => {
      const { latitude, longitude } = degreesOf(point);
      return [longitude, latitude] as const;
    });
    return points[0] ? [...points, points[0]] : points;
  });
  return { type: 'Polygon', coordinates: rings };
}

/** Lays out the county: a blob of Voronoi cells, so that its outline is as uneven as a real one. */
export function generateMap(random: RandomSource): DemoMap {
  const sites = relaxedSites(random.fork('sites'));
  const outline = outlineRadius(random.fork('outline'));
  const inside = sites
    .map((site, cell) => ({ cell, seat: site, gauge: Math.hypot(site.x, site.y) / outline(Math.atan2(site.y, site.x)) }))
    .sort((left, right) => left.gauge - right.gauge)
    .slice(0, CELLS);
  const diagram = new CellDiagram(sites, random.fork('borders'));
  return { diagram, villages: assignTowns(diagram, new Map(inside.map(({ cell, seat }) => [cell, seat]))) };
}

/** Jittered rows, evened out a little: real villages are neither on a grid nor on top of one another. */
function relaxedSites(random: RandomSource): Point[] {
  const rows = 23;
  let sites: Point[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < rows; column++)
      sites.push({
        x: (column - (rows - 1) / 2 + random.between(-0.45, 0.45)) * SPACING_KM,
        y: (row - (rows - 1) / 2 + random.between(-0.45, 0.45)) * SPACING_KM,
      });
  const plain = new CellDiagram(sites, random, 0);
  const last = (rows - 1) / 2;
  const onRim = (index: number): boolean =>
    Math.abs((index % rows) - last) === last || Math.abs(Math.floor(index / rows) - last) === last;
  sites = sites.map((site, index) => {
    const centre = onRim(index) ? site : plain.centroid(index);
    return { x: (site.x + centre.x) / 2, y: (site.y + centre.y) / 2 };
  });
  return sites;
}

/** Distance from the middle to the outline by direction, up to a factor. */
function outlineRadius(random: RandomSource): (angle: number) => number {
  const waves = [2, 3, 4, 5].map((order) => ({
    order,
    height: random.between(0.06, 0.3) / order,
    phase: random.between(0, 2 * Math.PI),
  }));
  return (angle) => 1 + waves.reduce((sum, wave) => sum + wave.height * Math.cos(wave.order * angle + wave.phase), 0);
}

/** Seats far apart, then every town grows across common borders until all villages are taken: towns are connected. */
function assignTowns(diagram: CellDiagram, seats: ReadonlyMap<number, Point>): MapVillage[] {
  const origin = { x: 0, y: 0 };
  const capitals = townSeats(seats);
  const towns = TOWNS.map((town, index) => {
    const capital = capitals[index] ?? 0;
    return { ...town, seat: seats.get(capital) ?? origin, capital, cells: [capital] };
  });
  const free = new Set([...seats.keys()].filter((cell) => !capitals.includes(cell)));
  while (free.size > 0) {
    const options = towns
      .map((town) => ({ town, next: nearestFree(diagram, town, free, seats), fill: town.cells.length / town.villages }))
      .filter((option) => option.next !== undefined)
      .sort((left, right) => left.fill - right.fill);
    const best = options[0];
    if (best?.next === undefined) throw new Error('A village touches no town');
    best.town.cells.push(best.next);
    free.delete(best.next);
  }
  return towns.flatMap((town) =>
    town.cells
      .map((cell) => {
        const seat = seats.get(cell) ?? origin;
        return {
          cell,
          seat,
          townNumber: town.number,
          toTownKm: distanceKm(seat, town.seat),
          toCountyKm: distanceKm(seat, origin),
        };
      })
      .sort((left, right) => left.toTownKm - right.toTownKm),
  );
}

/** The subdistrict in the middle, each further town where the others are farthest, but not on the rim. */
function townSeats(seats: ReadonlyMap<number, Point>): number[] {
  const farthest = Math.max(...[...seats.values()].map((seat) => Math.hypot(seat.x, seat.y)));
  const candidates = [...seats].filter(([, seat]) => Math.hypot(seat.x, seat.y) < 0.72 * farthest);
  const middle = [...seats].sort(([, left], [, right]) => Math.hypot(left.x, left.y) - Math.hypot(right.x, right.y))[0];
  const chosen = middle ? [middle] : [];
  while (chosen.length < TOWNS.length) {
    const room = (point: Point): number => Math.min(...chosen.map(([, seat]) => distanceKm(seat, point)));
    const next = candidates.reduce((best, candidate) => (room(candidate[1]) > room(best[1]) ? candidate : best));
    chosen.push(next);
  }
  return chosen.map(([cell]) => cell);
}

function nearestFree(
  diagram: CellDiagram,
  town: { seat: Point; cells: readonly number[] },
  free: ReadonlySet<number>,
  seats: ReadonlyMap<number, Point>,
): number | undefined {
  const open = [...new Set(town.cells.flatMap((cell) => diagram.neighbours(cell)))].filter((cell) => free.has(cell));
  const distance = (cell: number): number => distanceKm(seats.get(cell) ?? town.seat, town.seat);
  return open.reduce<number | undefined>(
    (best, cell) => (best === undefined || distance(cell) < distance(best) ? cell : best),
    undefined,
  );
}
