import { DEFAULT_PARAMETERS, type Day, type Parameters, type UnitLevel } from '#contracts';
import type {
  CarrierNode,
  DirectoryRows,
  LineageLink,
  RelationNode,
  StationNode,
  SuspensionSpan,
  UnitNode,
  UnitRow,
  UnitVersionRow,
} from './directory.nodes.js';
import { group, push, sorted } from './ordered.rows.js';
import { codeReadings } from './unit.code.js';

/** A version of a unit, ready to hand out. */
interface VersionNode {
  from: Day;
  to: Day | null;
  node: UnitNode;
}

const NONE: readonly never[] = [];

/** Whether a day lies in the half-open span `[from, to)`; `to: null` is open. */
export function coversDay(from: Day, to: Day | null, day: Day): boolean {
  return from <= day && (to === null || day < to);
}

/**
 * All master data of one revision, immutable and in memory. Days are `YYYY-MM-DD` in Asia/Shanghai; spans are half-open.
 * Without a day a unit is seen as it last was, also when it no longer exists; with a day it must exist on that day.
 */
export class DirectorySnapshot {
  /** The directory's revision that this shows. */
  readonly revision: number;
  private readonly units = new Map<string, UnitRow>();
  private readonly versions = new Map<string, VersionNode[]>();
  private readonly byCode = new Map<string, VersionNode[]>();
  private readonly byParent = new Map<string | null, VersionNode[]>();
  private readonly stations = new Map<string, StationNode>();
  private readonly stationCodes = new Map<string, StationNode>();
  private readonly stationList: readonly StationNode[];
  private readonly linksFrom: ReadonlyMap<string, readonly LineageLink[]>;
  private readonly relationsById: ReadonlyMap<string, RelationNode>;
  private readonly villageRelations: ReadonlyMap<string, readonly RelationNode[]>;
  private readonly stationRelations: ReadonlyMap<string, readonly RelationNode[]>;
  private readonly suspensions: ReadonlyMap<string, readonly SuspensionSpan[]>;
  private readonly carrierNodes: ReadonlyMap<string, CarrierNode>;
  private readonly links: readonly LineageLink[];
  private readonly stationDays = new Map<Day, readonly StationNode[]>();
  private readonly parameterValues: ReadonlyMap<string, Parameters>;

  constructor(rows: DirectoryRows) {
    this.revision = rows.revision;
    for (const unit of rows.units) this.units.set(unit.id, unit);
    this.indexVersions(rows.versions);
    for (const station of rows.stations) {
      this.stations.set(station.id, station);
      this.stationCodes.set(station.code, station);
    }
    this.stationList = sorted(rows.stations, (station) => station.code);
    const relations = sorted(rows.relations, (relation) => `${relation.validFrom} ${relation.carrierCode} ${relation.id}`);
    this.relationsById = new Map(relations.map((relation) => [relation.id, relation]));
    this.villageRelations = group(relations, (relation) => relation.villageId);
    this.stationRelations = group(relations, (relation) => relation.stationId);
    const suspensions = sorted(rows.suspensions, (suspension) => suspension.from);
    this.suspensions = group(suspensions, (suspension) => suspension.villageId);
    this.carrierNodes = new Map(sorted(rows.carriers, (carrier) => carrier.code).map((carrier) => [carrier.code, carrier]));
    this.links = sorted(rows.lineage, (link) => `${link.on} ${link.predecessorId} ${link.successorId}`);
    this.linksFrom = group(this.links, (link) => link.predecessorId);
    this.parameterValues = new Map(rows.parameters.map((entry) => [entry.countyCode, entry.values]));
  }

  /** A unit as of the day, or as it last was. `undefined` when unknown, or when it does not exist on that day. */
  unit(id: string, day?: Day): UnitNode | undefined {
    const versions = this.versions.get(id);
    return day === undefined
      ? versions?.at(-1)?.node
      : versions?.find((version) => coversDay(version.from, version.to, day))?.node;
  }

  /** The unit that bears a code on the day, or that bore it last. Takes the level's own digits or the full twelve. */
  unitByCode(code: string, day?: Day): UnitNode | undefined {
    for (const reading of codeReadings(code)) {
      const versions = this.byCode.get(reading);
      const found = day === undefined ? versions?.at(-1) : versions?.find((version) => coversDay(version.from, version.to, day));
      if (found) return day === undefined ? this.unit(found.node.id) : found.node;
    }
    return undefined;
  }

  /** Units directly below, as of the day, in code order. `null` asks for the roots. */
  children(id: string | null, day: Day): UnitNode[] {
    const versions = this.byParent.get(id) ?? NONE;
    return versions.filter((version) => coversDay(version.from, version.to, day)).map((version) => version.node);
  }

  /** Units of a level below (or the unit itself, when it is of that level), existing on the day, in code order. */
  descendants(id: string, level: UnitLevel, day: Day): UnitNode[] {
    const unit = this.unit(id, day);
    if (!unit) return [];
    if (unit.level === level) return [unit];
    const found: UnitNode[] = [];
    let layer = [unit];
    while (layer.length > 0) {
      layer = layer.flatMap((parent) => this.children(parent.id, day));
      found.push(...layer.filter((node) => node.level === level));
      layer = layer.filter((node) => node.level !== level);
    }
    return sorted(found, (node) => node.code);
  }

  /** Every unit of a level that exists on the day, in code order. */
  unitsOfLevel(level: UnitLevel, day: Day): UnitNode[] {
    const found: UnitNode[] = [];
    for (const unit of this.units.values()) {
      const node = unit.level === level ? this.unit(unit.id, day) : undefined;
      if (node) found.push(node);
    }
    return sorted(found, (node) => node.code);
  }

  /** The unit of a level at or above this one, as of the day or as things last were. */
  ancestor(id: string, level: UnitLevel, day?: Day): UnitNode | undefined {
    return this.path(id, day).find((node) => node.level === level);
  }

  /** Whether a unit lies within another; a unit is within itself. */
  isWithin(id: string, ancestorId: string, day?: Day): boolean {
    return this.path(id, day).some((node) => node.id === ancestorId);
  }

  /** Ids of every unit that lies or lay within a unit as things last were, itself included. */
  idsWithin(ancestorId: string): string[] {
    return [...this.units.keys()].filter(
      (id) => this.isWithin(id, ancestorId) || this.isWithin(this.successorOn(id)?.id ?? id, ancestorId),
    );
  }

  /** The unit and everything above it, nearest first. */
  path(id: string, day?: Day): UnitNode[] {
    const path: UnitNode[] = [];
    let node = this.unit(id, day);
    while (node && !path.includes(node)) {
      path.push(node);
      node = node.parentId === null ? undefined : this.unit(node.parentId, day);
    }
    return path;
  }

  /**
   * The six digits under which the county's rows are kept: the county's *first* code, so that the key of its growing tables
   * stays when the county is recoded. Empty for a unit above counties and for an unknown unit.
   */
  countyCodeOf(id: string): string {
    const county = this.ancestor(id, 'county');
    return county ? (this.versions.get(county.id)?.[0]?.node.code ?? '') : '';
  }

  /** All links of descent, oldest first. */
  lineage(): readonly LineageLink[] {
    return this.links;
  }

  /** Every name, code and parent that a unit had, oldest first. */
  versionsOf(id: string): { from: Day; to: Day | null; node: UnitNode }[] {
    return (this.versions.get(id) ?? []).map((version) => ({ ...version }));
  }

  /** Every unit that ever bore a code (the level's own digits), with the days on which it did, oldest first. */
  bearersOf(code: string): { from: Day; to: Day | null; node: UnitNode }[] {
    return (this.byCode.get(code) ?? []).map((version) => ({ ...version }));
  }

  /**
   * The unit that stands for this one on a day: itself while it exists, afterwards its successor through merge and split (of several, the
   * one with the largest share, then the lowest code). Without a day, the last of the line. `undefined` when there is none on that day.
   */
  successorOn(id: string, day?: Day): UnitNode | undefined {
    const own = this.unit(id, day);
    const links = this.linksFrom.get(id) ?? NONE;
    if (links.length === 0 || (day !== undefined && own)) return own;
    const [heir] = sorted(links, (link) => `${(1 - link.share).toFixed(8)} ${this.unit(link.successorId)?.code ?? ''}`);
    return heir && (day === undefined || heir.on <= day) ? this.successorOn(heir.successorId, day) : undefined;
  }

  /** A station; with a day, `unitId` is the unit that it belongs to on that day, after merges and splits. */
  station(id: string, day?: Day): StationNode | undefined {
    const station = this.stations.get(id);
    return station && day !== undefined ? this.stationAsOf(station, day) : station;
  }

  /** The same by its code. */
  stationByCode(code: string, day?: Day): StationNode | undefined {
    const station = this.stationCodes.get(code);
    return station && day !== undefined ? this.stationAsOf(station, day) : station;
  }

  /** Stations of this very unit (not of those below it) that exist on the day, those it inherited included, in code order. */
  stationsOf(unitId: string, day: Day): StationNode[] {
    return this.stationsOn(day).filter((station) => station.unitId === unitId);
  }

  /** Every station that exists on the day, in code order. */
  stationsOn(day: Day): readonly StationNode[] {
    const remembered = this.stationDays.get(day);
    if (remembered) return remembered;
    const stations = this.stationList
      .filter((station) => coversDay(station.validFrom, station.validTo, day))
      .map((station) => this.stationAsOf(station, day));
    if (this.stationDays.size > 400) this.stationDays.clear();
    this.stationDays.set(day, stations);
    return stations;
  }

  /** All stations there ever were, as registered, in code order. */
  allStations(): readonly StationNode[] {
    return this.stationList;
  }

  relation(id: string): RelationNode | undefined {
    return this.relationsById.get(id);
  }

  /** Every relation of all time, oldest first. */
  allRelations(): RelationNode[] {
    return [...this.relationsById.values()];
  }

  /** How a village was and is served, over all time, oldest first. */
  relationsOf(villageId: string): readonly RelationNode[] {
    return this.villageRelations.get(villageId) ?? NONE;
  }

  /** Villages served through a station, over all time, oldest first. */
  relationsThrough(stationId: string): readonly RelationNode[] {
    return this.stationRelations.get(stationId) ?? NONE;
  }

  /** Approved suspensions of a village; `to` is the last day, inclusive. They may overlap. */
  suspensionsOf(villageId: string): readonly SuspensionSpan[] {
    return this.suspensions.get(villageId) ?? NONE;
  }

  carrier(code: string): CarrierNode | undefined {
    return this.carrierNodes.get(code);
  }

  /** All carriers, in code order. */
  carriers(): readonly CarrierNode[] {
    return [...this.carrierNodes.values()];
  }

  /** A county's domain parameters; the defaults when it has set none. */
  parameters(countyCode: string): Parameters {
    return this.parameterValues.get(countyCode) ?? DEFAULT_PARAMETERS;
  }

  private stationAsOf(station: StationNode, day: Day): StationNode {
    const unitId = this.successorOn(station.unitId, day)?.id ?? station.unitId;
    return unitId === station.unitId ? station : { ...station, unitId };
  }

  private indexVersions(rows: readonly UnitVersionRow[]): void {
    const nodes = sorted(rows, (row) => row.validFrom).flatMap((row) => {
      const unit = this.units.get(row.unitId);
      return unit ? [{ from: row.validFrom, to: row.validTo, node: unitNode(unit, row) }] : [];
    });
    for (const version of nodes) {
      push(this.versions, version.node.id, version);
      push(this.byCode, version.node.code, version);
    }
    for (const version of sorted(nodes, (entry) => entry.node.code)) push(this.byParent, version.node.parentId, version);
  }
}

function unitNode(unit: UnitRow, version: UnitVersionRow): UnitNode {
  return Object.freeze({
    id: unit.id,
    level: unit.level,
    code: version.code,
    name: version.name,
    parentId: version.parentId,
    urbanRural: version.urbanRural,
    validFrom: unit.validFrom,
    validTo: unit.validTo,
    latitude: unit.latitude,
    longitude: unit.longitude,
  });
}
