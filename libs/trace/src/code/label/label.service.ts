import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { type LabelQuery } from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { CONFIG, Database, DomainError, message, type Config, type Principal } from '#platform';
import type { CodeBatchRow } from '../code.batch.repository.js';
import { CodeBatchService } from '../code.batch.service.js';
import { CodeKeys } from '../code.keys.js';
import { codeLink } from '../code.link.js';
import { CodeRepository } from '../code.repository.js';
import type { CodeLot } from '../lot.access.js';
import { labelFormOf, spokenPlace, type Label, type LabelFace } from './label.face.js';
import { LabelSlots } from './label.slots.js';
import { LabelThread } from './label.thread.js';

/** Labels read at a time: twenty sheets. */
const PAGE = 480;
/** No file of labels takes longer; a reader that takes nothing for so long is given up. */
const MAX_MS = 15 * 60_000;

/** Labels of a batch as PDF, and as CSV for print shops; both streamed, so that a million labels never sit in memory. */
@Injectable()
export class LabelService {
  constructor(
    private readonly database: Database,
    private readonly batches: CodeBatchService,
    private readonly codes: CodeRepository,
    private readonly keys: CodeKeys,
    private readonly directory: DirectoryReader,
    private readonly slots: LabelSlots,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /**
   * A PDF of labels; void codes are left out.
   * @param gone aborts when the client is gone
   * @throws DomainError `not_found` 404, and 409: `code_batch_not_ready`, `labels_none`, `label_glyph_missing`; `labels_busy` 503
   */
  async pdf(principal: Principal, batchId: string, query: LabelQuery, gone: AbortSignal): Promise<Readable> {
    const { batch, lot } = await this.ready(principal, batchId);
    const pages = this.pages(batch, lot, query);
    const first = await pages.next();
    if (first.done) throw new DomainError('labels_none', 409);
    const face = this.faceOf(await this.directory.snapshot(), lot);
    const giveBack = await this.slots.take(gone);
    const signal = AbortSignal.any([gone, AbortSignal.timeout(MAX_MS)]);
    const thread = new LabelThread({ form: labelFormOf(query.form, batch.level === 'box'), face }, signal);
    const close = async () => {
      giveBack();
      await thread.close();
    };
    try {
      await thread.ready();
    } catch (error) {
      await close();
      throw error;
    }
    const file = Readable.from(closing(thread.bytes(startingWith(first.value, pages)), close), { objectMode: false });
    // A reader that stopped reading would never learn of the end of the thread, and keep the slot.
    const stop = () => file.destroy();
    signal.addEventListener('abort', stop, { once: true });
    return file.once('close', () => signal.removeEventListener('abort', stop));
  }

  /** A CSV of codes, links and SSCCs; void codes are left out. @throws DomainError `not_found` 404, `code_batch_not_ready` 409 */
  async csv(principal: Principal, batchId: string): Promise<Readable> {
    const { batch, lot } = await this.ready(principal, batchId);
    return Readable.from(csvOf(this.pages(batch, lot, { from: 0, limit: batch.count })), { objectMode: false });
  }

  private async ready(principal: Principal, batchId: string): Promise<{ batch: CodeBatchRow; lot: CodeLot }> {
    const opened = await this.batches.open(principal, batchId);
    // Labels stand in order of their serials, which new codes would change: a reprint must find the same label at the same place.
    if (opened.batch.state !== 'done') throw new DomainError('code_batch_not_ready', 409);
    return opened;
  }

  /** Printable labels from a place on, page by page; no page is empty. */
  private async *pages(
    batch: CodeBatchRow,
    lot: CodeLot,
    { from, limit }: Pick<LabelQuery, 'from' | 'limit'>,
  ): AsyncGenerator<Label[]> {
    let after = await this.codes.serialBefore(this.database, batch.id, from);
    for (let left = limit; after !== undefined && left > 0;) {
      const rows = await this.codes.labelsAfter(this.database, batch.id, after, Math.min(PAGE, left));
      await this.keys.readyFor(rows.map(({ serial }) => serial));
      const labels = rows.flatMap(({ serial, sscc, state }) => {
        if (state === 'void') return [];
        const code = this.keys.sign(serial);
        const url = codeLink(this.config.PUBLIC_BASE_URL, { form: batch.form, gtin: lot.gtin, lotNo: lot.lotNo }, code);
        return [{ code, url, sscc }];
      });
      if (labels.length > 0) yield labels;
      left -= rows.length;
      after = rows.at(-1)?.serial;
    }
  }

  /** Consumers read labels: they are in Chinese, whoever prints them. */
  private faceOf(snapshot: DirectorySnapshot, lot: CodeLot): LabelFace {
    const word = (name: string) => message('zh-CN', `trace.label.${name}`);
    const day = lot.harvestedOn ?? undefined;
    const units = [
      snapshot.ancestor(lot.villageId, 'county', day),
      snapshot.ancestor(lot.villageId, 'town', day),
      snapshot.unit(lot.villageId, day),
    ];
    const origin = units.flatMap((unit) => (unit ? [spokenPlace(unit.name)] : [])).join('');
    // What is most wanted stands first: a very long name of a producer is cut before a lot number is.
    const facts = [
      { title: word('lot'), value: lot.lotNo },
      ...(lot.harvestedOn === null ? [] : [{ title: word('harvested'), value: lot.harvestedOn }]),
      { title: word('origin'), value: origin },
      { title: word('producer'), value: lot.producerName },
    ];
    return { product: lot.spec === null ? lot.productName : `${lot.productName} ${lot.spec}`, facts, scan: word('scan') };
  }
}

async function* startingWith<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** Passes values on and closes what they come from, also when the reader goes away. */
async function* closing<T>(values: AsyncGenerator<T>, close: () => Promise<void>): AsyncGenerator<T> {
  try {
    yield* values;
  } finally {
    await close();
  }
}

/** RFC 4180; nothing in a code, link or SSCC asks for quotes. */
async function* csvOf(pages: AsyncIterable<readonly Label[]>): AsyncGenerator<string> {
  yield 'code,url,sscc\r\n';
  for await (const labels of pages) yield labels.map(({ code, url, sscc }) => `${code},${url},${sscc ?? ''}\r\n`).join('');
}
