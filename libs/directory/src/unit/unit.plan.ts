/** Pure planning of what a change of units does to the tables. Rules: docs/domain/directory.md, "Units". */
import type { Day, UnitLevel } from '#contracts';
import { DomainError, notFound } from '#platform';
import type { LineageLink, RelationNode, UnitNode, UnitRow, UnitVersionRow } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { codeFitsParent, levelOfCode, parentCodes } from '../model/unit.code.js';

/** GeoJSON geometry of a unit's area, WGS 84: only what a map needs. */
export interface Boundary {
  type: 'Polygon' | 'MultiPolygon';
  coordinates: number[][][] | number[][][][];
}

/** A unit to be registered. Its level follows from its code, its parent from the code's beginning. */
export interface UnitInput {
  id: string;
  /** The level's own digits. */
  code: string;
  name: string;
  validFrom: Day;
  urbanRural?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  boundary?: Boundary | null;
}

export type NewUnit = UnitRow & { readonly boundary: Boundary | null };

/** Rows that a change of units writes. */
export interface UnitPlan {
  readonly units: NewUnit[];
  /** New versions, and corrected ones of the same first day. */
  readonly versions: UnitVersionRow[];
  readonly closedVersions: { unitId: string; validFrom: Day; validTo: Day }[];
  readonly closedUnits: { unitId: string; validTo: Day }[];
  readonly lineage: LineageLink[];
  readonly endedRelations: { id: string; validTo: Day }[];
  readonly removedRelations: string[];
  readonly addedRelations: RelationNode[];
  /** Units whose figures may differ from the day on. */
  readonly touched: { countyCode: string; unitId: string; from: Day }[];
}

/** A plan that does nothing yet. */
export function emptyPlan(): UnitPlan {
  return {
    units: [],
    versions: [],
    closedVersions: [],
    closedUnits: [],
    lineage: [],
    endedRelations: [],
    removedRelations: [],
    addedRelations: [],
    touched: [],
  };
}

/** Whether the plan writes nothing. */
export function isEmptyPlan(plan: UnitPlan): boolean {
  return Object.values(plan).every((rows: unknown[]) => rows.length === 0);
}

/** A unit that this plan makes, as later units of the same plan see it. */
export interface PlannedUnit {
  id: string;
  level: UnitLevel;
  code: string;
  countyCode: string;
  validFrom: Day;
}

/**
 * Plans new units; parents may be among them, in any order. A unit that is already there with the same content is passed over, so a repeat
 * is harmless.
 * @throws DomainError `code_malformed` 400, `code_without_parent`, `code_parent_mismatch`, `unit_closed`,
 * `code_taken`, `id_taken` 409
 */
export function planCreate(snapshot: DirectorySnapshot, inputs: readonly UnitInput[], plan: UnitPlan = emptyPlan()): UnitPlan {
  const made = new Map<string, PlannedUnit>();
  for (const input of [...inputs].sort((a, b) => a.code.length - b.code.length)) {
    const level = levelOfCode(input.code);
    if (!level || /000$/.test(input.code.slice(6))) throw new DomainError('code_malformed', 400, { code: input.code });
    if (isThere(snapshot, input)) continue;
    const parent = parentOf(snapshot, input.code, level, input.validFrom, made);
    assertCodeFree(snapshot, input.code, input.validFrom, []);
    if (made.has(input.code)) throw new DomainError('code_taken', 409, { code: input.code });
    const countyCode = level === 'county' ? input.code : (parent?.countyCode ?? '');
    made.set(input.code, { id: input.id, level, code: input.code, countyCode, validFrom: input.validFrom });
    addUnit(plan, input, level, parent?.id ?? null);
    plan.touched.push({ countyCode, unitId: input.id, from: input.validFrom });
  }
  return plan;
}

/** Puts a new unit with its first version into a plan. */
export function addUnit(plan: UnitPlan, input: UnitInput, level: UnitLevel, parentId: string | null): void {
  const { id, code, name, validFrom, urbanRural = null, latitude = null, longitude = null, boundary = null } = input;
  plan.units.push({ id, level, validFrom, validTo: null, latitude, longitude, boundary });
  plan.versions.push({ unitId: id, validFrom, validTo: null, code, name, parentId, urbanRural });
}

/** The parent that a code asks for: the nearest unit above that exists. Towns and villages need theirs; a county may be a root. */
function parentOf(
  snapshot: DirectorySnapshot,
  code: string,
  level: UnitLevel,
  day: Day,
  made: ReadonlyMap<string, PlannedUnit>,
): Pick<PlannedUnit, 'id' | 'countyCode'> | undefined {
  for (const parentCode of parentCodes(code, level)) {
    const planned = made.get(parentCode);
    if (planned && planned.validFrom <= day) return planned;
    const found = bearerFrom(snapshot, parentCode, day);
    if (!found) continue;
    assertStillBears(snapshot, found, code);
    return { id: found.id, countyCode: snapshot.countyCodeOf(found.id) };
  }
  if (level === 'town' || level === 'village') throw new DomainError('code_without_parent', 409, { code });
  return undefined;
}

/** A unit may begin in the past, but not below a parent that has ended or has another code by now. */
function assertStillBears(snapshot: DirectorySnapshot, parent: UnitNode, code: string): void {
  if (parent.validTo !== null) throw new DomainError('unit_closed', 409, { code: parent.code, day: parent.validTo });
  const latest = snapshot.unit(parent.id)?.code ?? '';
  if (!code.startsWith(latest)) throw new DomainError('code_parent_mismatch', 409, { code, parent: latest });
}

/** The unit that bears this very code on the day. */
export function bearerFrom(snapshot: DirectorySnapshot, code: string, day: Day): UnitNode | undefined {
  return snapshot.bearersOf(code).find(({ from, to }) => from <= day && (to === null || day < to))?.node;
}

/**
 * The open unit that a code names on the day, as it is then.
 * @throws DomainError `not_found` 404, `unit_closed` 409
 */
export function openUnit(snapshot: DirectorySnapshot, code: string, day: Day): UnitNode {
  const unit = snapshot.unitByCode(code, day);
  if (!unit) throw notFound(code);
  if (unit.validTo !== null) throw new DomainError('unit_closed', 409, { code, day: unit.validTo });
  return unit;
}

/** @throws DomainError `code_taken` 409 when anyone but the units named bears the code on or after the day */
export function assertCodeFree(snapshot: DirectorySnapshot, code: string, from: Day, except: readonly string[]): void {
  const taken = snapshot.bearersOf(code).some(({ to, node }) => (to === null || to > from) && !except.includes(node.id));
  if (taken) throw new DomainError('code_taken', 409, { code });
}

/** @throws DomainError `code_parent_mismatch` 409 when the code does not begin with its parent's */
export function assertCodeFits(code: string, level: UnitLevel, parentCode: string | null): void {
  if (!codeFitsParent(code, level, parentCode))
    throw new DomainError('code_parent_mismatch', 409, { code, parent: parentCode ?? '' });
}

/** A repeat of the same registration; the id with other content is refused. */
function isThere(snapshot: DirectorySnapshot, input: UnitInput): boolean {
  const first = snapshot.versionsOf(input.id)[0];
  if (!first) return false;
  const same = first.from === input.validFrom && first.node.code === input.code && first.node.name === input.name;
  if (!same) throw new DomainError('id_taken', 409, { id: input.id });
  return true;
}
