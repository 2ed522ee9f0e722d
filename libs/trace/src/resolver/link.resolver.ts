import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { TracePages } from '../page/trace.pages.js';
import type { DigitalLink } from './digital.link.js';

/** What a Digital Link names. `serial_unknown` is a product of ours with a serial that is not. */
export type LinkTarget =
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'lot'; readonly productId: string; readonly lotId: string; readonly certificate: string | null }
  | { readonly kind: 'code'; readonly code: string; readonly lotId: string; readonly certificate: string | null }
  | { readonly kind: 'serial_unknown' };

/** Keys that something of ours can bear. Every other key is read and checked, and never found. */
export const RESOLVED_KEYS: readonly string[] = ['00', '01', '414', '417'];

interface LotRow {
  lotId: string;
  productId: string;
  certificate: string | null;
}

const LOT = `select l.id as "lotId", l.product_id as "productId",
  (select c.number from trace.certificate c where c.lot_id = l.id and c.superseded_by is null order by c.issued_at desc limit 1) as certificate from upflow.lot l`;

/** Finds what Digital Links name: from the serial up to the lot and the product. */
@Injectable()
export class LinkResolver {
  constructor(
    private readonly database: Database,
    private readonly pages: TracePages,
  ) {}

  /** What a link names; `undefined` when nothing here bears its key. */
  async find({ key: [ai, value], qualifiers }: DigitalLink): Promise<LinkTarget | undefined> {
    if (ai === '00') {
      const [row] = await this.database.query<LotRow>(`${LOT} join trace.code b on b.lot_id = l.id where b.sscc = $1`, [value]);
      return row && { kind: 'lot', ...row };
    }
    if (ai === '414' || ai === '417') return this.ofNumber(value, ai === '414', qualifiers);
    // No other key is given out here, and no third-party serial (AI 235).
    if (ai !== '01' || qualifiers.some(([qualifier]) => qualifier === '235')) return undefined;
    const [product] = await this.database.query<{ id: string }>('select id from upflow.product where gtin = $1', [value]);
    return product && this.below(product.id, Object.fromEntries(qualifiers));
  }

  /**
   * A plot leads to the last lot that was harvested there; a producer, or a plot without a lot, to the producer's newest product, whose page tells who
   * makes it. An extension of a location (AI 254) is not kept apart; an importer's index (AI 7040) is not given out here. A plot is no party.
   */
  private async ofNumber(gln: string, asPlace: boolean, qualifiers: DigitalLink['qualifiers']): Promise<LinkTarget | undefined> {
    if (qualifiers.some(([qualifier]) => qualifier === '7040')) return undefined;
    const [number] = await this.database.query<{ producerId: string; plotName: string | null }>(
      'select producer_id as "producerId", plot_name as "plotName" from upflow.location_number where gln = $1',
      [gln],
    );
    if (!number || (!asPlace && number.plotName !== null)) return undefined;
    const { producerId, plotName } = number;
    const [lot] = await this.database.query<LotRow>(
      `${LOT} where l.producer_id = $1::uuid and l.plot_name = $2 order by l.harvested_on desc nulls last, l.created_at desc, l.id desc limit 1`,
      [producerId, plotName],
    );
    if (lot) return { kind: 'lot', ...lot };
    const [product] = await this.database.query<{ id: string }>(
      'select id from upflow.product where producer_id = $1::uuid order by id desc limit 1',
      [producerId],
    );
    return product && { kind: 'product', productId: product.id };
  }

  /** A variant (AI 22) is not kept apart: the link leads to the product. */
  private async below(productId: string, { '10': lotNo, '21': serial }: Record<string, string>): Promise<LinkTarget | undefined> {
    const lots =
      lotNo === undefined
        ? []
        : await this.database.query<LotRow>(`${LOT} where l.product_id = $1::uuid and l.lot_no = $2`, [productId, lotNo]);
    const [lot] = lots;
    if (lotNo !== undefined && !lot) return undefined;
    if (serial === undefined) return lot ? { kind: 'lot', ...lot } : { kind: 'product', productId };
    const sighting = await this.pages.peek(serial);
    const [own] = sighting ? await this.database.query<LotRow>(`${LOT} where l.id = $1::uuid`, [sighting.lotId]) : [];
    // A serial of another product or lot is none of this one: a copied link must not lead to a genuine page.
    if (own?.productId !== productId || (lot && lot.lotId !== own.lotId)) return { kind: 'serial_unknown' };
    return { kind: 'code', code: serial, lotId: own.lotId, certificate: own.certificate };
  }
}
