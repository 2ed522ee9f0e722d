import { parametersSchema, type Day, type UnitLevel } from '#contracts';
import type { Tx } from '#platform';
import type {
  CarrierNode,
  DirectoryRows,
  LineageLink,
  RelationNode,
  StationNode,
  SuspensionSpan,
  UnitVersionRow,
} from '../model/directory.nodes.js';

interface UnitRecord {
  id: string;
  level: UnitLevel;
  validFrom: Day;
  validTo: Day | null;
  latitude: number | null;
  longitude: number | null;
}

/** The directory's revision; 0 before the first change. */
export async function readRevision(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ revision: number }>('select revision from directory.revision where id = 1');
  return row?.revision ?? 0;
}

/** Reads all master data. All statements must see one state: a repeatable-read transaction, or one that holds the revision's lock. */
export async function readRows(tx: Tx): Promise<DirectoryRows> {
  return {
    revision: await readRevision(tx),
    units: await tx.query<UnitRecord>(
      `select id, level, valid_from as "validFrom", valid_to as "validTo", latitude, longitude from directory.unit`,
    ),
    versions: await tx.query<UnitVersionRow>(
      `select unit_id as "unitId", valid_from as "validFrom", valid_to as "validTo", code, name, parent_id as "parentId", urban_rural as "urbanRural"
       from directory.unit_version`,
    ),
    lineage: await tx.query<LineageLink>(
      `select predecessor_id as "predecessorId", successor_id as "successorId", on_day as "on", kind, share::float8 as share from directory.unit_lineage`,
    ),
    stations: await tx.query<StationNode>(
      `select id, code, name, unit_id as "unitId", latitude, longitude, valid_from as "validFrom", valid_to as "validTo" from directory.station`,
    ),
    carriers: await tx.query<CarrierNode>(`select code, name_zh as "nameZh", name_en as "nameEn" from directory.carrier`),
    relations: await tx.query<RelationNode>(
      `select id, village_id as "villageId", carrier_code as "carrierCode", mode, station_id as "stationId", distance_m as "distanceM",
              valid_from as "validFrom", valid_to as "validTo" from directory.service_relation`,
    ),
    suspensions: await tx.query<SuspensionSpan & { villageId: string }>(
      `select village_id as "villageId", from_day as "from", to_day as "to" from directory.suspension where status = 'approved'`,
    ),
    parameters: (
      await tx.query<{ countyCode: string; values: unknown }>(
        `select county_code as "countyCode", values from directory.county_parameters`,
      )
    ).map(({ countyCode, values }) => ({ countyCode, values: parametersSchema.parse(values) })),
  };
}
