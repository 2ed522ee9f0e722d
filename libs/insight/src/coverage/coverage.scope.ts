import { dayOf, type Day, type Period, type UnitLevel } from '#contracts';
import { assertScope, DirectoryReader, type DirectorySnapshot, type UnitNode } from '#directory';
import { Clock, notFound, type Principal } from '#platform';
import { Injectable } from '@nestjs/common';
import { cutDayOf } from './coverage.facts.js';

/** What a request about coverage asks for, found and allowed. */
export interface CoverageQuestion {
  readonly snapshot: DirectorySnapshot;
  readonly unit: UnitNode;
  readonly period: Period;
  /** The day as of which the units are seen: the month's last, today while it runs or is yet to come. */
  readonly cut: Day;
  readonly now: Date;
  /** Codes under which the rows of the unit's counties are kept: one, or several for a unit above counties. */
  readonly countyCodes: readonly string[];
}

/** Levels that stored months exist for. */
export const STORED_LEVELS: ReadonlySet<UnitLevel> = new Set(['county', 'town', 'village']);

/** Finds the unit that is asked for and checks that the caller may see it. */
@Injectable()
export class CoverageScope {
  constructor(
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` 404 for an unknown unit, `forbidden` 403 for one outside of the caller's */
  async question(principal: Principal, code: string, period: Period): Promise<CoverageQuestion> {
    const snapshot = await this.reader.snapshot();
    const now = this.clock.now();
    const cut = cutDayOf(period, dayOf(now));
    const unit = unitOf(snapshot, code, cut);
    assertScope(snapshot, principal, unit.id);
    const counties = STORED_LEVELS.has(unit.level)
      ? [unit.id]
      : snapshot.descendants(unit.id, 'county', cut).map((county) => county.id);
    return { snapshot, unit, period, cut, now, countyCodes: [...new Set(counties.map((id) => snapshot.countyCodeOf(id)))] };
  }

  /** The unit that a stream is about, as it is now. @throws DomainError as `question` */
  async unit(principal: Principal, code: string): Promise<UnitNode> {
    const snapshot = await this.reader.snapshot();
    const unit = unitOf(snapshot, code, dayOf(this.clock.now()));
    assertScope(snapshot, principal, unit.id);
    return unit;
  }
}

/** The unit that bears the code on the day; one that bore it last, when none does. */
function unitOf(snapshot: DirectorySnapshot, code: string, day: Day): UnitNode {
  const unit = snapshot.unitByCode(code, day) ?? snapshot.unitByCode(code);
  if (!unit) throw notFound(code);
  return unit;
}
