import { Injectable } from '@nestjs/common';
import { dayOf, type BoundaryCollection, type Day, type UnitDetail, type UnitLevel } from '#contracts';
import { Clock, Database, forbidden, notFound } from '#platform';
import type { UnitNode } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, scopeAllows, type Actor } from '../model/scope.js';
import { levelBelow } from '../model/unit.code.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitDetail } from './unit.view.js';

/** Reads of organisation units, within the actor's unit; of what is above it only the way up. */
@Injectable()
export class UnitQueries {
  constructor(
    private readonly reader: DirectoryReader,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Without filters every unit of the actor's; below a parent its children, or all of a level.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async list(
    actor: Actor,
    query: { parent?: string | undefined; level?: UnitLevel | undefined; day?: Day | undefined },
  ): Promise<UnitNode[]> {
    const snapshot = await this.reader.snapshot();
    const day = query.day ?? this.today();
    if (query.parent !== undefined) {
      const parent = unitWithin(snapshot, actor, query.parent, day);
      return query.level ? snapshot.descendants(parent.id, query.level, day) : snapshot.children(parent.id, day);
    }
    const roots =
      actor.unitId === null
        ? snapshot.children(null, day)
        : [snapshot.unit(actor.unitId, day)].filter((unit) => unit !== undefined);
    if (query.level) return roots.flatMap((root) => snapshot.descendants(root.id, query.level ?? root.level, day));
    return roots.flatMap((root) => [root, ...everythingBelow(snapshot, root, day)]);
  }

  /**
   * A unit with its history. Units above the actor's own may be looked at too.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async detail(actor: Actor, code: string, day: Day | undefined): Promise<UnitDetail> {
    const snapshot = await this.reader.snapshot();
    const unit = snapshot.unitByCode(code, day);
    if (!unit) throw notFound(code);
    const above = actor.unitId !== null && snapshot.isWithin(actor.unitId, unit.id);
    if (!above && !scopeAllows(snapshot, actor, unit.id)) throw forbidden();
    return unitDetail(snapshot, unit, day ?? this.today());
  }

  /**
   * Areas of the units below one, by default of the next level that has any.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async boundaries(
    actor: Actor,
    query: { unit: string; level?: UnitLevel | undefined; day?: Day | undefined },
  ): Promise<BoundaryCollection> {
    const snapshot = await this.reader.snapshot();
    const day = query.day ?? this.today();
    const unit = unitWithin(snapshot, actor, query.unit, day);
    const level = query.level ?? levelBelow(unit.level);
    const units = query.level ? snapshot.descendants(unit.id, query.level, day) : snapshot.children(unit.id, day);
    const rows = await this.database.query<{ id: string; boundary: unknown }>(
      'select id, boundary from directory.unit where id = any($1::uuid[]) and boundary is not null',
      [units.map((node) => node.id)],
    );
    const boundaries = new Map(rows.map((row) => [row.id, row.boundary]));
    const features = units.map((node) => ({
      type: 'Feature' as const,
      id: node.id,
      geometry: boundaries.get(node.id) ?? null,
      properties: { code: node.code, name: node.name, level: node.level, latitude: node.latitude, longitude: node.longitude },
    }));
    return { type: 'FeatureCollection', features: level ? features : [] };
  }

  private today(): Day {
    return dayOf(this.clock.now());
  }
}

/**
 * The unit that a code names on the day, within the actor's.
 * @throws DomainError `not_found` 404, `forbidden` 403
 */
export function unitWithin(snapshot: DirectorySnapshot, actor: Actor, code: string, day?: Day): UnitNode {
  const unit = snapshot.unitByCode(code, day);
  if (!unit) throw notFound(code);
  assertScope(snapshot, actor, unit.id);
  return unit;
}

function everythingBelow(snapshot: DirectorySnapshot, unit: UnitNode, day: Day): UnitNode[] {
  return snapshot.children(unit.id, day).flatMap((child) => [child, ...everythingBelow(snapshot, child, day)]);
}
