import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RIGHTS_OF, roleSchema } from '#contracts';
import { Authenticator, Clock, Database, DomainError, Notifier, type Principal } from '#platform';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { API_KEY_PREFIX, tokenHash } from './access.token.js';

/** Channel on which it is told whose access changed: `token:<hash>`, `user:<id>`, `key:<id>`, `device:<id>`; empty is anybody's. */
export const ACCESS_CHANNEL = 'directory_access';
/** How long an answer is remembered; the bound on a revocation whose notice was lost. */
const REMEMBER_MS = 5000;
const MAX_REMEMBERED = 20_000;

interface Known {
  row: AccessRow;
  principal: Principal;
  /** Of the master data that the principal was made from. */
  revision: number;
  readAtMs: number;
}

interface AccessRow {
  id: string;
  kind: Principal['kind'];
  username: string;
  role: string;
  unitId: string;
  carrierCode: string | null;
  stationIds: string[];
  producerIds: string[];
  expiresAt: Date | null;
  /** Device that a session is bound to. */
  deviceId: string | null;
  deviceRevoked: boolean;
}

const SESSION_SQL = `
  select u.id, 'user' as kind, u.username, u.role, u.unit_id as "unitId", null as "carrierCode", s.expires_at as "expiresAt",
         s.device_id as "deviceId", d.revoked_at is not null as "deviceRevoked",
         array(select k.station_id from directory.user_station k where k.user_id = u.id order by 1) as "stationIds",
         array(select p.producer_id from directory.user_producer p where p.user_id = u.id order by 1) as "producerIds"
  from directory.session s join directory.user_account u on u.id = s.user_id left join directory.device d on d.id = s.device_id
  where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2::timestamptz and u.disabled_at is null`;
const KEY_SQL = `
  select id, 'key' as kind, name as username, 'carrier' as role, unit_id as "unitId", carrier_code as "carrierCode", null as "expiresAt",
         null as "deviceId", false as "deviceRevoked", '{}'::uuid[] as "stationIds", '{}'::uuid[] as "producerIds"
  from directory.api_key where key_hash = $1 and revoked_at is null and $2::timestamptz is not null`;

/** Tells who a session token or an API key belongs to, mostly from memory; a revocation reaches every process by notice. */
@Injectable()
export class DirectoryAuthenticator extends Authenticator implements OnApplicationShutdown {
  private readonly known = new Map<string, Known>();
  private readonly reading = new Map<string, Promise<Principal | undefined>>();
  private generation = 0;
  private readonly stopListening: () => void;

  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
    notifier: Notifier,
  ) {
    super();
    this.stopListening = notifier.listen(ACCESS_CHANNEL, (payload) => this.forget(payload));
  }

  /** @throws DomainError `device_revoked` 403 for a session of a device that was revoked: the phone is to know why, and wipe itself */
  async authenticate(token: string): Promise<Principal | undefined> {
    const hash = tokenHash(token);
    const known = this.known.get(hash);
    if (known && performance.now() - known.readAtMs < REMEMBER_MS) return await this.recall(known);
    let reading = this.reading.get(hash);
    if (!reading) {
      reading = this.read(token, hash).finally(() => {
        if (this.reading.get(hash) === reading) this.reading.delete(hash);
      });
      this.reading.set(hash, reading);
    }
    return await reading;
  }

  /** Takes an answer back: `token:<hash>`, `user:<id>`, `key:<id>`, `device:<id>`, or everything. */
  forget(whose: string): void {
    this.generation += 1;
    this.reading.clear();
    const colon = whose.indexOf(':');
    const [kind, value] = [whose.slice(0, Math.max(0, colon)), whose.slice(colon + 1)];
    if (kind === 'token') this.known.delete(value);
    else if (kind === 'device') {
      for (const [hash, { row }] of this.known) if (row.deviceId === value) this.known.delete(hash);
    } else if (kind === 'user' || kind === 'key') {
      for (const [hash, { principal }] of this.known) if (principal.id === value) this.known.delete(hash);
    } else this.known.clear();
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  /** The answer from memory, made anew when the master data has changed: the unit may have another name or successor by now. */
  private async recall(known: Known): Promise<Principal | undefined> {
    // API keys never end by themselves.
    if (known.row.expiresAt !== null && known.row.expiresAt <= this.clock.now()) return undefined;
    const snapshot = await this.reader.snapshot();
    if (snapshot.revision !== known.revision) {
      known.principal = principalOf(snapshot, known.row);
      known.revision = snapshot.revision;
    }
    return known.principal;
  }

  private async read(token: string, hash: string): Promise<Principal | undefined> {
    const { generation } = this;
    const readAtMs = performance.now();
    const sql = token.startsWith(API_KEY_PREFIX) ? KEY_SQL : SESSION_SQL;
    const [row] = await this.database.query<AccessRow>(sql, [hash, this.clock.now()]);
    if (!row) {
      this.known.delete(hash);
      return undefined;
    }
    if (row.deviceRevoked) {
      this.known.delete(hash);
      throw new DomainError('device_revoked', 403);
    }
    const snapshot = await this.reader.snapshot();
    const principal = principalOf(snapshot, row);
    // What was read before a revocation must not be remembered after it.
    if (generation === this.generation) this.remember(hash, { row, principal, revision: snapshot.revision, readAtMs });
    return principal;
  }

  private remember(hash: string, known: Known): void {
    this.known.delete(hash);
    this.known.set(hash, known);
    if (this.known.size > MAX_REMEMBERED) for (const [oldest] of this.known) return void this.known.delete(oldest);
  }
}

/** A unit that was merged or split lives on in its successor, and so do the people who work for it. */
function principalOf(snapshot: DirectorySnapshot, row: AccessRow): Principal {
  const unit = snapshot.successorOn(row.unitId) ?? snapshot.unit(row.unitId);
  const role = roleSchema.parse(row.role);
  return {
    id: row.id,
    kind: row.kind,
    username: row.username,
    role,
    unitId: unit?.id ?? row.unitId,
    unitCode: unit?.code ?? '',
    countyCode: snapshot.countyCodeOf(unit?.id ?? row.unitId),
    rights: RIGHTS_OF[role],
    stationIds: row.stationIds,
    producerIds: row.producerIds,
    ...(row.carrierCode === null ? {} : { carrierCode: row.carrierCode }),
  };
}
