/** Bags and manifests as this phone knows them: the county's lists with this phone's own records upon them, which may not be sent yet. Pure. */
import type {
  BagDetail,
  BagRecord,
  BagView,
  HandoverRecord,
  ManifestDetail,
  ManifestRecord,
  ManifestView,
  PlaceInput,
  TransportState,
} from '#contracts';

/** Where somebody works: at a station, or in a unit's sorting hall. */
export interface WorkPlace {
  readonly unitCode: string;
  readonly stationCode?: string | undefined;
}
/** What the county said of a place. */
export interface TransportLists {
  readonly bags: { readonly out: readonly BagView[]; readonly in: readonly BagView[] };
  readonly manifests: { readonly out: readonly ManifestView[]; readonly in: readonly ManifestView[] };
}
/** What this phone made. */
export interface OwnRecords {
  readonly bags: readonly BagRecord[];
  readonly manifests: readonly ManifestRecord[];
  readonly handovers: readonly HandoverRecord[];
}
/** A bag or a manifest in a list. */
export interface Cargo {
  readonly kind: 'bag' | 'manifest';
  readonly code: string;
  readonly way: 'out' | 'in';
  /** Names of the other end; `undefined` where only the place's code is known. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly toPlace: PlaceInput;
  readonly state: TransportState;
  readonly at: string;
  readonly parcels: number;
  readonly missing: number;
  readonly excess: number;
  readonly route?: string | undefined;
  readonly manifestCode?: string | undefined;
  /** Only this phone knows it yet. */
  readonly local: boolean;
}

/** How far along a state is: a phone that was offline never turns a bag back. */
const STATE_RANK: Readonly<Record<TransportState, number>> = { sealed: 0, on_the_way: 1, received: 2, opened: 3 };
type PlaceView = BagView['from'];

/** Whether a place is where somebody works; a hall and its station are one floor. */
export function isHere(place: { unitCode?: string | undefined; stationCode?: string | undefined }, here: WorkPlace): boolean {
  if (place.stationCode !== undefined && here.stationCode !== undefined) return place.stationCode === here.stationCode;
  return place.unitCode === here.unitCode;
}

/** The state after what this phone scanned since. */
export function stateAfter(state: TransportState, kind: Cargo['kind'], own: readonly HandoverRecord[]): TransportState {
  return own.reduce((now, { side, found }): TransportState => {
    const next = side === 'given' ? 'on_the_way' : found && kind === 'bag' ? 'opened' : 'received';
    return STATE_RANK[next] > STATE_RANK[now] ? next : now;
  }, state);
}

const nameOf = (place: PlaceView): string => place.stationName ?? place.unitName;
const inputOf = ({ stationCode, unitCode }: PlaceView): PlaceInput =>
  stationCode === undefined ? { unitCode } : { stationCode };

function ofServer(view: BagView | ManifestView, way: 'out' | 'in'): Cargo {
  const isBag = 'sealedAt' in view;
  return {
    kind: isBag ? 'bag' : 'manifest',
    code: view.code,
    way,
    from: nameOf(view.from),
    to: nameOf(view.to),
    toPlace: inputOf(view.to),
    state: view.state,
    at: isBag ? view.sealedAt : view.createdAt,
    parcels: view.parcels,
    missing: isBag ? view.missing : 0,
    excess: isBag ? view.excess : 0,
    route: isBag ? undefined : view.route,
    manifestCode: isBag ? view.manifestCode : undefined,
    local: false,
  };
}

function ofPhone(record: BagRecord | ManifestRecord, bags: ReadonlyMap<string, Cargo>): Cargo {
  const isManifest = 'route' in record;
  const inBags = isManifest ? record.bags.reduce((sum, code) => sum + (bags.get(code)?.parcels ?? 0), 0) : 0;
  return {
    kind: isManifest ? 'manifest' : 'bag',
    code: record.code,
    way: 'out',
    toPlace: record.to,
    state: 'sealed',
    at: record.occurredAt,
    parcels: record.waybills.length + inBags,
    missing: 0,
    excess: 0,
    route: isManifest ? record.route : undefined,
    local: true,
  };
}

/** Everything that leaves a place or comes to it, the newest first. */
export function cargoOf(lists: TransportLists | undefined, own: OwnRecords, here: WorkPlace): Cargo[] {
  const known = new Map<string, Cargo>();
  for (const way of ['out', 'in'] as const)
    for (const view of [...(lists?.bags[way] ?? []), ...(lists?.manifests[way] ?? [])])
      if (isHere(way === 'out' ? view.from : view.to, here)) known.set(view.code, ofServer(view, way));
  for (const record of [...own.bags, ...own.manifests])
    if (!known.has(record.code)) known.set(record.code, ofPhone(record, known));
  const loadedOn = new Map(own.manifests.flatMap((manifest) => manifest.bags.map((code) => [code, manifest.code] as const)));
  return [...known.values()]
    .map((cargo) => {
      const manifestCode = cargo.manifestCode ?? loadedOn.get(cargo.code);
      // What is done with a manifest is done with its bags.
      const codes = new Set([cargo.code, manifestCode]);
      const handovers = own.handovers.filter(
        ({ code, found }) => codes.has(code) && (code === cargo.code || found === undefined),
      );
      return { ...cargo, manifestCode, state: stateAfter(cargo.state, cargo.kind, handovers) };
    })
    .sort((a, b) => b.at.localeCompare(a.at) || a.code.localeCompare(b.code));
}

/** The code of the closed bag or manifest of this place that holds each waybill, as far as the phone knows. */
export function packedIn(details: Iterable<BagDetail | ManifestDetail>, own: OwnRecords): Map<string, string> {
  const packed = new Map<string, string>();
  for (const detail of details) {
    if (detail.state === 'opened' || detail.state === 'received') continue;
    for (const entry of detail.waybills) packed.set(typeof entry === 'string' ? entry : entry.waybill, detail.code);
  }
  const opened = new Set(own.handovers.filter(({ found }) => found !== undefined).map(({ code }) => code));
  for (const { code, waybills } of [...own.bags, ...own.manifests])
    if (!opened.has(code)) for (const waybill of waybills) packed.set(waybill, code);
  return packed;
}

/** What is on the list of a bag, or of a manifest's single parcels. */
export function listedOf(
  detail: BagDetail | ManifestDetail | BagRecord | ManifestRecord | undefined,
): readonly string[] | undefined {
  return detail?.waybills.flatMap((entry) =>
    typeof entry === 'string' ? [entry] : entry.state === 'excess' ? [] : [entry.waybill],
  );
}

export interface Count {
  readonly matched: readonly string[];
  readonly missing: readonly string[];
  readonly excess: readonly string[];
}

/** What an opening shows: what is there of the list, what is not, and what is there besides. Without a list all of it is besides. */
export function countOf(listed: readonly string[], found: readonly string[]): Count {
  const [list, there] = [new Set(listed), new Set(found)];
  return {
    matched: [...list].filter((waybill) => there.has(waybill)),
    missing: [...list].filter((waybill) => !there.has(waybill)),
    excess: [...there].filter((waybill) => !list.has(waybill)),
  };
}

/** Letters and digits that nobody takes for one another. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new code for a seal (`B`) or a manifest (`M`): the day, and chance enough that two phones never make the same. */
export function transportCode(letter: 'B' | 'M', day: string, random: (below: number) => number): string {
  const tail = Array.from({ length: 6 }, () => ALPHABET[random(ALPHABET.length)] ?? '2').join('');
  return `${letter}${day.slice(2).replaceAll('-', '')}-${tail}`;
}

/** Parcels and bags that went to each place on a day, by its code. */
export function sentTo(
  cargo: readonly Cargo[],
  isToday: (instant: string) => boolean,
): Map<string, { bags: number; parcels: number }> {
  const sums = new Map<string, { bags: number; parcels: number }>();
  for (const { kind, way, at, parcels, toPlace } of cargo) {
    if (kind !== 'bag' || way !== 'out' || !isToday(at)) continue;
    const key = toPlace.stationCode ?? toPlace.unitCode ?? '';
    const sum = sums.get(key) ?? { bags: 0, parcels: 0 };
    sums.set(key, { bags: sum.bags + 1, parcels: sum.parcels + parcels });
  }
  return sums;
}
