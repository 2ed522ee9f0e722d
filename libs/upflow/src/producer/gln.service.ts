import { Injectable } from '@nestjs/common';
import type { GlnInput, GlnView } from '#contracts';
import type { ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, type Tx } from '#platform';
import { ProducerService } from './producer.service.js';

type Stored = GlnView & { producerId: string };

/** Global location numbers that GS1 gave to producers, as parties (AI 417), or to their plots (AI 414). */
@Injectable()
export class GlnService {
  constructor(
    private readonly database: Database,
    private readonly producers: ProducerService,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Numbers of a producer. @throws DomainError `not_found` 404, also when the actor may not see it */
  async of(actor: ProduceActor, producerId: string): Promise<GlnView[]> {
    await this.producers.get(actor, producerId);
    return this.database.query(
      'select gln, plot_name as "plotName" from upflow.location_number where producer_id = $1::uuid order by gln',
      [producerId],
    );
  }

  /** Notes a number; the same again changes nothing. @throws DomainError `not_found` 404, `gln_taken` 409 when it stands for something else */
  async put(actor: ProduceActor & { id: string }, producerId: string, gln: string, input: GlnInput): Promise<GlnView> {
    const { village } = await this.producers.get(actor, producerId);
    return this.database.transaction(async (tx) => {
      const added = await tx.query(
        `insert into upflow.location_number (gln, producer_id, plot_name, created_by, created_at)
         values ($1, $2::uuid, $3, $4::uuid, $5::timestamptz) on conflict (gln) do nothing returning 1`,
        [gln, producerId, input.plotName, actor.id, this.clock.now().toISOString()],
      );
      const stored = await this.find(tx, gln);
      if (stored?.producerId !== producerId || stored.plotName !== input.plotName) throw new DomainError('gln_taken', 409);
      if (added.length > 0) await this.tell(tx, actor, village.code, 'gln.noted', gln);
      return { gln, plotName: stored.plotName };
    });
  }

  /** Takes a number away; one that the producer has not is no fault. @throws DomainError `not_found` 404 for the producer */
  async remove(actor: ProduceActor & { id: string }, producerId: string, gln: string): Promise<void> {
    const { village } = await this.producers.get(actor, producerId);
    await this.database.transaction(async (tx) => {
      const gone = await tx.query('delete from upflow.location_number where gln = $1 and producer_id = $2::uuid returning 1', [
        gln,
        producerId,
      ]);
      if (gone.length > 0) await this.tell(tx, actor, village.code, 'gln.removed', gln);
    });
  }

  private async find(tx: Tx, gln: string): Promise<Stored | undefined> {
    const [row] = await tx.query<Stored>(
      'select gln, plot_name as "plotName", producer_id as "producerId" from upflow.location_number where gln = $1',
      [gln],
    );
    return row;
  }

  private async tell(tx: Tx, actor: { id: string }, villageCode: string, action: string, gln: string): Promise<void> {
    await this.audit.record(tx, { countyCode: villageCode.slice(0, 6), actorId: actor.id, action, subject: `gln ${gln}` });
  }
}
