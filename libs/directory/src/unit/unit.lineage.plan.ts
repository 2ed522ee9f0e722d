/** Pure planning of merge and split: predecessors end, successors begin, and the lineage says who became whom. */
import type { Day, UnitLevel } from '#contracts';
import { DomainError } from '#platform';
import type { LineageKind, RelationNode, UnitNode } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { parentCodes } from '../model/unit.code.js';
import {
  addUnit,
  assertCodeFits,
  assertCodeFree,
  bearerFrom,
  emptyPlan,
  openUnit,
  type UnitInput,
  type UnitPlan,
} from './unit.plan.js';
import { addVersion, latestOf } from './unit.version.plan.js';

/** A successor; its first day is the day of the merge or split. */
export type SuccessorInput = Omit<UnitInput, 'validFrom'>;

export interface MergeInput {
  /** First day of the successor. */
  on: Day;
  /** Codes of the units that end. One alone is a succession: how a unit crosses a county's border. */
  predecessorCodes: readonly string[];
  successor: SuccessorInput;
}

export interface SplitInput {
  on: Day;
  predecessorCode: string;
  /** Shares sum to 1. A town's successors name the villages that each takes. */
  successors: readonly (SuccessorInput & { share: number; villageCodes?: readonly string[] })[];
}

/** Shares are kept to eight decimals. */
const SHARE_UNIT = 100_000_000;

/**
 * Plans a merge of villages or of towns. Villages of merged towns go on below the successor, with its beginning in their code.
 * Service relations of merged villages go on with the successor.
 * @throws DomainError `not_found` 404; `unit_closed`, `code_taken`, `code_parent_mismatch`, `levels_differ`, `level_fixed`, `id_taken` 409
 */
export function planMerge(snapshot: DirectorySnapshot, input: MergeInput, newId: () => string): UnitPlan {
  const plan = emptyPlan();
  const predecessors = [...new Set(input.predecessorCodes)].map((code) => ending(snapshot, code, input.on));
  const level = sameLevel(predecessors);
  const leaving = predecessors.map((unit) => unit.id);
  const countyCode = begin(snapshot, plan, level, input.successor, input.on, leaving);
  const children = predecessors.flatMap((unit) => snapshot.children(unit.id, input.on));
  adopt(snapshot, plan, { ...input.successor, countyCode }, children, input.on);
  for (const unit of predecessors) {
    end(snapshot, plan, unit, input.on);
    link(plan, unit.id, input.successor.id, input.on, 'merge', 1);
  }
  const relations = predecessors.flatMap((unit) => snapshot.relationsOf(unit.id));
  carryRelations(plan, relations, input.successor.id, input.on, newId);
  return plan;
}

/**
 * Plans a split of a village or of a town. The successor with the largest share takes on the service relations; how the others are served
 * has to be registered, because nobody knows it yet.
 * @throws DomainError as `planMerge`; `shares_sum` 400, `children_unassigned` 409
 */
export function planSplit(snapshot: DirectorySnapshot, input: SplitInput, newId: () => string): UnitPlan {
  const plan = emptyPlan();
  const predecessor = ending(snapshot, input.predecessorCode, input.on);
  const level = sameLevel([predecessor]);
  assertShares(input.successors.map((successor) => successor.share));
  const children = snapshot.children(predecessor.id, input.on);
  assertAssigned(children, input);
  assertDistinct(input.successors.map((successor) => successor.code));
  for (const successor of input.successors) {
    const countyCode = begin(snapshot, plan, level, successor, input.on, [predecessor.id]);
    const taken = children.filter((child) => successor.villageCodes?.includes(child.code));
    adopt(snapshot, plan, { ...successor, countyCode }, taken, input.on);
    link(plan, predecessor.id, successor.id, input.on, 'split', successor.share);
  }
  end(snapshot, plan, predecessor, input.on);
  const [main] = [...input.successors].sort((a, b) => b.share - a.share || (a.code < b.code ? -1 : 1));
  if (main) carryRelations(plan, snapshot.relationsOf(predecessor.id), main.id, input.on, newId);
  return plan;
}

function ending(snapshot: DirectorySnapshot, code: string, on: Day): UnitNode {
  const unit = openUnit(snapshot, code, on);
  const latest = latestOf(snapshot, unit.id, on);
  if (latest.from >= on) throw new DomainError('version_not_latest', 409, { code, day: latest.from });
  return latest.node;
}

function sameLevel(units: readonly UnitNode[]): UnitLevel {
  const levels = new Set(units.map((unit) => unit.level));
  const [level] = levels;
  if (!level || levels.size > 1) throw new DomainError('levels_differ', 409);
  if (level !== 'town' && level !== 'village') throw new DomainError('level_fixed', 409);
  return level;
}

/** Plans a successor and returns the code of its county. */
function begin(
  snapshot: DirectorySnapshot,
  plan: UnitPlan,
  level: UnitLevel,
  input: SuccessorInput,
  on: Day,
  leaving: readonly string[],
): string {
  if (snapshot.unit(input.id)) throw new DomainError('id_taken', 409, { id: input.id });
  const [parentCode = ''] = parentCodes(input.code, level);
  assertCodeFits(input.code, level, parentCode);
  const parent = bearerFrom(snapshot, parentCode, on);
  if (!parent) throw new DomainError('code_without_parent', 409, { code: input.code });
  assertCodeFree(snapshot, input.code, on, leaving);
  addUnit(plan, { ...input, validFrom: on }, level, parent.id);
  const countyCode = snapshot.countyCodeOf(parent.id);
  plan.touched.push({ countyCode, unitId: input.id, from: on }, { countyCode, unitId: parent.id, from: on });
  return countyCode;
}

function end(snapshot: DirectorySnapshot, plan: UnitPlan, unit: UnitNode, on: Day): void {
  const latest = latestOf(snapshot, unit.id, on);
  plan.closedVersions.push({ unitId: unit.id, validFrom: latest.from, validTo: on });
  plan.closedUnits.push({ unitId: unit.id, validTo: on });
  const countyCode = snapshot.countyCodeOf(unit.id);
  plan.touched.push({ countyCode, unitId: unit.id, from: on });
  if (unit.parentId !== null) plan.touched.push({ countyCode, unitId: unit.parentId, from: on });
}

function link(plan: UnitPlan, predecessorId: string, successorId: string, on: Day, kind: LineageKind, share: number): void {
  plan.lineage.push({ predecessorId, successorId, on, kind, share });
}

/** Villages go on below a new town of their county. A number that is taken there gives way to the next free one. */
function adopt(
  snapshot: DirectorySnapshot,
  plan: UnitPlan,
  town: SuccessorInput & { countyCode: string },
  children: readonly UnitNode[],
  on: Day,
): void {
  const taken = new Set<string>();
  const staying = children.filter((child) => child.code.startsWith(town.code));
  const leaving = children.map((child) => child.id);
  for (const child of [...staying, ...children.filter((other) => !staying.includes(other))]) {
    if (snapshot.countyCodeOf(child.id) !== town.countyCode) throw new DomainError('county_change', 409, { code: child.code });
    const code = freeCode(town.code, child.code.slice(-3), taken);
    taken.add(code);
    const latest = latestOf(snapshot, child.id, on);
    const { name, urbanRural } = latest.node;
    addVersion(
      snapshot,
      plan,
      latest,
      { unitId: child.id, validFrom: on, validTo: null, code, name, parentId: town.id, urbanRural },
      leaving,
    );
  }
}

function freeCode(townCode: string, number: string, taken: ReadonlySet<string>): string {
  for (let candidate = Number(number); candidate < 1000; candidate += 1) {
    const code = townCode + String(candidate).padStart(3, '0');
    if (!taken.has(code)) return code;
  }
  throw new DomainError('code_taken', 409, { code: townCode + number });
}

function assertShares(shares: readonly number[]): void {
  const sum = shares.reduce((total, share) => total + Math.round(share * SHARE_UNIT), 0);
  if (sum !== SHARE_UNIT) throw new DomainError('shares_sum', 400, { sum: sum / SHARE_UNIT });
}

function assertAssigned(children: readonly UnitNode[], input: SplitInput): void {
  const assigned = input.successors.flatMap((successor) => successor.villageCodes ?? []);
  const missing = children.find((child) => assigned.filter((code) => code === child.code).length !== 1);
  if (missing) throw new DomainError('children_unassigned', 409, { code: missing.code });
  const stranger = assigned.find((code) => !children.some((child) => child.code === code));
  if (stranger !== undefined) throw new DomainError('children_unassigned', 409, { code: stranger });
}

function assertDistinct(codes: readonly string[]): void {
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) throw new DomainError('code_taken', 409, { code: twice });
}

/** Relations in force end on the day and go on with the successor, each (carrier, mode, station) once. */
function carryRelations(
  plan: UnitPlan,
  relations: readonly RelationNode[],
  villageId: string,
  on: Day,
  newId: () => string,
): void {
  const carried = new Set<string>();
  for (const relation of relations) {
    if (relation.validTo !== null && relation.validTo <= on) continue;
    if (relation.validFrom < on) plan.endedRelations.push({ id: relation.id, validTo: on });
    else plan.removedRelations.push(relation.id);
    const key = `${relation.carrierCode} ${relation.mode} ${relation.stationId}`;
    if (carried.has(key)) continue;
    carried.add(key);
    const validFrom = relation.validFrom > on ? relation.validFrom : on;
    plan.addedRelations.push({ ...relation, id: newId(), villageId, validFrom });
  }
}
