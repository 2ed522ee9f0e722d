/**
 * How lots, boxes, codes, parcels and places are named in events. What has a GS1 key bears a GS1 Digital Link URI in its canonical form
 * (https://id.gs1.org); everything else a URI below the county's own address.
 */
import { gtin14 } from '#contracts';

const GS1 = 'https://id.gs1.org';
const GS1_LOT = /^https:\/\/id\.gs1\.org\/01\/(\d{8,14})\/10\/([^/?#]+)$/;
const OWN_LOT = /\/id\/product\/([^/?#]+)\/lot\/([^/?#]+)$/;

/** What names a lot: its number below a GTIN, or below its product's own code (its id where there is none). */
export interface LotKey {
  readonly gtin: string | null;
  readonly productKey: string;
  readonly lotNo: string;
}

/** What a class URI of ours says: a lot of a GTIN, or of a product's own key. */
export type LotReading =
  { readonly gtin: string; readonly lotNo: string } | { readonly productKey: string; readonly lotNo: string };

/** URIs below one base address. */
export class EpcisUris {
  constructor(private readonly base: string) {}

  /** Class of everything in a lot. */
  lot({ gtin, productKey, lotNo }: LotKey): string {
    return gtin === null ? this.own('product', productKey, 'lot', lotNo) : `${GS1}/01/${gtin}/10/${encodeURIComponent(lotNo)}`;
  }

  /** The lot that a class URI names; `undefined` when it is none of ours by its form. */
  readLot(uri: string): LotReading | undefined {
    const gs1 = GS1_LOT.exec(uri);
    if (gs1) return this.readGs1(gs1[1] ?? '', gs1[2] ?? '');
    const own = uri.startsWith(`${this.base}/`) ? OWN_LOT.exec(uri) : null;
    const [productKey, lotNo] = [decoded(own?.[1]), decoded(own?.[2])];
    return productKey === undefined || lotNo === undefined ? undefined : { productKey, lotNo };
  }

  /** A box, by its SSCC. */
  box(sscc: string): string {
    return `${GS1}/00/${sscc}`;
  }

  /** A single pack, by the serial of its code: the serial alone opens no page. */
  unit(serial: number): string {
    return this.own('code', String(serial));
  }

  parcel(waybill: string): string {
    return this.own('parcel', waybill);
  }

  place(kind: 'unit' | 'station', code: string): string {
    return this.own(kind, code);
  }

  /** Where the report of a test is read, by those who may. */
  report(id: string): string {
    return `${this.base}/api/reports/${id}`;
  }

  test(id: string): string {
    return this.own('test', id);
  }

  private own(...parts: string[]): string {
    return `${this.base}/id/${parts.map(encodeURIComponent).join('/')}`;
  }

  private readGs1(digits: string, lot: string): LotReading | undefined {
    const [gtin, lotNo] = [gtin14(digits), decoded(lot)];
    return gtin === undefined || lotNo === undefined ? undefined : { gtin, lotNo };
  }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
