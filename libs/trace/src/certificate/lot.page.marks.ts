import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Notifier, type Tx } from '#platform';

const CHANNEL = 'lot_page';
const REMEMBERED = 10_000;

/**
 * Tells pages that are kept in memory that something changed about a lot which does not raise the lot's revision: a certificate. This process knows at
 * once, the others by a notice.
 */
@Injectable()
export class LotPageMarks implements OnModuleInit, OnModuleDestroy {
  private readonly marks = new Map<string, number>();
  private stop: (() => void) | undefined;

  constructor(private readonly notifier: Notifier) {}

  onModuleInit(): void {
    this.stop = this.notifier.listen(CHANNEL, (lotId) => this.touch(lotId));
  }

  onModuleDestroy(): void {
    this.stop?.();
  }

  /** A number that changes with the lot's page. */
  of(lotId: string): number {
    return this.marks.get(lotId) ?? 0;
  }

  /** Lets the other processes know when the transaction commits. */
  async announce(tx: Tx, lotId: string): Promise<void> {
    await this.notifier.notify(tx, CHANNEL, lotId);
  }

  /** The page of a lot is to be read anew, from now on. */
  touch(lotId: string): void {
    const mark = this.of(lotId) + 1;
    this.marks.delete(lotId);
    this.marks.set(lotId, mark);
    const [oldest] = this.marks.keys();
    // A forgotten mark falls back to 0, whose page is older than the cache keeps anything.
    if (this.marks.size > REMEMBERED && oldest !== undefined) this.marks.delete(oldest);
  }
}
