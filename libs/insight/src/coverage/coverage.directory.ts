/** Master data as coverage looks at it: histories of villages, and who belongs to whom in a month. Pure. */
import { addDays, firstDayOf, type Day, type Parameters, type Period } from '#contracts';
import { coversDay, type DirectorySnapshot, type RelationNode, type UnitNode } from '#directory';
import { cutDayOf, uniteDays, type DayFacts } from './coverage.facts.js';
import { UnitDescent } from './unit.descent.js';
import type { Life, Service, VillageHistory } from './village.assessment.js';

/** A village's registered service on a day, for evidence: the relation and whether its station is the village's own. */
export interface VillageRelation extends Service {
  readonly relation: RelationNode;
}

/** One county's view of a directory snapshot. Made once for a computation. */
export class CoverageDirectory {
  readonly descent: UnitDescent;
  readonly parameters: Parameters;

  constructor(
    readonly snapshot: DirectorySnapshot,
    readonly countyCode: string,
  ) {
    // A unit that crosses the county's border ends here and begins there: what is kept under one county's code stays with it.
    const within = (id: string): boolean => snapshot.countyCodeOf(id) === countyCode;
    this.descent = new UnitDescent(snapshot.lineage().filter((link) => within(link.predecessorId) && within(link.successorId)));
    this.parameters = snapshot.parameters(countyCode);
  }

  /** The unit as of a day of its life nearest to `day`: as it last was when it has ended, as it began when it is yet to come. */
  unitNear(id: string, day: Day): UnitNode | undefined {
    const latest = this.snapshot.unit(id);
    if (!latest) return undefined;
    const last = latest.validTo === null ? day : addDays(latest.validTo, -1);
    const near = day < latest.validFrom ? latest.validFrom : day > last ? last : day;
    return this.snapshot.unit(id, near) ?? latest;
  }

  /** The unit that this one's figures of a month are part of, mergers of the upper unit followed; null at the county. */
  parentIn(id: string, cut: Day): string | null {
    const unit = this.unitNear(id, cut);
    if (!unit || unit.level === 'county' || unit.parentId === null) return null;
    return this.descent.currentOf(unit.parentId, cut);
  }

  /** The unit and what has been merged into it by a day: their facts are taken together. */
  membersOf(id: string, day: Day): string[] {
    return [id, ...this.descent.mergedInto(id, day)];
  }

  /** Villages of the county that exist on any day of the month up to the as-of day, in no order. */
  villagesIn(period: Period, asOfDay: Day): Set<string> {
    const villages = new Set<string>();
    const cut = cutDayOf(period, asOfDay);
    for (let day = firstDayOf(period); day <= cut; day = addDays(day, 1)) {
      for (const county of this.snapshot.unitsOfLevel('county', day)) {
        if (this.snapshot.countyCodeOf(county.id) !== this.countyCode) continue;
        for (const village of this.snapshot.descendants(county.id, 'village', day)) villages.add(village.id);
      }
    }
    return villages;
  }

  /** Whether the unit exists on any day from one to another, both inclusive. */
  existsWithin(id: string, from: Day, to: Day): boolean {
    const unit = this.snapshot.unit(id);
    return unit !== undefined && unit.validFrom <= to && (unit.validTo === null || unit.validTo > from);
  }

  /** First and last day of the unit's existence, predecessors that were merged into it by a day included. */
  lifeSpanOf(id: string, day: Day): { from: Day; to: Day } {
    const lives = this.membersOf(id, day).flatMap((member) => this.lifeOf(member) ?? []);
    const from = lives.map((life) => life.from).sort()[0] ?? day;
    const ends = lives.map((life) => (life.to === null ? '9999-12-31' : addDays(life.to, -1)));
    return { from, to: ends.sort().at(-1) ?? day };
  }

  /** All that bears on a village's assessment in the month that ends (or is looked at) on `cut`. */
  historyOf(id: string, cut: Day, factsOf: (unitId: string) => Iterable<DayFacts>): VillageHistory | undefined {
    const members = this.membersOf(id, cut);
    const [life, ...predecessors] = members.map((member) => this.lifeOf(member));
    if (!life) return undefined;
    return {
      life,
      predecessors: predecessors.filter((predecessor) => predecessor !== undefined),
      services: this.relationsOf(id, cut),
      days: uniteDays(members.flatMap((member) => [...factsOf(member)])),
    };
  }

  /** Relations of a village and of what was merged into it, valid on the day, through a station that still exists. */
  relationsOf(id: string, day: Day): VillageRelation[] {
    return this.membersOf(id, day)
      .flatMap((member) => this.snapshot.relationsOf(member))
      .filter((relation) => coversDay(relation.validFrom, relation.validTo, day))
      .flatMap((relation) => {
        const station = this.snapshot.station(relation.stationId);
        if (!station || !coversDay(station.validFrom, station.validTo, day)) return [];
        const ownStation = this.descent.currentOf(station.unitId, day) === id;
        return [{ mode: relation.mode, ownStation, validFrom: relation.validFrom, validTo: relation.validTo, relation }];
      });
  }

  private lifeOf(id: string): Life | undefined {
    const unit = this.snapshot.unit(id);
    return unit && { from: unit.validFrom, to: unit.validTo, suspensions: this.snapshot.suspensionsOf(id) };
  }
}
