import { URBAN_RURAL_CLASSES, type Day, type UnitDetail, type UnitRef, type UnitView } from '#contracts';
import type { UnitNode } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';

/** A unit in an answer. */
export function unitView(node: UnitNode): UnitView {
  const urbanRural = URBAN_RURAL_CLASSES.find((known) => known === node.urbanRural) ?? null;
  const { id, code, name, level, parentId, validFrom, validTo, latitude, longitude } = node;
  return { id, code, name, level, parentId, urbanRural, validFrom, validTo, latitude, longitude };
}

/** How other things name a unit. */
export function unitRef(node: UnitNode): UnitRef {
  return { id: node.id, code: node.code, name: node.name };
}

/** The reference of a unit by its id, also of one that no longer exists. */
export function unitRefOf(snapshot: DirectorySnapshot, id: string): UnitRef {
  const node = snapshot.unit(id);
  return node ? unitRef(node) : { id, code: '', name: '' };
}

/** A unit with its way up, its history and its descent. */
export function unitDetail(snapshot: DirectorySnapshot, node: UnitNode, day: Day): UnitDetail {
  const links = snapshot.lineage();
  const above = snapshot.path(node.id, snapshot.unit(node.id, day) ? day : undefined).slice(1);
  return {
    ...unitView(node),
    path: above.reverse().map(unitRef),
    versions: snapshot.versionsOf(node.id).map(({ from, to, node: { code, name, parentId, urbanRural } }) => ({
      validFrom: from,
      validTo: to,
      code,
      name,
      parentId,
      urbanRural,
    })),
    predecessors: links
      .filter((link) => link.successorId === node.id)
      .map(({ predecessorId, on, kind, share }) => ({ unit: unitRefOf(snapshot, predecessorId), on, kind, share })),
    successors: links
      .filter((link) => link.predecessorId === node.id)
      .map(({ successorId, on, kind, share }) => ({ unit: unitRefOf(snapshot, successorId), on, kind, share })),
  };
}
