/** Pure planning of a unit's next version: renamed, recoded or moved from a day on; what was before stays as it was. */
import { UNIT_LEVELS, type Day } from '#contracts';
import { DomainError, notFound } from '#platform';
import type { UnitNode, UnitVersionRow } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { levelAbove } from '../model/unit.code.js';
import { assertCodeFits, assertCodeFree, emptyPlan, openUnit, type UnitPlan } from './unit.plan.js';

/** What changes from `validFrom` on; what is absent stays. */
export interface VersionInput {
  validFrom: Day;
  code?: string;
  name?: string;
  /** Code of the new parent, as of `validFrom`. */
  parentCode?: string;
  urbanRural?: string | null;
}

type Latest = ReturnType<DirectorySnapshot['versionsOf']>[number];

/**
 * Plans a unit's next version. A version of the same first day is corrected in place. When a code changes, the units below
 * get the new beginning from the same day. Nothing is planned when nothing differs.
 * @throws DomainError `unit_closed`, `version_not_latest`, `code_parent_mismatch`, `code_taken`, `county_change`, `parent_level` 409, `not_found` 404
 */
export function planVersion(
  snapshot: DirectorySnapshot,
  unitId: string,
  input: VersionInput,
  plan: UnitPlan = emptyPlan(),
): UnitPlan {
  const latest = latestOf(snapshot, unitId, input.validFrom);
  const parent = input.parentCode === undefined ? undefined : newParent(snapshot, latest.node, input.parentCode, input.validFrom);
  const current = latest.node.parentId === null ? undefined : snapshot.unit(latest.node.parentId, input.validFrom);
  const next: UnitVersionRow = {
    unitId,
    validFrom: input.validFrom,
    validTo: null,
    code: input.code ?? latest.node.code,
    name: input.name ?? latest.node.name,
    parentId: parent?.id ?? latest.node.parentId,
    urbanRural: input.urbanRural === undefined ? latest.node.urbanRural : input.urbanRural,
  };
  assertCodeFits(next.code, latest.node.level, (parent ?? current)?.code ?? null);
  addVersion(snapshot, plan, latest, next);
  if (next.code !== latest.node.code) recodeBelow(snapshot, plan, latest.node, next);
  return plan;
}

/** The version in force, to be followed by one from the day on. */
export function latestOf(snapshot: DirectorySnapshot, unitId: string, validFrom: Day): Latest {
  const latest = snapshot.versionsOf(unitId).at(-1);
  if (!latest) throw notFound(unitId);
  if (latest.to !== null) throw new DomainError('unit_closed', 409, { code: latest.node.code, day: latest.to });
  if (validFrom < latest.from) throw new DomainError('version_not_latest', 409, { code: latest.node.code, day: latest.from });
  return latest;
}

/** Puts the next version of a unit into a plan, unless it says the same as the one before. */
export function addVersion(
  snapshot: DirectorySnapshot,
  plan: UnitPlan,
  latest: Latest,
  next: UnitVersionRow,
  leaving: readonly string[] = [],
): void {
  const before = latest.node;
  const moved = next.parentId !== before.parentId;
  const same = !moved && next.code === before.code && next.name === before.name && next.urbanRural === before.urbanRural;
  if (same) return;
  if (next.code !== before.code) assertCodeFree(snapshot, next.code, next.validFrom, [before.id, ...leaving]);
  if (next.validFrom > latest.from)
    plan.closedVersions.push({ unitId: before.id, validFrom: latest.from, validTo: next.validFrom });
  plan.versions.push(next);
  if (!moved) return;
  const countyCode = snapshot.countyCodeOf(before.id);
  for (const unitId of [before.id, before.parentId, next.parentId])
    if (unitId !== null) plan.touched.push({ countyCode, unitId, from: next.validFrom });
}

/** The units below a recoded one begin with its new code. */
function recodeBelow(snapshot: DirectorySnapshot, plan: UnitPlan, before: UnitNode, after: UnitVersionRow): void {
  for (const child of snapshot.children(before.id, after.validFrom)) {
    const latest = latestOf(snapshot, child.id, after.validFrom);
    const { name, parentId, urbanRural } = latest.node;
    const code = after.code + latest.node.code.slice(before.code.length);
    const next = { unitId: child.id, validFrom: after.validFrom, validTo: null, code, name, parentId, urbanRural };
    addVersion(snapshot, plan, latest, next);
    recodeBelow(snapshot, plan, latest.node, next);
  }
}

/** A unit moves within its county only: the county's code is part of the key of every figure. Beyond it, it gets a successor. */
function newParent(snapshot: DirectorySnapshot, unit: UnitNode, parentCode: string, day: Day): UnitNode {
  const parent = openUnit(snapshot, parentCode, day);
  const needsNext = unit.level === 'town' || unit.level === 'village';
  const fits = needsNext
    ? parent.level === levelAbove(unit.level)
    : UNIT_LEVELS.indexOf(parent.level) < UNIT_LEVELS.indexOf(unit.level);
  if (!fits) throw new DomainError('parent_level', 409, { code: unit.code, parent: parentCode });
  if (needsNext && snapshot.countyCodeOf(parent.id) !== snapshot.countyCodeOf(unit.id))
    throw new DomainError('county_change', 409, { code: unit.code });
  return parent;
}
