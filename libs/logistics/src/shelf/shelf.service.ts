import { Injectable } from '@nestjs/common';
import { dayOf, type Shelf, type ShelfFindQuery, type ShelfParcel } from '#contracts';
import { DirectoryReader, type StationNode } from '#directory';
import { Clock, Database, SecretBox, type Principal } from '#platform';
import { stationAsked } from '../closing/station.reach.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { readExpected, readIntercepted, readShelf } from './shelf.repository.js';
import { expectedParcels, shelfParcel, shelfTag } from './shelf.view.js';

const DAY_MS = 86_400_000;
/** A parcel of which nothing was heard for longer is not expected any more. */
const EXPECTED_DAYS = 21;
const MAX_FOUND = 50;

/** A shelf, or only its tag when the caller has it already. */
export interface TaggedShelf {
  readonly tag: string;
  /** Makes the answer. */
  shelf(): Shelf;
}

/** What lies on a station's shelf and what is on its way there. */
@Injectable()
export class ShelfService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` 404 for a station that the caller may not look into, `station_required` 400 */
  async read(principal: Principal, stationCode: string | undefined): Promise<TaggedShelf> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const station = stationAsked(facts, principal, stationCode);
    const countyCode = facts.countyOf(station.unitId);
    const now = this.clock.now();
    const since = new Date(now.getTime() - EXPECTED_DAYS * DAY_MS);
    const { own, around } = reachOf(facts, station, now);
    const [rows, underWay, intercepted] = await Promise.all([
      readShelf(this.database, countyCode, station.id),
      readExpected(this.database, countyCode, [...own], since),
      readIntercepted(this.database, countyCode, around, since),
    ]);
    const here = new Set(rows.map(({ waybill }) => waybill));
    const expected = expectedParcels(underWay, intercepted, own).filter(({ waybill }) => !here.has(waybill));
    const { overdueHours } = facts.snapshot.parameters(countyCode);
    const ownPeople = isOf(principal, station);
    return {
      tag: shelfTag(rows, expected, overdueHours, station.code, ownPeople),
      shelf: () => ({
        stationCode: station.code,
        asOf: now.toISOString(),
        parcels: rows.map((row) => shelfParcel(row, this.secrets, ownPeople)),
        expected,
        overdueHours,
      }),
    };
  }

  /** Parcels on the shelf by what the person at the counter says. @throws as `read` */
  async find(principal: Principal, query: ShelfFindQuery): Promise<ShelfParcel[]> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const station = stationAsked(facts, principal, query.stationCode);
    const ownPeople = isOf(principal, station);
    const { tail, name, pickupCode } = query;
    const filter = {
      ...(tail === undefined ? {} : { phoneTail: this.secrets.tail(tail) }),
      ...(pickupCode === undefined ? {} : { shelfCode: pickupCode.replaceAll('\0', '') }),
    };
    const rows = await readShelf(this.database, facts.countyOf(station.unitId), station.id, filter);
    // Names are sealed each for itself, and a shelf holds a few hundred of them: they are opened and compared.
    const found = name === undefined ? rows : rows.filter((row) => row.name && this.secrets.decrypt(row.name).startsWith(name));
    return found.slice(0, MAX_FOUND).map((row) => shelfParcel(row, this.secrets, ownPeople));
  }
}

/** Whether the caller is of the station's own people: its keeper, or staff of the very unit whose hall it is. */
const isOf = (principal: Principal, station: StationNode): boolean =>
  principal.stationIds.includes(station.id) || (principal.role !== 'station' && station.unitId === principal.unitId);

/**
 * Units whose parcels are a station's own, and those among which it may meet one that is to be held back: its town's. What is on its way to a whole
 * county is no station's business.
 */
function reachOf(facts: SnapshotFacts, station: StationNode, now: Date): { own: ReadonlySet<string>; around: string[] } {
  const { snapshot, levelOf } = facts;
  const day = dayOf(now);
  const unitId = facts.villageOn(station.unitId, day);
  const level = levelOf(unitId);
  const served = facts.villagesServed(station.id, day);
  const roots = level === 'village' || level === 'town' ? [unitId, ...served] : served;
  const town = snapshot.ancestor(unitId, 'town', day) ?? snapshot.unit(unitId);
  return { own: new Set(roots.flatMap((root) => facts.within(root))), around: facts.within(town?.id ?? unitId) };
}
