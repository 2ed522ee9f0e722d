import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Audit, Clock, Database, DomainError, Notifier, SecretBox, type Tx } from '#platform';
import { drawSerials, encodeCode, headOf, keyIdOf, MAX_KEYS, verifyCode } from './code.text.js';

const CHANNEL = 'code_keys';
const LOCK = 'xiangyi:code-keys';
const SECRET_BYTES = 32;
/** An unknown key number makes the keys be read again, at most this often. */
const RELOAD_MS = 1000;

/** A key as told to people: never its secret. */
export interface CodeKeyRow {
  readonly id: number;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/**
 * The keys of the codes' HMAC, in memory. A code whose HMAC is wrong is refused without a query. The newest key signs, all verify: labels printed before a
 * rotation stay valid. Other processes learn of a rotation by a notice, or by meeting a key's number that they do not know.
 */
@Injectable()
export class CodeKeys implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(CodeKeys.name);
  private keys = new Map<number, KeyObject>();
  private newest: number | undefined;
  private readAtMs = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly notifier: Notifier,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.notifier.listen(CHANNEL, () => void this.read().catch((error: unknown) => this.logger.warn(error)));
  }

  /** Reads the keys at the start, so that the first scan finds them. Makes none. */
  async onApplicationBootstrap(): Promise<void> {
    await this.read();
  }

  /** Waits until there is a key to sign with; the first need makes the first one. */
  async ready(): Promise<void> {
    if (this.newest !== undefined) return;
    await this.read();
    if (this.newest !== undefined) return;
    await this.database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [LOCK]);
      const [row] = await tx.query('select 1 from trace.code_key limit 1');
      if (!row) await this.insert(tx, 0, null);
    });
    await this.read();
  }

  /** The serial of a genuine code, from memory alone; `undefined` when the text is no code or its HMAC is wrong. */
  check(text: string): number | undefined {
    const head = headOf(text);
    const secret = head && this.keys.get(head.keyId);
    return secret && verifyCode(secret, text);
  }

  /** As `check`; a code under a key that is not known here makes the keys be read again, at most once a second. */
  async checkFresh(text: string): Promise<number | undefined> {
    const head = headOf(text);
    if (!head) return undefined;
    if (!this.keys.has(head.keyId) && performance.now() - this.readAtMs >= RELOAD_MS) await this.read();
    return this.check(text);
  }

  /** Serials drawn under the newest key. Call `ready` first. */
  draw(count: number): number[] {
    if (this.newest === undefined) throw new Error('No key to sign codes with: ready() was not awaited');
    return drawSerials(this.newest, count);
  }

  /** The text of a serial under its own key. @throws Error when the key is not loaded: see `readyFor` */
  sign(serial: number): string {
    return encodeCode(this.secretOf(serial), serial);
  }

  /** Waits until the keys of some registered serials are here. */
  async readyFor(serials: readonly number[]): Promise<void> {
    if (serials.some((serial) => !this.keys.has(keyIdOf(serial)))) await this.read();
  }

  /**
   * Makes a new key, which signs from now on.
   * @throws DomainError `code_keys_used_up` 409 after sixteen
   */
  async rotate(actor: { id: string; countyCode: string }): Promise<CodeKeyRow> {
    const made = await this.database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [LOCK]);
      const [{ next } = { next: 0 }] = await tx.query<{ next: number }>(
        'select coalesce(max(id) + 1, 0)::int as next from trace.code_key',
      );
      if (next >= MAX_KEYS) throw new DomainError('code_keys_used_up', 409, { count: MAX_KEYS });
      const row = await this.insert(tx, next, actor.id);
      await this.audit.record(tx, {
        countyCode: actor.countyCode,
        actorId: actor.id,
        action: 'code_key.rotated',
        subject: `code_key:${next}`,
      });
      return row;
    });
    await this.read();
    return made;
  }

  /** The keys, newest first. */
  async list(): Promise<CodeKeyRow[]> {
    return this.database.query(
      'select id, created_by as "createdBy", created_at as "createdAt" from trace.code_key order by id desc',
    );
  }

  private secretOf(serial: number): KeyObject {
    const secret = this.keys.get(keyIdOf(serial));
    if (!secret) throw new Error(`The key ${keyIdOf(serial)} of a registered code is not loaded`);
    return secret;
  }

  private async insert(tx: Tx, id: number, createdBy: string | null): Promise<CodeKeyRow> {
    const sealed = this.secrets.encrypt(randomBytes(SECRET_BYTES).toString('base64'));
    const createdAt = this.clock.now();
    await tx.query('insert into trace.code_key (id, secret, created_by, created_at) values ($1, $2, $3::uuid, $4::timestamptz)', [
      id,
      sealed,
      createdBy,
      createdAt.toISOString(),
    ]);
    await this.notifier.notify(tx, CHANNEL, String(id));
    return { id, createdBy, createdAt };
  }

  /** Reads all keys; callers at the same time share one reading, but a reading under way may have begun before a rotation's commit, so one more follows. */
  private async read(): Promise<void> {
    if (this.reading) await this.reading.catch(() => undefined);
    this.reading ??= this.readOnce().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async readOnce(): Promise<void> {
    this.readAtMs = performance.now();
    const rows = await this.database.query<{ id: number; secret: Uint8Array }>(
      'select id, secret from trace.code_key order by id',
    );
    this.keys = new Map(rows.map((row) => [row.id, createSecretKey(Buffer.from(this.secrets.decrypt(row.secret), 'base64'))]));
    this.newest = rows.at(-1)?.id;
  }
}
