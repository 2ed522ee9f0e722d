/**
 * Whether the looks at one code are those of one label, or of copies of it (docs/domain/copy-detection.md). A label is a thing: it is in one place at a
 * time, travels as parcels and people do, and is handled by few. Pure: what is remembered of the looks so far, and one look more, give the next memory and a
 * grade. Memory is bounded, whatever the number of looks.
 */
import type { RiskGrade, RiskReason } from '#contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Every limit and weight in one place; the document gives the reasons. */
export const COPY_LIMITS = {
  /** Looks within this distance are one area: a city and what lies around it. */
  areaKm: 100,
  /** Networks of a province come out in another of its cities: a nearer area weighs half. */
  farKm: 300,
  /** Faster than an airliner between two areas: not one label. */
  travelKmPerHour: 900,
  /** Before it is shipped, a label is near its village; looks from there are the makers' own. */
  homeKm: 200,
  /** A household looks within days of its parcel; a new device in an area after this is somebody else. */
  stragglerMs: 3.5 * DAY_MS,
  /** Areas further back than this are forgotten. */
  windowMs: 90 * DAY_MS,
  /** Food is eaten by then. */
  eatenAfterMs: 180 * DAY_MS,
  /** Points from which a code is suspicious. */
  high: 5,
  /** Points of a second area, and of each one more, when a new device brings it. */
  secondArea: 2,
  moreAreas: 3.5,
  /** Points of a further new device in an area that is not the first. */
  deviceElsewhere: 1,
  straggler: 2,
  /** Back where the label was before, in other hands. */
  comeback: 2,
  /** A photograph sent to a relative makes one such jump. */
  jump: 1,
  /** In one area alone a pack on a counter is looked at by many. */
  devicesInOneArea: 25,
  /** Networks whose place is unknown say little: a phone changes its own. With as many devices. */
  unknownNetworks: 8,
} as const;
const MAX_AREAS = 12;
const MAX_DEVICES = 32;

/** One look, as far as the formula needs it. `device` and `network` are short marks of salted hashes. */
export interface Look {
  readonly atMs: number;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly network: string | null;
  readonly device: string | null;
}

/** What else is known of the code at the time of the look. */
export interface LookContext {
  readonly activated: boolean;
  readonly packedAtMs: number | null;
  readonly deliveredAtMs: number | null;
  /** Where the lot is from. */
  readonly home: { readonly latitude: number; readonly longitude: number } | null;
}

interface Area {
  readonly lat: number;
  readonly lon: number;
  readonly firstMs: number;
  lastMs: number;
  /** New devices came after a household's days. */
  late?: boolean;
}

/** What is remembered of a code's looks; small, and JSON. */
export interface CopyMemory {
  areas: Area[];
  devices: string[];
  networks: string[];
  /** Index of the area of the latest look with a place. */
  at: number | null;
  /** Points for places, for devices and for travel. */
  places: number;
  hands: number;
  travel: number;
  early: boolean;
  late: boolean;
}

export const emptyMemory = (): CopyMemory => ({
  areas: [],
  devices: [],
  networks: [],
  at: null,
  places: 0,
  hands: 0,
  travel: 0,
  early: false,
  late: false,
});

/** A look judged with all before it. */
export interface CopyJudgement {
  readonly memory: CopyMemory;
  readonly risk: RiskGrade;
  readonly reasons: readonly RiskReason[];
}

/** Kilometres between two points on the sphere. */
export function kilometres(a: { latitude: number; longitude: number }, b: { latitude: number; longitude: number }): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [phi, psi] = [radians(a.latitude), radians(b.latitude)];
  const half = (x: number): number => Math.sin(x / 2) ** 2;
  const chord = half(psi - phi) + Math.cos(phi) * Math.cos(psi) * half(radians(b.longitude - a.longitude));
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Judges one look more. */
export function judge(before: CopyMemory, look: Look, context: LookContext): CopyJudgement {
  const memory = remember(before, look, context);
  const reasons = reasonsOf(memory, context);
  const high = reasons.some((reason) => reason.high);
  return {
    memory,
    risk: reasons.length === 0 ? 'none' : high ? 'high' : 'low',
    reasons: reasons.map(({ reason }) => reason),
  };
}

function remember(before: CopyMemory, look: Look, context: LookContext): CopyMemory {
  const memory: CopyMemory = {
    ...before,
    areas: before.areas.map((area) => ({ ...area })),
    devices: [...before.devices],
    networks: [...before.networks],
  };
  const isNew = look.device !== null && !memory.devices.includes(look.device);
  const place = placeOf(look);
  if (!place) note(memory.networks, look.network);
  else if (isEarly(place, look.atMs, context)) memory.early = true;
  // The makers try their own labels.
  const isHome = place && context.home !== null && kilometres(place, context.home) <= COPY_LIMITS.homeKm;
  if (place && !isHome) {
    enterArea(memory, place, look.atMs, isNew);
    const { deliveredAtMs } = context;
    if (deliveredAtMs !== null && look.atMs - deliveredAtMs > COPY_LIMITS.eatenAfterMs && isNew && memory.areas.length > 1)
      memory.late = true;
  }
  if (!isHome) note(memory.devices, look.device);
  return memory;
}

function isEarly(place: { latitude: number; longitude: number }, atMs: number, { packedAtMs, home }: LookContext): boolean {
  return packedAtMs !== null && atMs < packedAtMs && home !== null && kilometres(place, home) > COPY_LIMITS.homeKm;
}

function enterArea(memory: CopyMemory, place: { latitude: number; longitude: number }, atMs: number, isNew: boolean): void {
  const L = COPY_LIMITS;
  const last = memory.at === null ? undefined : memory.areas[memory.at];
  const areas = memory.areas.filter((area) => atMs - area.lastMs <= L.windowMs);
  const known = areas.find((area) => distanceTo(area, place) <= L.areaKm);
  const moved = last !== undefined && last !== known;
  // No label jumps, in whose hands ever. Networks of a province do.
  if (moved && distanceTo(last, place) > L.farKm && isJump(last, place, atMs)) memory.travel += L.jump;
  // The same hands may travel with a label; new hands elsewhere are what copies have.
  if (isNew) {
    if (!known) memory.places += newAreaPoints(areas, place);
    else {
      const isLate = atMs - known.firstMs > L.stragglerMs;
      if (isLate) known.late = true;
      const isSpread = areas.some((area) => distanceTo(area, place) > L.farKm);
      if (isSpread && isLate) memory.hands += L.straggler;
      else if (isSpread && areas.indexOf(known) > 0) memory.hands += L.deviceElsewhere;
      if (moved && distanceTo(last, place) > L.farKm) memory.places += L.comeback;
    }
  }
  const here = known ?? { lat: round(place.latitude), lon: round(place.longitude), firstMs: atMs, lastMs: atMs };
  here.lastMs = Math.max(here.lastMs, atMs);
  if (!known) areas.push(here);
  memory.areas = areas.slice(-MAX_AREAS);
  memory.at = memory.areas.indexOf(here);
}

/** The first area weighs nothing; devices that were in it for longer than a household takes turn out to be stragglers by a second one. */
function newAreaPoints(areas: readonly Area[], place: { latitude: number; longitude: number }): number {
  const L = COPY_LIMITS;
  if (areas.length === 0) return 0;
  const points = areas.length === 1 ? L.secondArea + L.deviceElsewhere : L.moreAreas;
  const stragglers = areas.length === 1 && areas[0]?.late ? L.straggler : 0;
  return areas.every((area) => distanceTo(area, place) > L.farKm) ? points + stragglers : points / 2;
}

const round = (degrees: number): number => Math.round(degrees * 100) / 100;

function isJump(last: Area, place: { latitude: number; longitude: number }, atMs: number): boolean {
  const hours = Math.max(Math.abs(atMs - last.lastMs) / HOUR_MS, 0.05);
  const km = distanceTo(last, place);
  return km > COPY_LIMITS.areaKm && km / hours > COPY_LIMITS.travelKmPerHour;
}

const distanceTo = (area: Area, place: { latitude: number; longitude: number }): number =>
  kilometres({ latitude: area.lat, longitude: area.lon }, place);

function placeOf({ latitude, longitude }: Look): { latitude: number; longitude: number } | undefined {
  return latitude === null || longitude === null ? undefined : { latitude, longitude };
}

function note(list: string[], mark: string | null): void {
  if (mark !== null && !list.includes(mark) && list.length < MAX_DEVICES) list.push(mark);
}

function reasonsOf(memory: CopyMemory, context: LookContext): { reason: RiskReason; high: boolean }[] {
  const { areas, devices, networks, places, hands, travel } = memory;
  const L = COPY_LIMITS;
  const isHigh = places + hands + travel >= L.high;
  const found: { reason: RiskReason; high: boolean }[] = [];
  const add = (reason: RiskReason, high: boolean): unknown => found.push({ reason, high });
  if (!context.activated) add('not_activated', true);
  if (memory.early) add('before_shipping', true);
  if (travel > 0) add('impossible_travel', isHigh);
  if (areas.length > 1 && places > 0) add('many_places', isHigh);
  else if (networks.length >= L.unknownNetworks && devices.length >= L.unknownNetworks) add('many_places', true);
  if (hands > L.deviceElsewhere) add('many_devices', isHigh);
  else if (devices.length >= L.devicesInOneArea) add('many_devices', true);
  if (memory.late) add('long_after_sale', true);
  return found;
}
