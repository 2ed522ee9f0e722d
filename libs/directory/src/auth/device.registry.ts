import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DeviceView, Page } from '#contracts';
import { Audit, Clock, Database, DomainError, forbidden, invalid, notFound, Notifier } from '#platform';
import { pageFrom } from '../http/list.answer.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { scopeAllows, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitRefOf } from '../unit/unit.view.js';
import { ACCESS_CHANNEL, DirectoryAuthenticator } from './directory.authenticator.js';

const DEVICE_CHANNEL = 'directory_device';
/** A device that was seen this recently is not written again; also the bound on a revocation whose notice was lost. */
const REMEMBER_MS = 30_000;
const MAX_REMEMBERED = 20_000;

interface DeviceRow {
  id: string;
  username: string | null;
  unitId: string | null;
  firstSeen: Date;
  lastSeen: Date;
  revokedAt: Date | null;
}

const SELECT = `select d.id, coalesce(u.username, k.name) as username, coalesce(u.unit_id, k.unit_id) as "unitId",
    d.first_seen as "firstSeen", d.last_seen as "lastSeen", d.revoked_at as "revokedAt"
  from directory.device d left join directory.user_account u on u.id = d.user_id left join directory.api_key k on k.id = d.user_id`;

/** Whether a text can be a device's id: 1–64 characters that can be printed. */
export const isDeviceId = (id: string): boolean => /^[^\p{Cc}]{1,64}$/u.test(id);

/** Phones and scanners that people sign in on and that send scans: met at first use, refused once revoked. */
@Injectable()
export class DeviceRegistry implements OnApplicationShutdown {
  private readonly seen = new Map<string, { userId: string; revoked: boolean; atMs: number }>();
  private readonly stopListening: () => void;

  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly notifier: Notifier,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly authenticator: DirectoryAuthenticator,
  ) {
    this.stopListening = notifier.listen(DEVICE_CHANNEL, (id) => (id === '' ? this.seen.clear() : this.seen.delete(id)));
  }

  /**
   * Notes that a device is in use by somebody.
   * @throws DomainError `device_revoked` 403, `invalid_input` 400
   */
  async admit(deviceId: string, userId: string): Promise<void> {
    if (!isDeviceId(deviceId)) throw invalid([{ path: 'deviceId', code: 'invalid_format', message: 'deviceId' }]);
    const known = this.seen.get(deviceId);
    const fresh = known?.userId === userId && performance.now() - known.atMs < REMEMBER_MS;
    const revoked = fresh ? known.revoked : await this.note(deviceId, userId);
    if (revoked) throw new DomainError('device_revoked', 403);
  }

  /**
   * Revokes a device: its scans are refused, and the sessions that are bound to it end.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async revoke(actor: Actor, id: string): Promise<DeviceView> {
    const snapshot = await this.reader.snapshot();
    const view = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<DeviceRow>(`${SELECT} where d.id = $1`, [id]);
      if (!row) throw notFound(id);
      if (actor.unitId !== null && (row.unitId === null || !scopeAllows(snapshot, actor, row.unitId))) throw forbidden();
      if (row.revokedAt !== null) return deviceView(snapshot, row);
      const revokedAt = this.clock.now();
      await tx.query('update directory.device set revoked_at = $2::timestamptz where id = $1', [id, revokedAt]);
      const countyCode = row.unitId === null ? '' : snapshot.countyCodeOf(row.unitId);
      await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'device.revoked', subject: `device:${id}` });
      await this.notifier.notify(tx, DEVICE_CHANNEL, id);
      await this.notifier.notify(tx, ACCESS_CHANNEL, `device:${id}`);
      return deviceView(snapshot, { ...row, revokedAt });
    });
    this.seen.delete(id);
    this.authenticator.forget(`device:${id}`);
    return view;
  }

  /** Devices last used by people and programs of a unit, in the order of their ids. */
  async list(unitId: string, after: string | undefined, limit: number): Promise<Page<DeviceView>> {
    const snapshot = await this.reader.snapshot();
    const rows = await this.database.query<DeviceRow>(
      `${SELECT} where coalesce(u.unit_id, k.unit_id) = any($1::uuid[]) and ($2::text is null or d.id > $2) order by d.id limit $3`,
      [snapshot.idsWithin(unitId), after ?? null, limit + 1],
    );
    const page = pageFrom(rows, (row) => row.id, limit);
    return { ...page, items: page.items.map((row) => deviceView(snapshot, row)) };
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  private async note(deviceId: string, userId: string): Promise<boolean> {
    const [row] = await this.database.query<{ revoked: boolean }>(
      `insert into directory.device (id, user_id, first_seen, last_seen) values ($1, $2::uuid, $3::timestamptz, $3::timestamptz)
       on conflict (id) do update set user_id = excluded.user_id, last_seen = excluded.last_seen
       returning revoked_at is not null as revoked`,
      [deviceId, userId, this.clock.now()],
    );
    const revoked = row?.revoked ?? false;
    if (this.seen.size >= MAX_REMEMBERED) this.seen.clear();
    this.seen.set(deviceId, { userId, revoked, atMs: performance.now() });
    return revoked;
  }
}

function deviceView(snapshot: DirectorySnapshot, row: DeviceRow): DeviceView {
  return {
    id: row.id,
    username: row.username,
    unit: row.unitId === null ? null : unitRefOf(snapshot, row.unitId),
    firstSeen: row.firstSeen.toISOString(),
    lastSeen: row.lastSeen.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
