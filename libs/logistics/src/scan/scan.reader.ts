import { scanSchema, type FieldError, type Scan, type ScanFlag } from '#contracts';
import { distanceM, positionOf } from '#directory';
import { DomainError, fieldErrors, type Principal } from '#platform';
import { redactText } from '../carrier/trace.text.js';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { StoredEvent } from '../ledger/stored.event.js';
import { dayOfMs } from '../parcel/day.memo.js';
import type { StoredProduce } from '../parcel/parcel.event.js';
import { readClock } from './scan.clock.js';
import { PlaceFinder, type ScanPlace } from './scan.place.js';

/** A scan that can be written, and the county that keeps it. */
export interface ReadScan {
  readonly countyCode: string;
  readonly event: StoredEvent;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const invalidScan = (errors: FieldError[]): DomainError => new DomainError('invalid_input', 400, {}, errors);

/** Reads the scans of one call, each by itself: form, place, carrier, villages, clock. */
export class ScanReader {
  private readonly places: PlaceFinder;
  private readonly villages = new Map<string, string | undefined>();

  constructor(
    private readonly principal: Principal,
    private readonly deviceId: string | null,
    private readonly receivedAtMs: number,
    private readonly facts: SnapshotFacts,
  ) {
    this.places = new PlaceFinder(principal, facts);
  }

  /** The scan as an event, or why it is refused. */
  read(raw: unknown): ReadScan | DomainError {
    const parsed = scanSchema.safeParse(raw);
    if (!parsed.success) return invalidScan(fieldErrors(parsed.error.issues));
    const scan = parsed.data;
    const place = this.places.find(scan.stationCode);
    if (place instanceof DomainError) return place;
    if (scan.shelfCode !== undefined && CONTROL.test(scan.shelfCode))
      return invalidScan([{ path: 'shelfCode', code: 'invalid_format', message: 'Control characters' }]);
    const carrierCode = this.carrierOf(scan);
    if (carrierCode instanceof DomainError) return carrierCode;
    const addressVillageId = this.villageOf(scan.villageCode, scan, place);
    if (addressVillageId instanceof DomainError) return addressVillageId;
    const produce = this.produceOf(scan, place);
    if (produce instanceof DomainError) return produce;
    return this.eventOf(scan, place, { carrierCode, addressVillageId, produce });
  }

  private eventOf(
    scan: Scan,
    place: ScanPlace,
    known: Pick<StoredEvent, 'carrierCode' | 'addressVillageId' | 'produce'>,
  ): ReadScan | DomainError {
    const claimedAt = Date.parse(scan.occurredAt);
    const clock = readClock(claimedAt, this.receivedAtMs);
    const { station } = place;
    if (scan.kind === 'check_in' && !station) return new DomainError('station_required', 400);
    const event: StoredEvent = {
      id: scan.id,
      claimedAt,
      occurredAt: clock.occurredAtMs,
      receivedAt: this.receivedAtMs,
      waybill: scan.kind === 'check_in' ? '' : (scan.waybill ?? ''),
      kind: scan.kind,
      source: place.source,
      stationId: station?.id ?? null,
      unitId: place.unitId,
      ...known,
      shelfCode: scan.shelfCode ?? null,
      proof: scan.proof ?? null,
      exception: scan.kind === 'exception_open' || scan.kind === 'exception_close' ? (scan.exception ?? null) : null,
      providerCode: null,
      providerSeq: null,
      text: scan.note === undefined ? null : redactText(scan.note.replaceAll('\0', '')) || null,
      linkedWaybill: null,
      undoes: scan.kind === 'undone' ? (scan.undoes ?? null) : null,
      location: scan.location ?? null,
      flags: scan.kind === 'check_in' ? this.checkInFlags(scan, place, clock.flags) : clock.flags,
      deviceId: this.deviceId,
      actorId: this.principal.id,
    };
    return { countyCode: place.countyCode, event };
  }

  /** Metric M2: a check-in counts inside the geofence; where no position is known it cannot be shown to be. */
  private checkInFlags(scan: Scan, { station, countyCode }: ScanPlace, flags: readonly ScanFlag[]): readonly ScanFlag[] {
    const { snapshot } = this.facts;
    const unit = station ? snapshot.unit(station.unitId) : undefined;
    const centre = (station && positionOf(station)) ?? (unit && positionOf(unit));
    const inside = centre && scan.location && distanceM(centre, scan.location) <= snapshot.parameters(countyCode).geofenceM;
    return inside ? flags : [...flags, 'outside_geofence'];
  }

  private carrierOf({ carrierCode }: Scan): string | null | DomainError {
    const own = this.principal.carrierCode;
    if (carrierCode === undefined) return own ?? null;
    if (!this.facts.snapshot.carrier(carrierCode)) return new DomainError('unknown_carrier', 400, { carrier: carrierCode });
    return own !== undefined && own !== carrierCode
      ? new DomainError('carrier_out_of_scope', 403, { carrier: carrierCode })
      : carrierCode;
  }

  private produceOf({ produce, ...scan }: Scan, place: ScanPlace): StoredProduce | null | DomainError {
    if (!produce) return null;
    const origin = this.villageOf(produce.originVillageCode, scan, place);
    if (origin instanceof DomainError) return origin;
    return origin === null ? produce : { ...produce, originVillageId: origin };
  }

  /** A village of the scan's county, by its code of that day or its latest. */
  private villageOf(
    code: string | undefined,
    { occurredAt }: Pick<Scan, 'occurredAt'>,
    { countyCode }: ScanPlace,
  ): string | null | DomainError {
    if (code === undefined) return null;
    const day = dayOfMs(Date.parse(occurredAt));
    const key = `${code} ${day}`;
    if (!this.villages.has(key)) {
      const unit = this.facts.snapshot.unitByCode(code, day) ?? this.facts.snapshot.unitByCode(code);
      this.villages.set(key, unit?.level === 'village' && this.facts.countyOf(unit.id) === countyCode ? unit.id : undefined);
    }
    return this.villages.get(key) ?? new DomainError('unknown_village', 400, { village: code });
  }
}
