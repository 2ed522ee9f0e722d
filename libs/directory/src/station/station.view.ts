import type { StationView } from '#contracts';
import type { StationNode } from '../model/directory.nodes.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { unitRefOf } from '../unit/unit.view.js';

/** A station in an answer. */
export function stationView(snapshot: DirectorySnapshot, station: StationNode): StationView {
  const { id, code, name, unitId, latitude, longitude, validFrom, validTo } = station;
  return { id, code, name, unit: unitRefOf(snapshot, unitId), latitude, longitude, validFrom, validTo };
}
