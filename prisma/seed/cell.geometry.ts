/**
 * Planar cells for the map: a Voronoi diagram by half-plane clipping whose edges remember both sides. Because an edge is known by
 * the pair of cells that share it, unions of cells are exact and borders may be bent without a gap or an overlap.
 */
import type { RandomSource } from './random.source.js';

/** A point of the plane, in kilometres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corner of a cell with the neighbour across the edge that starts here; `OUTSIDE` at the frame. */
interface Corner extends Point {
  readonly neighbour: number;
}

const OUTSIDE = -1;

/** One directed border edge: from one shared vertex to the next, the own cell on the left. */
interface BorderEdge {
  readonly from: string;
  readonly to: string;
  readonly cell: number;
  readonly neighbour: number;
}

/** Twice the signed area is positive for a counter-clockwise ring. */
export function signedArea(ring: readonly Point[]): number {
  return (
    ring.reduce((sum, point, index) => {
      const next = ring[(index + 1) % ring.length] ?? point;
      return sum + point.x * next.y - next.x * point.y;
    }, 0) / 2
  );
}

/** Even-odd rule; a point on the border may fall on either side. */
export function isInside(rings: readonly (readonly Point[])[], point: Point): boolean {
  let inside = false;
  for (const ring of rings)
    ring.forEach((a, index) => {
      const b = ring[(index + 1) % ring.length] ?? a;
      if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    });
  return inside;
}

/** Distance between two points, kilometres. */
export const distanceKm = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Keeps the part of a convex cell that is nearer to `site` than to `other`. */
function clip(cell: readonly Corner[], site: Point, other: Point, neighbour: number): Corner[] {
  const side = (point: Point): number =>
    (point.x - (site.x + other.x) / 2) * (other.x - site.x) + (point.y - (site.y + other.y) / 2) * (other.y - site.y);
  return cell.flatMap((corner, index) => {
    const next = cell[(index + 1) % cell.length] ?? corner;
    const here = side(corner);
    const there = side(next);
    const share = here / (here - there);
    const cross = { x: corner.x + (next.x - corner.x) * share, y: corner.y + (next.y - corner.y) * share };
    if (here <= 0) return there <= 0 ? [corner] : [corner, { ...cross, neighbour }];
    return there <= 0 ? [{ ...cross, neighbour: corner.neighbour }] : [];
  });
}

function frameOf(sites: readonly Point[]): Corner[] {
  const reach = Math.max(...sites.map((site) => Math.max(Math.abs(site.x), Math.abs(site.y)))) + 10;
  const corner = (x: number, y: number): Corner => ({ x: x * reach, y: y * reach, neighbour: OUTSIDE });
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** A Voronoi diagram of the sites inside a square frame around them, with bent borders. */
export class CellDiagram {
  private readonly cells: Corner[][];
  private readonly vertices = new Map<string, Point>();
  private readonly borders = new Map<string, Point[]>();

  /** @param bend how far a border may leave its straight line, as a share of its length (0.15 keeps neighbours apart) */
  constructor(
    private readonly sites: readonly Point[],
    private readonly random: RandomSource,
    private readonly bend = 0.12,
  ) {
    const frame = frameOf(sites);
    this.cells = sites.map((site, index) => this.cellOf(site, index, frame));
    this.cells.forEach((cell, index) =>
      cell.forEach((corner, at) => {
        const key = this.vertexKey(index, at);
        if (!this.vertices.has(key)) this.vertices.set(key, { x: corner.x, y: corner.y });
      }),
    );
  }

  /** Cells across the borders of a cell. */
  neighbours(cell: number): number[] {
    return (this.cells[cell] ?? []).map((corner) => corner.neighbour).filter((neighbour) => neighbour !== OUTSIDE);
  }

  /** Centre of mass of a cell's straight form, for relaxing the sites. */
  centroid(cell: number): Point {
    const ring = this.cells[cell] ?? [];
    const area = signedArea(ring);
    let x = 0;
    let y = 0;
    ring.forEach((a, index) => {
      const b = ring[(index + 1) % ring.length] ?? a;
      const cross = a.x * b.y - b.x * a.y;
      x += (a.x + b.x) * cross;
      y += (a.y + b.y) * cross;
    });
    return { x: x / (6 * area), y: y / (6 * area) };
  }

  /** The union of cells as rings: outer rings counter-clockwise, holes clockwise. No point is repeated at the end of a ring. */
  union(cells: readonly number[]): Point[][] {
    const own = new Set(cells);
    const edges = new Map(
      cells.flatMap((cell) => this.edgesOf(cell).filter((edge) => !own.has(edge.neighbour))).map((edge) => [edge.from, edge]),
    );
    const rings: Point[][] = [];
    for (const first of [...edges.values()]) {
      const ring: Point[] = [];
      let edge = edges.get(first.from);
      while (edge) {
        edges.delete(edge.from);
        ring.push(...this.borderOf(edge));
        edge = edges.get(edge.to);
      }
      if (ring.length > 0) rings.push(ring);
    }
    return rings.sort((left, right) => Math.abs(signedArea(right)) - Math.abs(signedArea(left)));
  }

  private cellOf(site: Point, index: number, frame: Corner[]): Corner[] {
    const others = this.sites
      .map((other, at) => ({ other, at, distance: distanceKm(site, other) }))
      .filter(({ at }) => at !== index);
    others.sort((left, right) => left.distance - right.distance);
    let cell = frame;
    for (const { other, at, distance } of others) {
      const reach = Math.max(...cell.map((corner) => distanceKm(site, corner)));
      if (distance > 2 * reach) break;
      cell = clip(cell, site, other, at);
    }
    return cell;
  }

  /** A vertex is where three cells meet, so their numbers name it, whichever cell asks. */
  private vertexKey(cell: number, at: number): string {
    const corners = this.cells[cell] ?? [];
    const before = corners[(at + corners.length - 1) % corners.length]?.neighbour ?? OUTSIDE;
    const after = corners[at]?.neighbour ?? OUTSIDE;
    const atFrameCorner = before === OUTSIDE && after === OUTSIDE ? `#${at}` : '';
    return [cell, before, after].sort((left, right) => left - right).join('-') + atFrameCorner;
  }

  private edgesOf(cell: number): BorderEdge[] {
    const corners = this.cells[cell] ?? [];
    return corners.map((corner, at) => ({
      from: this.vertexKey(cell, at),
      to: this.vertexKey(cell, (at + 1) % corners.length),
      cell,
      neighbour: corner.neighbour,
    }));
  }

  /** Points of an edge without its end. Both sides see the same line: it is made once, from the lower-numbered cell. */
  private borderOf(edge: BorderEdge): Point[] {
    const from = this.vertices.get(edge.from);
    const to = this.vertices.get(edge.to);
    if (!from || !to) throw new Error(`A border has no vertex: ${edge.from} ${edge.to}`);
    const forward = edge.cell < edge.neighbour;
    const key = forward ? `${edge.cell}:${edge.neighbour}` : `${edge.neighbour}:${edge.cell}`;
    let line = this.borders.get(key);
    if (!line) {
      const random = this.random.fork(key);
      line = forward ? bent(from, to, this.bend, 2, random) : bent(to, from, this.bend, 2, random);
      this.borders.set(key, line);
    }
    return forward ? [from, ...line] : [from, ...[...line].reverse()];
  }
}

/** Midpoint displacement: the inner points of a line from `a` to `b`. */
function bent(a: Point, b: Point, bend: number, depth: number, random: RandomSource): Point[] {
  const shift = random.between(-bend, bend);
  const middle = { x: (a.x + b.x) / 2 - (b.y - a.y) * shift, y: (a.y + b.y) / 2 + (b.x - a.x) * shift };
  if (depth <= 1) return [middle];
  return [...bent(a, middle, bend, depth - 1, random), middle, ...bent(middle, b, bend, depth - 1, random)];
}
