/**
 * Whether the looks at one code are those of one label, or of copies of it (docs/domain/copy-detection.md). A label is a thing: it goes where its parcel goes,
 * is looked at there by few people within days, and is thrown away. Each look by new hands adds points (copy.points.ts) for where and how late it is; their
 * sum is the evidence. Pure: what is remembered of the looks so far, and one look more, give the next memory and a grade. Memory is bounded.
 */
import type { RiskGrade, RiskReason } from '#contracts';
import { COPY_LIMITS as L, LATENESS_DAYS, PLACE_POINTS, TIME_POINTS, type Lateness, type Whereabouts } from './copy.points.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_AREAS = 12;
const MAX_MARKS = 32;
const MAX_QUICK = 6;
const VERSION = 3;

/** A point on the sphere, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** One look, as far as the formula needs it. `device` and `network` are short marks of salted hashes. */
export interface Look {
  readonly atMs: number;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly network: string | null;
  readonly device: string | null;
  /** Over a mobile network, whose place is that of its exchange; `null` or absent when the browser does not say. */
  readonly mobile?: boolean | null;
}

/** What else is known of the code at the time of the look. */
export interface LookContext {
  readonly activated: boolean;
  /** One code for all packs of a lot: it may be looked at anywhere, by anybody, and is not judged by that. */
  readonly manyPacks: boolean;
  readonly packedAtMs: number | null;
  readonly deliveredAtMs: number | null;
  /** Where the lot is from. */
  readonly home: Position | null;
  /** Where its parcel goes. */
  readonly destination: Position | null;
  /** What is not eaten within days: grain, tea, what is dried. */
  readonly keeps: boolean;
}

interface Area {
  readonly lat: number;
  readonly lon: number;
  /** Far from all that was known before it. */
  readonly far: boolean;
}

/** Where and when a new phone looked. */
interface Arrival {
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
}

/** What is remembered of a code's looks; small, and JSON. */
export interface CopyMemory {
  version: number;
  areas: Area[];
  devices: string[];
  lines: string[];
  /** People who looked, by their phones and lines. */
  hands: number;
  /** The evidence now, and the most there ever was. */
  points: number;
  most: number;
  /** What it is made of. */
  places: number;
  late: number;
  travel: number;
  hops: number;
  inactive: number;
  /** Looks far from the village, for packing may become known after them. */
  awayMs: number[];
  early: number;
  /** Each far from all others: where new phones looked within the last minutes. */
  quick: Arrival[];
  firstMs: number | null;
  /** The latest look that was not a machine's, and of new hands. */
  last: { atMs: number; lat: number | null; lon: number | null; followed: boolean } | null;
  lastHandsMs: number | null;
}

export const emptyMemory = (): CopyMemory => ({
  version: VERSION,
  areas: [],
  devices: [],
  lines: [],
  hands: 0,
  points: 0,
  most: 0,
  places: 0,
  late: 0,
  travel: 0,
  hops: 0,
  inactive: 0,
  awayMs: [],
  early: 0,
  quick: [],
  firstMs: null,
  last: null,
  lastHandsMs: null,
});

/** A look judged with all before it. */
export interface CopyJudgement {
  readonly memory: CopyMemory;
  readonly risk: RiskGrade;
  readonly reasons: readonly RiskReason[];
}

/** Kilometres between two points on the sphere. */
export function kilometres(a: Position, b: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [phi, psi] = [radians(a.latitude), radians(b.latitude)];
  const half = (x: number): number => Math.sin(x / 2) ** 2;
  const chord = half(psi - phi) + Math.cos(phi) * Math.cos(psi) * half(radians(b.longitude - a.longitude));
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Judges one look more. What an earlier version remembered is forgotten. */
export function judge(before: CopyMemory, look: Look, context: LookContext): CopyJudgement {
  const known = before.version === VERSION ? before : emptyMemory();
  const memory = context.manyPacks ? known : remember(known, look, context);
  const reasons = reasonsOf(memory, context);
  const isHigh = memory.most >= L.high;
  const isLow = memory.most >= L.low || !context.activated;
  return { memory, risk: isHigh ? 'high' : isLow ? 'low' : 'none', reasons: isHigh || isLow ? reasons : [] };
}

function remember(before: CopyMemory, look: Look, context: LookContext): CopyMemory {
  const memory: CopyMemory = {
    ...before,
    areas: [...before.areas],
    devices: [...before.devices],
    lines: [...before.lines],
    awayMs: [...before.awayMs],
  };
  const place = placeOf(look);
  const isNew = look.device !== null && !memory.devices.includes(look.device);
  if (isNew && place) seeQuick(memory, place, look.atMs);
  if (isFollower(memory, look, place, isNew)) {
    memory.last = memory.last && { ...memory.last, followed: true };
    return memory;
  }
  seeEarly(memory, look, place, context);
  if (isMakers(place, look.atMs, context)) return memory;
  const isKnownLine = look.mobile !== true && look.network !== null && memory.lines.includes(look.network);
  note(memory.devices, look.device);
  if (look.mobile !== true) note(memory.lines, look.network);
  memory.firstMs ??= look.atMs;
  const whereabouts = locate(memory, place, context);
  // A household's line is in one place; a network that is in several is a carrier's.
  const isHousehold = isKnownLine && ['near', 'again', 'unknown'].includes(whereabouts);
  if (isNew && !isHousehold) weigh(memory, look, place, whereabouts, context);
  else if (place && !isNew && whereabouts !== 'again' && isAway(whereabouts)) wander(memory, look, place);
  memory.last = { atMs: look.atMs, lat: place && round(place.latitude), lon: place && round(place.longitude), followed: false };
  return memory;
}

/** A look that a machine makes after a person's: another device, elsewhere, at once; one for each look. */
function isFollower({ last }: CopyMemory, look: Look, place: Position | null, isNew: boolean): boolean {
  if (!isNew || !last || last.followed || !place || look.atMs - last.atMs > L.followMs) return false;
  return last.lat === null || last.lon === null || kilometres({ latitude: last.lat, longitude: last.lon }, place) > L.areaKm;
}

/**
 * New phones far apart within minutes: no pack is in so many hands so soon. A person, the machine that follows and a photo in a chat explain a few places;
 * each more counts, and so may be a follower's, for one machine follows one look.
 */
function seeQuick(memory: CopyMemory, place: Position, atMs: number): void {
  const quick = memory.quick.filter((arrival) => Math.abs(atMs - arrival.atMs) <= L.quickMs);
  const isFar = quick.every(({ lat, lon }) => kilometres({ latitude: lat, longitude: lon }, place) > L.neighbourKm);
  if (isFar) quick.push({ atMs, lat: round(place.latitude), lon: round(place.longitude) });
  memory.quick = quick.slice(-MAX_QUICK);
  if (!isFar || quick.length <= L.freeQuick) return;
  memory.travel += 1;
  memory.places += 1;
  add(memory, L.quick);
}

/** Whoever looks near the village before the parcel can have arrived makes or packs the thing. */
function isMakers(place: Position | null, atMs: number, { home, packedAtMs, deliveredAtMs }: LookContext): boolean {
  if (!place || !home || packedAtMs === null) return false;
  return kilometres(place, home) <= L.homeKm && atMs < (deliveredAtMs ?? packedAtMs + DAY_MS);
}

/** Looks far from the village count from when it is known that the parcel was packed later. */
function seeEarly(memory: CopyMemory, { atMs }: Look, place: Position | null, { home, packedAtMs }: LookContext): void {
  if (place && home && kilometres(place, home) > L.earlyKm && memory.awayMs.length < L.earlyLooks) memory.awayMs.push(atMs);
  if (packedAtMs === null) return;
  const early = memory.awayMs.filter((ms) => ms < packedAtMs - L.packingSlackMs).length;
  add(memory, (early - memory.early) * L.early);
  memory.early = early;
}

/** Where a place is among those that the label is known to have been in; a new one is remembered. */
function locate(memory: CopyMemory, place: Position | null, { home, packedAtMs, destination }: LookContext): Whereabouts {
  if (!place) return 'unknown';
  const near = (other: Position | null, km: number): boolean => other !== null && kilometres(other, place) <= km;
  const within = (km: number): Area | undefined =>
    memory.areas.find((area) => near({ latitude: area.lat, longitude: area.lon }, km));
  // What no parcel is known of was sold near its village, as far as anybody knows.
  const expected = packedAtMs === null ? home : destination;
  const isExpected = near(expected, packedAtMs === null ? L.homeKm : L.areaKm);
  const known = within(L.areaKm);
  if (isExpected || known) return isExpected || !known?.far ? 'near' : 'again';
  const isFirst = expected === null && memory.areas.length === 0;
  const isNeighbour = near(expected, L.neighbourKm) || within(L.neighbourKm) !== undefined;
  const far = memory.areas.filter((area) => area.far).length;
  if (memory.areas.length < MAX_AREAS)
    memory.areas.push({ lat: round(place.latitude), lon: round(place.longitude), far: !isFirst && !isNeighbour });
  if (isFirst) return 'near';
  if (isNeighbour) return 'neighbouring';
  return far === 0 ? 'second' : far === 1 ? 'third' : 'further';
}

const isAway = (whereabouts: Whereabouts): boolean => ['again', 'second', 'third', 'further'].includes(whereabouts);

/** New hands: where, and how late. */
function weigh(memory: CopyMemory, look: Look, place: Position | null, whereabouts: Whereabouts, context: LookContext): void {
  const kind = context.keeps ? 'keeps' : 'fresh';
  const lateness = latenessOf(memory, look.atMs, context);
  const isFirst = memory.hands === 0;
  const isLate = !['soon', 'later'].includes(lateness);
  const placePoints = PLACE_POINTS[whereabouts][look.mobile === false ? 'fixed' : 'mobile'];
  const timePoints = Math.min(
    TIME_POINTS[lateness][kind],
    context.packedAtMs === null ? L.counterLate : Number.POSITIVE_INFINITY,
  );
  const isQuick = memory.lastHandsMs !== null && look.atMs - memory.lastHandsMs <= DAY_MS;
  // A photo in a chat explains two or three far places, not a fourth.
  const isShown = isQuick && isAway(whereabouts) && whereabouts !== 'further';
  const points = isFirst
    ? (isAway(whereabouts) ? L.firstAway : 0) + (isLate ? L.firstLate[kind] : 0)
    : placePoints + timePoints + (isShown ? L.farSoon : 0);
  if (place && isAway(whereabouts) && isJump(memory, place, look.atMs)) memory.travel += 1;
  if (isAway(whereabouts)) memory.places += 1;
  if (isLate) memory.late += 1;
  memory.hands += 1;
  memory.lastHandsMs = look.atMs;
  const isHome = place && context.home && kilometres(place, context.home) <= L.homeKm;
  // A label that is not in use yet is tried by its maker: one phone, near the village.
  const isInactive = !context.activated && (!isHome || !isFirst) && memory.inactive < L.inactiveLooks;
  if (isInactive) memory.inactive += 1;
  add(memory, points + (isInactive ? L.inactive : 0));
}

/** Time since delivery; when nobody told of it, since it must have come; of what was sold over a counter, since the first look. */
function latenessOf({ firstMs }: CopyMemory, atMs: number, { packedAtMs, deliveredAtMs }: LookContext): Lateness {
  const fromMs = deliveredAtMs ?? (packedAtMs === null ? (firstMs ?? atMs) : packedAtMs + L.transitDays * DAY_MS);
  return LATENESS_DAYS.find(([, days]) => atMs - fromMs < days * DAY_MS)?.[0] ?? 'stale';
}

/** A known phone far away: its owner travels; or it is another of the same kind. */
function wander(memory: CopyMemory, look: Look, place: Position): void {
  if (isJump(memory, place, look.atMs)) hop(memory);
  else if (look.mobile !== true) add(memory, L.wander);
}

/** A known phone where it cannot have come: its mobile network, its owner's line and a tunnel explain some such places, not any number. */
function hop(memory: CopyMemory): void {
  memory.hops += 1;
  if (memory.hops <= L.freeHops) return;
  memory.travel += 1;
  add(memory, L.hop);
}

function isJump({ last }: CopyMemory, place: Position, atMs: number): boolean {
  if (!last || last.lat === null || last.lon === null) return false;
  const km = kilometres({ latitude: last.lat, longitude: last.lon }, place);
  const hours = Math.max(Math.abs(atMs - last.atMs) / HOUR_MS, 0.05);
  return km > L.neighbourKm && km / hours > L.travelKmPerHour;
}

function add(memory: CopyMemory, points: number): void {
  memory.points = Math.max(L.floor, memory.points + points);
  memory.most = Math.max(memory.most, memory.points);
}

/** To about a kilometre; and no negative zero, which is no JSON. */
const round = (degrees: number): number => Math.round(degrees * 100) / 100 || 0;

function placeOf({ latitude, longitude }: Look): Position | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function note(list: string[], mark: string | null): void {
  if (mark !== null && !list.includes(mark) && list.length < MAX_MARKS) list.push(mark);
}

/** Why, the gravest first. */
function reasonsOf({ early, travel, places, late, hands }: CopyMemory, { activated }: LookContext): RiskReason[] {
  const found: RiskReason[] = [];
  if (!activated) found.push('not_activated');
  if (early > 0) found.push('before_shipping');
  if (travel > 0) found.push('impossible_travel');
  if (places > 1) found.push('many_places');
  if (late > 0) found.push('long_after_sale');
  if (found.length === 0 || (places <= 1 && hands > 3)) found.push('many_devices');
  return found;
}
