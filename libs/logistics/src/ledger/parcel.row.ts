import type { Direction, ParcelStage } from '#contracts';
import type { ParcelFold } from '../parcel/parcel.fold.js';

/** A row of logistics.parcel: the fold as lists and locks need it. Instants are milliseconds, exceptions and conflicts JSON. */
export interface ParcelRow {
  readonly waybill: string;
  readonly carrierCode: string | null;
  readonly direction: Direction;
  readonly stage: ParcelStage;
  /** The parcel's village, else the town of its unassigned bucket. */
  readonly unitId: string | null;
  readonly stationId: string | null;
  readonly shelfCode: string | null;
  /** Since when it lies on the station's shelf. */
  readonly heldSince: number | null;
  readonly exceptions: string;
  readonly conflicts: string;
  readonly supersedes: string | null;
  readonly supersededBy: string | null;
  readonly firstClaimedAt: number;
  readonly lastEventAt: number;
  readonly revision: number;
}

const jsonList = (list: readonly object[]): string => (list.length === 0 ? '[]' : JSON.stringify(list));

/** The row of a fold. */
export function parcelRow(fold: ParcelFold, revision: number): ParcelRow {
  return {
    waybill: fold.waybill,
    carrierCode: fold.carrierCode,
    direction: fold.direction,
    stage: fold.stage,
    unitId: fold.villageId ?? fold.townId,
    stationId: fold.stationId,
    shelfCode: fold.shelfCode,
    heldSince: fold.heldSince,
    exceptions: jsonList(fold.exceptions),
    conflicts: jsonList(fold.conflicts),
    supersedes: fold.supersedes,
    supersededBy: fold.supersededBy,
    firstClaimedAt: fold.firstClaimedAt,
    lastEventAt: fold.lastEventAt,
    revision,
  };
}
