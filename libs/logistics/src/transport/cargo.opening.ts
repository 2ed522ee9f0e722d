/** What an opening makes of the list of parcels: pure, and the same however often the same was found. */
import type { BagDetail } from '#contracts';

/** State of a parcel on a list. */
export type CargoState = BagDetail['waybills'][number]['state'];
export type Cargo = ReadonlyMap<string, CargoState>;

/** What changes by an opening. */
export interface Opening {
  /** Listed, and there. */
  readonly found: readonly string[];
  /** Missing until now, and there. */
  readonly turnedUp: readonly string[];
  /** Listed, and not there. */
  readonly missing: readonly string[];
  /** Not listed, and there. */
  readonly excess: readonly string[];
}

/** Compares a list with what the receiver scanned. What an earlier opening found stays found. */
export function openCargo(cargo: Cargo, scanned: readonly string[]): Opening {
  const there = new Set(scanned);
  const of = (state: CargoState) => [...cargo].flatMap(([waybill, own]) => (own === state ? [waybill] : []));
  return {
    found: of('listed').filter((waybill) => there.has(waybill)),
    turnedUp: of('missing').filter((waybill) => there.has(waybill)),
    missing: of('listed').filter((waybill) => !there.has(waybill)),
    excess: [...there].filter((waybill) => !cargo.has(waybill)),
  };
}

/** The list after an opening. */
export function afterOpening(cargo: Cargo, { found, turnedUp, missing, excess }: Opening): Cargo {
  const after = new Map(cargo);
  const set = (waybills: readonly string[], state: CargoState) => waybills.forEach((waybill) => after.set(waybill, state));
  set(found, 'found');
  set(turnedUp, 'found');
  set(missing, 'missing');
  set(excess, 'excess');
  return after;
}

/** Single parcels of a manifest after its openings; what is in its bags is neither missing nor excess. */
export function singleCargo(
  waybills: readonly string[],
  openings: readonly (readonly string[])[],
  inBags: ReadonlySet<string>,
): Cargo {
  const listed: Cargo = new Map(waybills.map((waybill) => [waybill, 'listed']));
  return openings.reduce<Cargo>(
    (cargo, scanned) =>
      afterOpening(
        cargo,
        openCargo(
          cargo,
          scanned.filter((waybill) => cargo.has(waybill) || !inBags.has(waybill)),
        ),
      ),
    listed,
  );
}

/** Waybills of a list in one of the states. */
export const inState = (cargo: Cargo, ...states: readonly CargoState[]): string[] =>
  [...cargo].flatMap(([waybill, state]) => (states.includes(state) ? [waybill] : []));
