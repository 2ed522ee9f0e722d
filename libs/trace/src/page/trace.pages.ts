import { Inject, Injectable } from '@nestjs/common';
import type { TracePage } from '#contracts';
import { Clock, CONFIG, Database, type Config, type Language } from '#platform';
import { LotPageMarks } from '../certificate/lot.page.marks.js';
import { CodeKeys } from '../code/code.keys.js';
import { CodeScanRepository } from '../scan/code.scan.repository.js';
import { CodeScans } from '../scan/code.scans.js';
import type { CodeSighting, ScanPoint } from '../scan/code.sighting.js';
import { LotFactsReader } from './lot.facts.reader.js';
import { lotPart, noGoods, productPart, type GoodsPart } from './lot.page.js';
import { PageCache } from './page.cache.js';
import { renderGoods, type ShownPage } from './page.renderer.js';
import { judgementOf, sentencesOf } from './page.verdict.js';
import { pageWords } from './page.words.js';

/** A lot's part of the page, in one language. */
interface Goods {
  readonly part: GoodsPart;
  readonly html: Buffer;
}
const CODE_FORM = /^[A-Za-z0-9_-]{20}$/;
type Recall = NonNullable<CodeSighting['recall']>;

const NO_HTML = Buffer.alloc(0);
const CACHED_LOTS = 2000;
/** Steps of parcels do not raise the lot's revision, so they appear after this long. A verdict and a recall are never kept. */
const FRESH_MS = 10_000;

/** What a code, a lot or a product shows to a consumer (docs/domain/consumer-page.md). */
@Injectable()
export class TracePages {
  private readonly goods = new PageCache<Goods | undefined>(CACHED_LOTS, FRESH_MS);

  constructor(
    private readonly keys: CodeKeys,
    private readonly scans: CodeScans,
    private readonly codes: CodeScanRepository,
    private readonly lots: LotFactsReader,
    private readonly marks: LotPageMarks,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** The page of a code, the look at it counted. A code whose HMAC is wrong is unknown without a query. */
  async forCode(text: string, point: ScanPoint, language: Language): Promise<TracePage> {
    return (await this.showCode(text, point, language)).page;
  }

  /** The page of a lot; verdict `unknown` when there is none. */
  async forLot(lotId: string, language: Language): Promise<TracePage> {
    return (await this.showLot(lotId, language)).page;
  }

  /** The page of a product; verdict `unknown` when there is none. */
  async forProduct(productId: string, language: Language): Promise<TracePage> {
    return (await this.showProduct(productId, language)).page;
  }

  /** As `forCode`, ready to be rendered. Without a point the look does not count: a machine's, or one that asks for the head only. */
  async showCode(text: string, point: ScanPoint | null, language: Language): Promise<ShownPage> {
    const serial = this.keys.check(text) ?? (await this.keys.checkFresh(text));
    const sighting = serial === undefined ? undefined : await this.sighting(serial, point);
    const words = pageWords(language);
    const judgement = judgementOf(sighting);
    const sentences = sentencesOf(words, judgement, sighting?.scans ?? 0, sighting?.level);
    const goods = sighting ? await this.goodsOf(sighting.lotId, sighting.lotRevision, language) : undefined;
    const page: TracePage = {
      verdict: judgement.verdict,
      reasons: [...judgement.reasons],
      message: sentences.join(language === 'zh-CN' ? '' : ' '),
      code: CODE_FORM.test(text) ? text : null,
      level: sighting?.level ?? null,
      scans: sighting
        ? { count: sighting.scans, firstAt: sighting.firstAt.toISOString(), firstPlace: sighting.firstPlace }
        : null,
      recall: recallOf(sighting?.recall ?? null),
      ...(goods?.part ?? noGoods()),
    };
    return { page, language, sentences, goods: goods?.html ?? NO_HTML };
  }

  /** As `forLot`, ready to be rendered. */
  async showLot(lotId: string, language: Language): Promise<ShownPage> {
    const [lot] = await this.database.query<{ revision: number; reason: string | null; since: Date | null }>(
      `select l.revision, r.reason, r.started_at as since from upflow.lot l
       left join lateral (select r.reason, r.started_at from trace.recall_lot x join trace.recall r on r.id = x.recall_id
         where x.lot_id = l.id and r.ended_at is null order by r.started_at limit 1) r on true
       where l.id = $1::uuid`,
      [lotId],
    );
    const goods = lot && (await this.goodsOf(lotId, lot.revision, language));
    const recall = lot?.reason != null && lot.since ? { reason: lot.reason, since: lot.since } : null;
    return this.withoutCode(language, goods, 'say.lot', recall);
  }

  /** As `forProduct`, ready to be rendered. */
  async showProduct(productId: string, language: Language): Promise<ShownPage> {
    const product = await this.lots.product(productId);
    if (!product) return this.withoutCode(language, undefined, 'say.product', null);
    const part = productPart(product);
    const html = renderGoods(pageWords(language), part, null, { county: '', town: '' });
    return this.withoutCode(language, { part, html }, 'say.product', null);
  }

  /** A code that is registered, without counting a look; `undefined` for every other text. */
  async peek(text: string): Promise<CodeSighting | undefined> {
    const serial = await this.keys.checkFresh(text);
    return serial === undefined ? undefined : this.sighting(serial, null);
  }

  private async sighting(serial: number, point: ScanPoint | null): Promise<CodeSighting | undefined> {
    const now = this.clock.now();
    if (point) return this.scans.look(serial, point, now);
    const code = (await this.codes.read([serial])).get(serial);
    if (!code) return undefined;
    const { recallReason: reason, recallSince: since } = code;
    return {
      ...code,
      firstAt: code.firstAt ?? now,
      risk: code.risk ?? 'none',
      reasons: code.reasons ?? [],
      recall: reason !== null && since ? { reason, since } : null,
    };
  }

  private withoutCode(language: Language, goods: Goods | undefined, say: string, recall: Recall | null): ShownPage {
    const words = pageWords(language);
    const verdict = !goods ? 'unknown' : recall ? 'recalled' : 'genuine';
    const sentences = verdict === 'genuine' ? [words.word(say)] : sentencesOf(words, { verdict, reasons: [] }, 0);
    const page: TracePage = {
      verdict,
      reasons: [],
      message: sentences.join(language === 'zh-CN' ? '' : ' '),
      code: null,
      level: null,
      scans: null,
      recall: recallOf(recall),
      ...(goods?.part ?? noGoods()),
    };
    return { page, language, sentences, goods: goods?.html ?? NO_HTML };
  }

  private goodsOf(lotId: string, revision: number, language: Language): Promise<Goods | undefined> {
    return this.goods.get(`${lotId} ${revision} ${this.marks.of(lotId)} ${language}`, async () => {
      const lot = await this.lots.lot(lotId);
      if (!lot) return undefined;
      const words = pageWords(language);
      const part = lotPart(words, this.config.PUBLIC_BASE_URL, lot);
      return { part, html: renderGoods(words, part, lot.map, { county: lot.countyName, town: lot.townName }) };
    });
  }
}

const recallOf = (recall: Recall | null): TracePage['recall'] =>
  recall && { reason: recall.reason, since: recall.since.toISOString() };
