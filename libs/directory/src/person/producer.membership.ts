import { Injectable } from '@nestjs/common';
import { Audit, Clock, Database, Notifier, notFound } from '#platform';
import { ACCESS_CHANNEL, DirectoryAuthenticator } from '../auth/directory.authenticator.js';
import { scopeAllows, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';

/** Who acts for which producer. The producers themselves are upflow's; whether the actor may decide about one is asked there. */
@Injectable()
export class ProducerMembership {
  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly authenticator: DirectoryAuthenticator,
    private readonly notifier: Notifier,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a user of the role `producer` act for a producer. Doing it twice changes nothing.
   * @throws DomainError `not_found` 404 for a user that is unknown, has another role, or lies outside of the actor's unit
   */
  async join(actor: Actor, username: string, producerId: string): Promise<void> {
    await this.change(actor, username, (userId) => ({
      sql: `insert into directory.user_producer (user_id, producer_id, created_at) values ($1::uuid, $2::uuid, $3::timestamptz) on conflict do nothing`,
      values: [userId, producerId, this.clock.now()],
      action: 'producer.member.added',
      subject: `producer:${producerId}`,
    }));
  }

  /** Ends it. @throws DomainError `not_found` 404, as above */
  async leave(actor: Actor, username: string, producerId: string): Promise<void> {
    await this.change(actor, username, (userId) => ({
      sql: 'delete from directory.user_producer where user_id = $1::uuid and producer_id = $2::uuid',
      values: [userId, producerId],
      action: 'producer.member.removed',
      subject: `producer:${producerId}`,
    }));
  }

  private async change(
    actor: Actor,
    username: string,
    statement: (userId: string) => { sql: string; values: unknown[]; action: string; subject: string },
  ): Promise<void> {
    const snapshot = await this.reader.snapshot();
    const userId = await this.database.transaction(async (tx) => {
      const [user] = await tx.query<{ id: string; unitId: string }>(
        `select id, unit_id as "unitId" from directory.user_account where username = $1 and role = 'producer'`,
        [username.trim().toLowerCase()],
      );
      if (!user || !scopeAllows(snapshot, actor, user.unitId)) throw notFound(username);
      const { sql, values, action, subject } = statement(user.id);
      await tx.query(sql, values);
      const detail = { userId: user.id };
      const countyCode = snapshot.countyCodeOf(user.unitId);
      await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject, detail });
      await this.notifier.notify(tx, ACCESS_CHANNEL, `user:${user.id}`);
      return user.id;
    });
    this.authenticator.forget(`user:${userId}`);
  }
}
