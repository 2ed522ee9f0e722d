/** What a hand-over does: states, lists and the scans that it stands for. Pure; the ledger and the tables are read before and written after. */
import type { ExceptionKind, HandoverRecord, HandoverWarning, ScanKind, TransportState, UnitLevel } from '#contracts';
import { derivedId } from '../record/record.id.js';
import { inState, openCargo, singleCargo, type Cargo, type Opening } from './cargo.opening.js';
import { foldHandovers, type FoldedHandover, type HandoverMark, type Journey } from './handover.fold.js';
import type { Conveyance, KeptBag, KeptManifest, ParcelStanding } from './transport.repository.js';

/** A scan that a hand-over stands for. */
export interface PlannedScan {
  readonly waybill: string;
  readonly kind: ScanKind;
  readonly exception?: ExceptionKind;
}

/** What becomes of a bag. */
export interface BagPlan {
  readonly code: string;
  readonly state: TransportState;
  readonly opening?: Opening;
}

/** What a hand-over does. */
export interface HandoverPlan {
  readonly warnings: readonly HandoverWarning[];
  readonly scans: readonly PlannedScan[];
  readonly bags: readonly BagPlan[];
  readonly manifest?: { readonly code: string; readonly state: TransportState };
  /** Parcels that leave the place. */
  readonly leaving: readonly string[];
}

/** The hand-over to be planned: its record, where it was made, and what the ledger knows of its parcels. */
export interface HandoverFacts {
  readonly record: HandoverRecord;
  readonly mark: HandoverMark;
  /** Level of the place's unit. */
  readonly level: UnitLevel | undefined;
  readonly parcels: ParcelStanding;
}

const ARRIVAL: Readonly<Partial<Record<UnitLevel, ScanKind>>> = {
  county: 'arrived_county',
  town: 'arrived_town',
  village: 'arrived_village',
};

/** One thing handed over: its list of parcels, and how the hand-over moves it. */
interface Item {
  readonly cargo: Cargo;
  readonly step: FoldedHandover;
  /** Scanned by the receiver who opened it. */
  readonly scanned: readonly string[] | undefined;
}

/** Plans a hand-over of a bag, or of a manifest with all its bags and single parcels. */
export function planHandover({ manifest, bags }: Conveyance, facts: HandoverFacts): HandoverPlan {
  const own = bags.map((bag) => planBag(bag, manifest !== null, facts));
  const single = manifest ? planManifest(manifest, bags, facts) : undefined;
  const items = [...own.map(({ item }) => item), ...(single ? [single.item] : [])];
  const openings = items.flatMap((item) => openingOf(item) ?? []);
  const step = single?.item.step ?? own[0]?.item.step;
  const warnings = new Set<HandoverWarning>(step?.warnings ?? []);
  if (!facts.record.sealIntact) warnings.add('seal_broken');
  if (openings.some(({ missing }) => missing.length > 0)) warnings.add('parcels_missing');
  if (openings.some(({ excess }) => excess.length > 0)) warnings.add('parcels_excess');
  return {
    warnings: [...warnings],
    scans: [...once(items.flatMap((item) => scansOf(item, facts))), ...scansInBags(single?.item, bags, facts)],
    bags: own.map(({ plan }) => plan),
    ...(single ? { manifest: single.plan } : {}),
    leaving: facts.mark.side === 'given' ? items.flatMap(({ cargo, step: { moved } }) => (moved ? packed(cargo) : [])) : [],
  };
}

function stepOf(journey: Journey, earlier: readonly HandoverMark[], mark: HandoverMark) {
  const { state, steps } = foldHandovers(journey, [...earlier.filter(({ id }) => id !== mark.id), mark]);
  const step = steps.find((folded) => folded.mark.id === mark.id);
  if (!step) throw new Error('A hand-over is part of its own fold');
  return { state, step };
}

/** A manifest's hand-over takes its bags along, and opens none of them. */
function planBag(bag: KeptBag, whole: boolean, { mark, record }: HandoverFacts): { item: Item; plan: BagPlan } {
  const marks = bag.handovers.map((kept) => (kept.code === bag.code ? kept : { ...kept, opened: false }));
  const { state, step } = stepOf(bag, marks, whole ? { ...mark, opened: false } : mark);
  const item = { cargo: bag.cargo, step, scanned: whole ? undefined : record.found };
  const opening = openingOf(item);
  return { item, plan: { code: bag.code, state, ...(opening ? { opening } : {}) } };
}

function planManifest(manifest: KeptManifest, bags: readonly KeptBag[], { mark, record }: HandoverFacts) {
  const { state, step } = stepOf(manifest, manifest.handovers, mark);
  const inBags = new Set(bags.flatMap(({ cargo }) => [...cargo.keys()]));
  const openings = manifest.handovers.filter(({ id, opened }) => opened && id !== mark.id).map(({ found }) => found);
  const cargo = singleCargo(manifest.waybills, openings, inBags);
  const scanned = record.found?.filter((waybill) => cargo.has(waybill) || !inBags.has(waybill));
  const shown: TransportState = state === 'opened' ? 'received' : state;
  return { item: { cargo, step, scanned }, plan: { code: manifest.code, state: shown } };
}

const openingOf = ({ cargo, scanned }: Item): Opening | undefined => scanned && openCargo(cargo, scanned);

/** The scans of one thing: departure, arrivals, and what is missing. */
function scansOf(item: Item, facts: HandoverFacts): PlannedScan[] {
  const { cargo, step } = item;
  if (facts.mark.side === 'given') return step.moved ? packed(cargo).map((waybill) => ({ waybill, kind: 'dispatched' })) : [];
  const opening = openingOf(item);
  if (opening) return scansOfOpening(opening, step, facts);
  // In a village each parcel is scanned by itself as it goes on the shelf.
  if (!step.moved || facts.level === 'village') return [];
  return packed(cargo).flatMap((waybill) => arrival(waybill, facts));
}

/** What was put in, whatever an opening found that was told of before: hand-overs make the same scans in whatever order they come. */
const packed = (cargo: Cargo): string[] => inState(cargo, 'listed', 'found', 'missing');

function scansOfOpening(opening: Opening, { arrivedBefore }: FoldedHandover, facts: HandoverFacts): PlannedScan[] {
  const { missing } = opening;
  // What was taken unopened has arrived; an unopened bag of a village has not.
  const known = arrivedBefore && facts.level !== 'village';
  const arrived = [...(known ? [] : opening.found), ...opening.turnedUp, ...opening.excess];
  return [
    ...arrived.flatMap((waybill) => arrival(waybill, facts)),
    ...[...opening.found, ...opening.turnedUp, ...opening.excess].flatMap((waybill) => closing(waybill, facts)),
    ...missing
      .filter((waybill) => !facts.parcels.elsewhere.has(waybill))
      .map((waybill): PlannedScan => ({ waybill, kind: 'exception_open', exception: 'missing' })),
  ];
}

/** Who scans a manifest's parcels in a village also meets those in its bags: they have arrived, though their bag is not opened by that. */
function scansInBags(single: Item | undefined, bags: readonly KeptBag[], facts: HandoverFacts): PlannedScan[] {
  if (!single || facts.level !== 'village' || !facts.record.found) return [];
  const listed = new Set(bags.flatMap(({ cargo }) => inState(cargo, 'listed')));
  return facts.record.found
    .filter((waybill) => listed.has(waybill) && !single.cargo.has(waybill))
    .flatMap((waybill) => arrival(waybill, facts));
}

function arrival(waybill: string, { level }: HandoverFacts): PlannedScan[] {
  const kind = level && ARRIVAL[level];
  return kind ? [{ waybill, kind }] : [];
}

/** A parcel that was missing is there. The arrival of an inbound parcel in a village closes that by itself. */
function closing(waybill: string, { level, parcels }: HandoverFacts): PlannedScan[] {
  if (!parcels.missing.has(waybill) || (level === 'village' && parcels.inbound.has(waybill))) return [];
  return [{ waybill, kind: 'exception_close', exception: 'missing' }];
}

/** A parcel that is on two lists is scanned once. */
function once(scans: readonly PlannedScan[]): PlannedScan[] {
  const seen = new Map(scans.map((scan) => [`${scan.waybill} ${scan.kind}`, scan]));
  return [...seen.values()];
}

/** The planned scans as `POST /api/scans` takes them; their ids are made from the record's. */
export function scansToSend(
  { id, occurredAt }: HandoverRecord,
  stationCode: string | undefined,
  scans: readonly PlannedScan[],
): Record<string, unknown>[] {
  return scans.map((scan) => ({ id: derivedId(id, scan.waybill, scan.kind), ...scan, occurredAt, stationCode }));
}
