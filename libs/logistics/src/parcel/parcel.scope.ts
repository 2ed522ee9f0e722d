import { dayOf } from '#contracts';
import { scopeAllows, type DirectorySnapshot, type UnitNode } from '#directory';
import { DomainError, notFound, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { ParcelFold } from './parcel.fold.js';

/**
 * Whether the caller may see a parcel: it belongs to the caller's unit or below, or was handled there; a keeper also what their stations
 * handled; a carrier's program its own carrier's parcels only.
 */
export function maySeeParcel(facts: SnapshotFacts, principal: Principal, parcel: ParcelFold): boolean {
  if (principal.carrierCode !== undefined && parcel.carrierCode !== principal.carrierCode) return false;
  const { snapshot } = facts;
  const unit = snapshot.unit(principal.unitId);
  if (!unit || unit.level === 'province' || unit.level === 'prefecture' || unit.level === 'county') return true;
  const units = new Set([parcel.villageId ?? parcel.townId]);
  for (const { event, own } of parcel.timeline) {
    if (!own) continue;
    if (event.stationId !== null && principal.stationIds.includes(event.stationId)) return true;
    if (principal.role !== 'station') units.add(event.unitId);
  }
  return [...units].some((unitId) => unitId !== null && scopeAllows(snapshot, principal, unitId));
}

/** Keys of the counties whose rows the caller may look into; each once. */
export function countiesOf(facts: SnapshotFacts, principal: Principal, now: Date): string[] {
  const own = facts.countyOf(principal.unitId);
  if (own !== '') return [own];
  const counties = facts.snapshot
    .unitsOfLevel('county', dayOf(now))
    .filter((county) => scopeAllows(facts.snapshot, principal, county.id));
  return [...new Set(counties.map((county) => facts.countyOf(county.id)))];
}

/**
 * The unit that a list asks for, the caller's own by default; one that the caller may not see does not exist for them.
 * @throws DomainError `not_found` 404
 */
export function listedUnit(snapshot: DirectorySnapshot, principal: Principal, code: string | undefined): UnitNode {
  const unit = code === undefined ? snapshot.unit(principal.unitId) : snapshot.unitByCode(code);
  if (!unit || !scopeAllows(snapshot, principal, unit.id)) throw notFound(code ?? '');
  return unit;
}

/**
 * Key of the one county that a unit's rows are kept under.
 * @throws DomainError `county_required` 400 for a unit above several counties
 */
export function countyKeyOf(facts: SnapshotFacts, principal: Principal, unit: UnitNode, now: Date): string {
  const own = facts.countyOf(unit.id);
  if (own !== '') return own;
  const [only, ...others] = countiesOf(facts, { ...principal, unitId: unit.id }, now);
  if (only === undefined || others.length > 0) throw new DomainError('county_required', 400);
  return only;
}
