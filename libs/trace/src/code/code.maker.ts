import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, DomainEventPayload } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, DomainError, Outbox, ProcessedEvents, type Tx } from '#platform';
import { BoxLots } from './box.lots.js';
import { CodeBatchRepository, type CodeBatchRow, type CodeBatchState } from './code.batch.repository.js';
import { CodeKeys } from './code.keys.js';
import { takeSsccs } from './sscc.block.js';

/** Codes of one transaction: big enough to be quick, small enough that a pause is felt and a kill loses little work. */
export const CHUNK_CODES = 10_000;

const CONSUMER = 'trace.codes.make';

/** States in which codes are made, by state: a table, so that a new state must say. */
const MAKES: Readonly<Record<CodeBatchState, boolean>> = {
  queued: true,
  making: true,
  paused: false,
  done: false,
  failed: false,
};

/**
 * Registers the codes of a batch, a chunk at a time. Each chunk is one transaction under the lock of the batch's row, and asks for the next in it: other
 * jobs get their turn, a kill loses nothing, and no number of repeated events makes more codes than were ordered.
 */
@Injectable()
export class CodeMaker {
  constructor(
    private readonly database: Database,
    private readonly batches: CodeBatchRepository,
    private readonly boxLots: BoxLots,
    private readonly keys: CodeKeys,
    private readonly directory: DirectoryReader,
    private readonly outbox: Outbox,
    private readonly processed: ProcessedEvents,
    private readonly clock: Clock,
  ) {}

  /** Makes the next chunk that an event wants, and asks for the one after it. */
  async makeChunk(event: DeliveredEvent): Promise<void> {
    await this.keys.ready();
    const { batchId } = event.payload as DomainEventPayload<'trace.batch.wanted'>;
    const prefix = (await this.directory.snapshot()).parameters(event.countyCode).gs1CompanyPrefix;
    await this.database.transaction(async (tx) => {
      if ((await this.processed.firstTime(tx, CONSUMER, [event])).length === 0) return;
      const batch = await this.batches.lock(tx, batchId);
      if (!batch || !MAKES[batch.state]) return;
      const made = batch.made + (await this.register(tx, batch, prefix));
      const done = made >= batch.count;
      const finishedAt = done ? this.clock.now() : null;
      await this.batches.progress(tx, batchId, { made, state: done ? 'done' : 'making', finishedAt });
      if (!done) await this.want(tx, batch);
    });
  }

  /** Asks for codes of a batch, from where it stands. */
  async want(tx: Tx, batch: Pick<CodeBatchRow, 'id' | 'countyCode'>): Promise<void> {
    await this.outbox.publish(tx, 'trace', [
      { countyCode: batch.countyCode, topic: 'trace.batch.wanted', payload: { batchId: batch.id } },
    ]);
  }

  /** Marks a batch whose codes cannot be made; whoever resumes it tries again. */
  async fail(batchId: string, error: unknown): Promise<void> {
    const problem = error instanceof DomainError ? error.code : 'codes_not_made';
    await this.database.transaction(async (tx) => {
      const batch = await this.batches.lock(tx, batchId);
      if (batch && MAKES[batch.state]) await this.batches.turn(tx, batchId, 'failed', problem);
    });
  }

  /** Registers up to a chunk of codes; a serial that is taken is drawn again. */
  private async register(tx: Tx, batch: CodeBatchRow, prefix: string): Promise<number> {
    const wanted = Math.min(CHUNK_CODES, batch.count - batch.made);
    let ssccs = batch.level === 'box' ? await takeSsccs(tx, prefix, wanted) : undefined;
    for (let left = wanted; left > 0;) {
      const serials = [...new Set(this.keys.draw(left))];
      const taken = new Set(await this.insert(tx, batch, serials, ssccs));
      left -= taken.size;
      ssccs = ssccs?.filter((_, index) => index >= serials.length || !taken.has(serials[index] ?? -1));
    }
    return wanted;
  }

  private async insert(tx: Tx, batch: CodeBatchRow, serials: readonly number[], ssccs?: readonly string[]): Promise<number[]> {
    const active = batch.activation === 'at_once';
    const rows = await tx.query<{ serial: number }>(
      `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, sscc, activated_at)
       select serial, $1::text, $2::uuid, $3::uuid, $4::text, $5::text, sscc, $6::timestamptz
       from unnest($7::bigint[], $8::text[]) as drawn (serial, sscc) order by serial
       on conflict (serial) do nothing returning serial`,
      [
        batch.countyCode,
        batch.id,
        batch.lotId,
        batch.level,
        active ? 'active' : 'made',
        active ? this.clock.now().toISOString() : null,
        serials,
        serials.map((_, index) => ssccs?.[index] ?? null),
      ],
    );
    const registered = rows.map(({ serial }) => serial);
    if (batch.level === 'box') await this.boxLots.refresh(tx, registered);
    return registered;
  }
}
