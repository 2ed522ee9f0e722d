/** A county's towns as a drawing of a few hundred bytes, with the town of origin in it: pure. */

/** GeoJSON geometry of an area, degrees. */
export type Area =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Point[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Point[])[])[] };
type Point = readonly number[];

/** A town as the map needs it. */
export interface MapTown {
  readonly id: string;
  readonly area: Area | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** SVG paths and points in a box of `width` × `height`. */
export interface OriginMap {
  readonly width: number;
  readonly height: number;
  /** Outlines of all towns. */
  readonly towns: string;
  /** Outline of the town of origin. */
  readonly town: string;
  /** Where it comes from; absent when no place is known. */
  readonly dot: { readonly x: number; readonly y: number } | null;
  /** Towns whose outline is not known. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const SIDE = 200;
const EDGE = 8;
/** Of the paths together, characters. */
const BUDGET = 1500;
const TOLERANCES = [0.6, 1, 1.5, 2.5, 4, 6, 9, 14, 20];

/** The map of a county, or `undefined` when nothing is known of where anything lies. */
export function originMap(
  towns: readonly MapTown[],
  townId: string | undefined,
  origin: { latitude: number; longitude: number } | undefined,
): OriginMap | undefined {
  const areas = towns.map((town) => ({ town, rings: outerRings(town.area) }));
  const loose = areas.filter(({ rings }) => rings.length === 0).flatMap(({ town }) => pointOf(town));
  const all = [...areas.flatMap(({ rings }) => rings.flat()), ...loose, ...(origin ? [[origin.longitude, origin.latitude]] : [])];
  if (all.length < 2) return undefined;
  const frame = frameOf(all);
  const drawn = (tolerance: number) => {
    const path = (rings: readonly (readonly Point[])[]) =>
      rings
        .map((ring) =>
          ringPath(
            ring.map((point) => project(frame, point)),
            tolerance,
          ),
        )
        .join('');
    const own = areas.find(({ town }) => town.id === townId);
    return { towns: path(areas.filter((area) => area !== own).flatMap(({ rings }) => rings)), town: own ? path(own.rings) : '' };
  };
  const paths = withinBudget(drawn);
  const place = (point: Point) => {
    const [x = 0, y = 0] = project(frame, point);
    return { x: Math.round(x), y: Math.round(y) };
  };
  return {
    width: SIDE,
    height: Math.round(frame.height),
    ...paths,
    dot: origin ? place([origin.longitude, origin.latitude]) : null,
    points: loose.slice(0, 40).map(place),
  };
}

/** The finest drawing that is small enough; of a county with very many towns only the one of origin, or no border at all. */
function withinBudget(drawn: (tolerance: number) => Pick<OriginMap, 'towns' | 'town'>): Pick<OriginMap, 'towns' | 'town'> {
  let town = '';
  for (const tolerance of TOLERANCES) {
    const paths = drawn(tolerance);
    if (paths.towns.length + paths.town.length <= BUDGET) return paths;
    town = paths.town;
  }
  return { towns: '', town: town.length <= BUDGET ? town : '' };
}

const pointOf = ({ latitude, longitude }: MapTown): Point[] =>
  latitude === null || longitude === null ? [] : [[longitude, latitude]];

function outerRings(area: Area | null): (readonly Point[])[] {
  if (!area) return [];
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  return polygons.flatMap(([outer]) => (outer && outer.length > 3 ? [outer] : []));
}

interface Frame {
  readonly west: number;
  readonly north: number;
  readonly scale: number;
  readonly squeeze: number;
  readonly left: number;
  readonly top: number;
  readonly height: number;
}

/** All points within the box; a degree of longitude is shorter than one of latitude by the cosine of the latitude. */
function frameOf(points: readonly Point[]): Frame {
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [west, east] = spanOf(xs);
  const [south, north] = spanOf(ys);
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, tall] = [(east - west) * squeeze, north - south];
  const room = SIDE - EDGE * 2;
  const scale = room / Math.max(wide, tall, 1e-6);
  return {
    west,
    north,
    scale,
    squeeze,
    left: EDGE + (room - wide * scale) / 2,
    top: EDGE,
    height: Math.max(tall * scale, 24) + EDGE * 2,
  };
}

const spanOf = (values: readonly number[]): [low: number, high: number] =>
  values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);

const project = (frame: Frame, [x = 0, y = 0]: Point): Point => [
  frame.left + (x - frame.west) * frame.squeeze * frame.scale,
  frame.top + (frame.north - y) * frame.scale,
];

/** A closed path in whole units, relative steps; corners that matter less than `tolerance` are left out (Ramer–Douglas–Peucker). */
function ringPath(ring: readonly Point[], tolerance: number): string {
  const kept = simplify(ring, tolerance).map(([x = 0, y = 0]) => [Math.round(x), Math.round(y)] as const);
  const [first] = kept;
  if (!first || kept.length < 4) return '';
  let [x, y] = first;
  let path = `M${x} ${y}l`;
  for (const [nextX, nextY] of kept.slice(1, -1)) {
    if (nextX === x && nextY === y) continue;
    path += `${nextX - x} ${nextY - y} `;
    [x, y] = [nextX, nextY];
  }
  return `${path.trimEnd().replaceAll(' -', '-')}z`;
}

function simplify(points: readonly Point[], tolerance: number): readonly Point[] {
  const keep = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [farthest, distance] = [-1, tolerance];
    for (let index = from + 1; index < to; index += 1) {
      const away = distanceTo(points[index] ?? [], points[from] ?? [], points[to] ?? []);
      if (away > distance) [farthest, distance] = [index, away];
    }
    if (farthest < 0) continue;
    keep.add(farthest);
    spans.push([from, farthest], [farthest, to]);
  }
  return [...keep].sort((a, b) => a - b).map((index) => points[index] ?? []);
}

function distanceTo([x = 0, y = 0]: Point, [ax = 0, ay = 0]: Point, [bx = 0, by = 0]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs(dx * (ay - y) - (ax - x) * dy) / length;
}
