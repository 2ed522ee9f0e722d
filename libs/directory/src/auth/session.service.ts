import { Injectable } from '@nestjs/common';
import { usernameSchema, type Me } from '#contracts';
import { Audit, Clock, Database, DomainError, Notifier, uuidv7, type Principal } from '#platform';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitRefOf } from '../unit/unit.view.js';
import { ACCESS_CHANNEL, DirectoryAuthenticator } from './directory.authenticator.js';
import { DeviceRegistry } from './device.registry.js';
import { newToken, tokenHash } from './access.token.js';
import { LoginThrottle } from './login.throttle.js';
import { PasswordHasher } from './password.hasher.js';

/** A session ends this long after the log-in. */
export const SESSION_MS = 12 * 3_600_000;

/** What a log-in gives. */
export interface OpenSession {
  token: string;
  expiresAt: Date;
  principal: Principal;
}

/** What a person signs in with. */
export interface Credentials {
  username: string;
  password: string;
  deviceId?: string | undefined;
}

interface AccountRow {
  id: string;
  passwordHash: string;
  unitId: string;
  disabled: boolean;
}

/** Log-in and log-out of people. Only the hash of a token is kept. */
@Injectable()
export class SessionService {
  private readonly throttle = new LoginThrottle();

  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly authenticator: DirectoryAuthenticator,
    private readonly passwords: PasswordHasher,
    private readonly notifier: Notifier,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly devices: DeviceRegistry,
  ) {}

  /**
   * Opens a session, bound to the device if one is named.
   * @throws DomainError `bad_credentials` 401 (unknown, wrong or disabled alike), `too_many_attempts` 429, `device_revoked` 403
   */
  async open(credentials: Credentials, address: string): Promise<OpenSession> {
    const username = credentials.username.trim().toLowerCase();
    const key = `${username}|${address}`;
    this.throttle.begin(key, this.clock.now().getTime());
    const account = usernameSchema.safeParse(username).success ? await this.account(username) : undefined;
    const matched = await this.passwords.matches(account?.passwordHash, credentials.password);
    if (!account || !matched || account.disabled) {
      if (account) await this.recordRefusal(account);
      throw new DomainError('bad_credentials', 401);
    }
    this.throttle.succeeded(key);
    // Only after the password: nobody learns by guessing which devices are revoked.
    if (credentials.deviceId !== undefined) await this.devices.admit(credentials.deviceId, account.id);
    return await this.store(account, credentials.deviceId ?? null);
  }

  /** Ends a session; an unknown or ended one is none. */
  async close(token: string): Promise<void> {
    const hash = tokenHash(token);
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ userId: string }>(
        `update directory.session set revoked_at = $2::timestamptz where token_hash = $1 and revoked_at is null returning user_id as "userId"`,
        [hash, this.clock.now()],
      );
      if (!row) return;
      await this.audit.record(tx, {
        countyCode: '',
        actorId: row.userId,
        action: 'session.closed',
        subject: `user:${row.userId}`,
      });
      await this.notifier.notify(tx, ACCESS_CHANNEL, `token:${hash}`);
    });
    this.authenticator.forget(`token:${hash}`);
  }

  /** The principal as `GET /api/auth/me` shows it. */
  async me(principal: Principal): Promise<Me> {
    const snapshot = await this.reader.snapshot();
    const stations = principal.stationIds.flatMap((id) => snapshot.station(id) ?? []);
    return {
      id: principal.id,
      username: principal.username,
      role: principal.role,
      unit: unitRefOf(snapshot, principal.unitId),
      stations: stations.map(({ code, name }) => ({ code, name })),
      producerIds: [...principal.producerIds],
      rights: [...principal.rights],
    };
  }

  private async account(username: string): Promise<AccountRow | undefined> {
    const [account] = await this.database.query<AccountRow>(
      `select id, password_hash as "passwordHash", unit_id as "unitId", disabled_at is not null as disabled
       from directory.user_account where username = $1`,
      [username],
    );
    return account;
  }

  private async store(account: AccountRow, deviceId: string | null): Promise<OpenSession> {
    const token = newToken();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + SESSION_MS);
    await this.database.transaction(async (tx) => {
      await tx.query('delete from directory.session where user_id = $1::uuid and expires_at < $2::timestamptz', [
        account.id,
        now,
      ]);
      await tx.query(
        `insert into directory.session (id, token_hash, user_id, created_at, expires_at, device_id)
         values ($1::uuid, $2, $3::uuid, $4::timestamptz, $5::timestamptz, $6)`,
        [uuidv7(), tokenHash(token), account.id, now, expiresAt, deviceId],
      );
      const countyCode = (await this.reader.snapshot()).countyCodeOf(account.unitId);
      await this.audit.record(tx, { countyCode, actorId: account.id, action: 'session.opened', subject: `user:${account.id}` });
    });
    const principal = await this.authenticator.authenticate(token);
    if (!principal) throw new DomainError('bad_credentials', 401);
    return { token, expiresAt, principal };
  }

  private async recordRefusal(account: AccountRow): Promise<void> {
    const countyCode = (await this.reader.snapshot()).countyCodeOf(account.unitId);
    const entry = { countyCode, actorId: account.id, action: 'session.refused', subject: `user:${account.id}` };
    await this.database.transaction((tx) => this.audit.record(tx, entry));
  }
}
