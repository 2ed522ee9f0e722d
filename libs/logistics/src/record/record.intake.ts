import { Injectable } from '@nestjs/common';
import type { RecordBatch, RecordResult } from '#contracts';
import { DeviceRegistry, DirectoryReader } from '#directory';
import {
  Clock,
  Database,
  DomainError,
  fieldErrors,
  languageOf,
  localErrors,
  message,
  SecretBox,
  type Language,
  type Principal,
  type Tx,
} from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { readClock } from '../scan/scan.clock.js';
import { PlaceFinder } from '../scan/scan.place.js';
import { ScanService } from '../scan/scan.service.js';
import type { RecordKind, RecordPlace, StationRecord } from './record.kind.js';

/** What a call of records is about. */
interface Call {
  readonly principal: Principal;
  readonly deviceId: string | null;
  readonly language: Language;
  readonly places: PlaceFinder;
  readonly facts: SnapshotFacts;
  readonly receivedAt: Date;
}

/** Takes in records of station work: each in a transaction of its own, answered after its commit, known again by the client's id. */
@Injectable()
export class RecordIntake {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly devices: DeviceRegistry,
    private readonly scans: ScanService,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the records of one call, in their order.
   * @throws DomainError `device_revoked` 403; a refusal of one record is its own result
   */
  async take<R extends StationRecord>(
    principal: Principal,
    kind: RecordKind<R>,
    batch: RecordBatch,
    acceptLanguage?: string,
  ): Promise<{ results: RecordResult[] }> {
    const { deviceId = null } = batch;
    if (deviceId !== null) await this.devices.admit(deviceId, principal.id);
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const call: Call = {
      principal,
      deviceId,
      language: languageOf(acceptLanguage),
      places: new PlaceFinder(principal, facts),
      facts,
      receivedAt: this.clock.now(),
    };
    const results: RecordResult[] = [];
    for (const raw of batch.records) results.push(await this.takeOne(call, kind, raw));
    return { results };
  }

  private async takeOne<R extends StationRecord>(call: Call, kind: RecordKind<R>, raw: unknown): Promise<RecordResult> {
    const parsed = kind.schema.safeParse(raw);
    if (!parsed.success)
      return rejected(idOf(raw), new DomainError('invalid_input', 400, {}, fieldErrors(parsed.error.issues)), call.language);
    const record = parsed.data;
    try {
      return { id: record.id, ...(await this.store(call, kind, record)) };
    } catch (error) {
      if (error instanceof DomainError) return rejected(record.id, error, call.language);
      if (error instanceof RefusedScan) return { id: record.id, outcome: 'rejected', problem: error.problem };
      throw error;
    }
  }

  private async store<R extends StationRecord>(call: Call, kind: RecordKind<R>, record: R): Promise<Omit<RecordResult, 'id'>> {
    const place = this.placeOf(call, record);
    const digest = Buffer.from(this.secrets.sign(`${kind.path}\n${canonical(record)}`), 'hex');
    const known = await this.known(this.database, place.countyCode, record.id);
    if (known) return repeat(known, digest);
    await kind.check?.(record, place);
    await this.scan(call, (await kind.scans?.(record, place)) ?? []);
    return await this.database.transaction(async (tx) => {
      // Of two that come at the same time the second waits here, and then finds the first, whatever time it claims.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('record ' || $1, 0))`, [record.id]);
      const meanwhile = await this.known(tx, place.countyCode, record.id);
      if (meanwhile) return repeat(meanwhile, digest);
      await tx.query(
        `insert into logistics.station_record (county_code, id, occurred_at, kind, digest, warnings, station_id, unit_id, actor_id, device_id, received_at)
         values ($1, $2, $3, $4, $5, '{}', $6, $7, $8, $9, $10)`,
        [
          place.countyCode,
          record.id,
          new Date(record.occurredAt),
          kind.path,
          digest,
          place.station?.id ?? null,
          place.unitId,
          call.principal.id,
          call.deviceId,
          call.receivedAt,
        ],
      );
      const warnings = await kind.write(tx, record, place);
      if (warnings.length === 0) return { outcome: 'accepted' };
      await tx.query(
        'update logistics.station_record set warnings = $4::text[] where county_code = $1 and id = $2 and occurred_at = $3',
        [place.countyCode, record.id, new Date(record.occurredAt), [...warnings]],
      );
      return { outcome: 'accepted', warnings: [...warnings] };
    });
  }

  private placeOf(call: Call, record: StationRecord): RecordPlace {
    const found = call.places.find(record.stationCode);
    if (found instanceof DomainError) throw found;
    const { countyCode, unitId, station } = found;
    if (unitId === null) throw new DomainError('station_required', 400);
    const { principal, deviceId, facts, receivedAt } = call;
    const { occurredAtMs } = readClock(Date.parse(record.occurredAt), receivedAt.getTime());
    return { countyCode, unitId, station, principal, deviceId, facts, receivedAt, occurredAt: new Date(occurredAtMs) };
  }

  /** The ledger first: a record never says what the ledger does not know, and the scans of a repeat are known by their ids. */
  private async scan(call: Call, scans: readonly unknown[]): Promise<void> {
    if (scans.length === 0) return;
    const results = await this.scans.ingest(call.principal, call.deviceId, scans, call.receivedAt, call.language);
    const refused = results.find(({ outcome }) => outcome === 'rejected')?.problem;
    if (refused) throw new RefusedScan(refused);
  }

  private async known(from: Pick<Tx, 'query'>, countyCode: string, id: string): Promise<KnownRecord | undefined> {
    const [row] = await from.query<KnownRecord>(
      'select digest, warnings from logistics.station_record where county_code = $1 and id = $2',
      [countyCode, id],
    );
    return row;
  }
}

/** A scan of the record was refused; its problem, worded already, is the record's. */
class RefusedScan extends Error {
  constructor(readonly problem: NonNullable<RecordResult['problem']>) {
    super(problem.code);
  }
}

interface KnownRecord {
  digest: Buffer;
  warnings: string[];
}

/** The same again is a duplicate; another content under a known id is a mistake of the client that must not look like success. */
function repeat(known: KnownRecord, digest: Buffer): Omit<RecordResult, 'id'> {
  if (!known.digest.equals(digest)) throw new DomainError('record_id_reused', 409);
  return { outcome: 'duplicate', ...(known.warnings.length > 0 && { warnings: known.warnings }) };
}

/** JSON with its keys in order, so that the same record always has the same digest. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function rejected(id: string | null, { code, params, errors }: DomainError, language: Language): RecordResult {
  return {
    id,
    outcome: 'rejected',
    problem: { code, detail: message(language, code, params), ...(errors ? { errors: localErrors(errors, language) } : {}) },
  };
}

/** The id as sent, so that the client finds its record; bounded, because it is echoed. */
function idOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' ? id.slice(0, 64) : null;
}
