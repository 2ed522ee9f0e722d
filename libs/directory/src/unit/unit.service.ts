import { Injectable } from '@nestjs/common';
import { Audit, DomainError, forbidden, notFound, uuidv7, type Tx } from '#platform';
import { DirectoryWriter, type Change } from '../change/directory.writer.js';
import { assertUnchanged } from '../http/entity.tag.js';
import type { UnitNode } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { planMerge, planSplit, type MergeInput, type SplitInput } from './unit.lineage.plan.js';
import { isEmptyPlan, planCreate, type Boundary, type UnitInput, type UnitPlan } from './unit.plan.js';
import { writePlan } from './unit.repository.js';
import { planVersion, type VersionInput } from './unit.version.plan.js';
import { unitView } from './unit.view.js';

/** Where a unit lies; it can be corrected at any time, for it is no part of its history. */
export interface UnitPlace {
  latitude: number | null;
  longitude: number | null;
  /** Absent: stays as it is. */
  boundary?: Boundary | null;
}

/** Changes of organisation units. Every method is harmless when repeated. Rules: docs/domain/directory.md, "Units". */
@Injectable()
export class UnitService {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly audit: Audit,
  ) {}

  /**
   * Registers units in one change, parents among them in any order.
   * @throws DomainError as `planCreate`; `forbidden` 403 below a unit that is not the actor's
   */
  async createMany(actor: Actor, inputs: readonly UnitInput[]): Promise<UnitNode[]> {
    await this.writer.change(async (change) => {
      const plan = planCreate(change.snapshot, inputs);
      assertMayAdd(change.snapshot, actor, plan);
      await this.commit(change, actor, plan, 'unit.created');
    });
    return await this.nodes(inputs.map((input) => input.id));
  }

  /**
   * Renames, recodes or moves the unit that bears the code on `validFrom` (or bore it last), from that day on.
   * @throws DomainError as `planVersion`; `changed_meanwhile` 412 when `ifMatch` is not the unit's present tag
   */
  async addVersion(actor: Actor, code: string, input: VersionInput, ifMatch?: string): Promise<UnitNode> {
    const unitId = await this.writer.change(async (change) => {
      const { snapshot } = change;
      const unit = snapshot.unitByCode(code, input.validFrom) ?? snapshot.unitByCode(code);
      if (!unit) throw notFound(code);
      assertScope(snapshot, actor, unit.id);
      assertUnchanged(ifMatch, unitView(unit));
      const parent = input.parentCode === undefined ? undefined : snapshot.unitByCode(input.parentCode, input.validFrom);
      if (parent) assertScope(snapshot, actor, parent.id);
      await this.commit(change, actor, planVersion(snapshot, unit.id, input), 'unit.changed');
      return unit.id;
    });
    return await this.node(unitId);
  }

  /**
   * Merges units into a new one.
   * @throws DomainError as `planMerge`
   */
  async merge(actor: Actor, input: MergeInput): Promise<UnitNode> {
    await this.writer.change(async (change) => {
      const links = input.predecessorCodes.map((code) => ({ code, successorId: input.successor.id }));
      if (isRepeat(change.snapshot, links, input.on)) return;
      const plan = planMerge(change.snapshot, input, uuidv7);
      assertMayReplace(change.snapshot, actor, plan);
      await this.commit(change, actor, plan, 'unit.merged');
    });
    return await this.node(input.successor.id);
  }

  /**
   * Splits a unit into new ones.
   * @throws DomainError as `planSplit`
   */
  async split(actor: Actor, input: SplitInput): Promise<UnitNode[]> {
    await this.writer.change(async (change) => {
      const links = input.successors.map(({ id }) => ({ code: input.predecessorCode, successorId: id }));
      if (isRepeat(change.snapshot, links, input.on)) return;
      const plan = planSplit(change.snapshot, input, uuidv7);
      assertMayReplace(change.snapshot, actor, plan);
      await this.commit(change, actor, plan, 'unit.split');
    });
    return await this.nodes(input.successors.map((successor) => successor.id));
  }

  /**
   * Puts a unit on the map.
   * @throws DomainError `not_found` 404, `forbidden` 403, `changed_meanwhile` 412
   */
  async place(actor: Actor, code: string, place: UnitPlace, ifMatch?: string): Promise<UnitNode> {
    const unitId = await this.writer.change(async ({ tx, snapshot, touched }) => {
      const unit = snapshot.unitByCode(code);
      if (!unit) throw notFound(code);
      assertScope(snapshot, actor, unit.id);
      assertUnchanged(ifMatch, unitView(unit));
      await writePlace(tx, unit.id, place);
      touched.mark();
      return unit.id;
    });
    return await this.node(unitId);
  }

  /** Writes a plan with its audit line, and reports what it touches. */
  async commit({ tx, snapshot, touched }: Change, actor: Actor, plan: UnitPlan, action: string): Promise<void> {
    if (isEmptyPlan(plan)) return;
    await writePlan(tx, plan);
    touched.mark();
    for (const { countyCode, unitId, from } of plan.touched) touched.unit(countyCode, unitId, from);
    const subject = plan.units[0]?.id ?? plan.versions[0]?.unitId ?? '';
    const countyCode = plan.touched[0]?.countyCode ?? snapshot.countyCodeOf(subject);
    const detail = { units: plan.units.length, versions: plan.versions.length };
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `unit:${subject}`, detail });
  }

  private async node(id: string): Promise<UnitNode> {
    const node = (await this.reader.snapshot()).unit(id);
    if (!node) throw notFound(id);
    return node;
  }

  private async nodes(ids: readonly string[]): Promise<UnitNode[]> {
    const snapshot = await this.reader.snapshot();
    return ids.flatMap((id) => snapshot.unit(id) ?? []);
  }
}

/** New units go below units of the actor's; only the system makes roots. */
export function assertMayAdd(snapshot: DirectorySnapshot, actor: Actor, plan: UnitPlan): void {
  const made = new Set(plan.units.map((unit) => unit.id));
  for (const { unitId, parentId } of plan.versions) {
    if (!made.has(unitId)) assertScope(snapshot, actor, unitId);
    else if (parentId === null && actor.unitId !== null) throw forbidden();
    else if (parentId !== null && !made.has(parentId)) assertScope(snapshot, actor, parentId);
  }
}

function assertMayReplace(snapshot: DirectorySnapshot, actor: Actor, plan: UnitPlan): void {
  for (const { unitId } of plan.closedUnits) assertScope(snapshot, actor, unitId);
  assertMayAdd(snapshot, actor, plan);
}

/** The same merge or split again: every link is there. */
function isRepeat(snapshot: DirectorySnapshot, links: readonly { code: string; successorId: string }[], on: string): boolean {
  if (!links.some(({ successorId }) => snapshot.unit(successorId))) return false;
  const known = snapshot.lineage().filter((link) => link.on === on);
  const codeOf = (id: string): string | undefined => snapshot.unit(id)?.code;
  const all = links.every(({ code, successorId }) =>
    known.some((link) => link.successorId === successorId && code.startsWith(codeOf(link.predecessorId) ?? '-')),
  );
  if (!all) throw new DomainError('id_taken', 409, { id: links[0]?.successorId ?? '' });
  return true;
}

async function writePlace(tx: Tx, id: string, { latitude, longitude, boundary }: UnitPlace): Promise<void> {
  await tx.query('update directory.unit set latitude = $2, longitude = $3 where id = $1::uuid', [id, latitude, longitude]);
  if (boundary !== undefined)
    await tx.query('update directory.unit set boundary = $2::jsonb where id = $1::uuid', [
      id,
      boundary && JSON.stringify(boundary),
    ]);
}
