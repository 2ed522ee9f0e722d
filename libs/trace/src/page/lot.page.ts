/** The part of a page that tells of a lot or a product, as an API answers it: pure. */
import type { TracePage } from '#contracts';
import { certificateLink } from '../certificate/certificate.number.js';
import type { LotFacts, ProductFacts } from './lot.facts.js';
import { storyOf } from './lot.story.js';
import type { PageWords } from './page.words.js';

/** What a page says of the goods. */
export type GoodsPart = Pick<TracePage, 'product' | 'lot' | 'producer' | 'certificate' | 'tests' | 'inputs' | 'timeline'>;

const NOTHING: GoodsPart = { product: null, lot: null, producer: null, certificate: null, tests: [], inputs: [], timeline: [] };
/** The part where nothing is known. */
export const noGoods = (): GoodsPart => ({ ...NOTHING });

/** A product, where no lot is asked for. */
export function productPart(product: ProductFacts): GoodsPart {
  const { name, categoryCode, gtin, spec, certifications, producerName, producerKind } = product;
  return {
    ...NOTHING,
    product: { name, categoryCode, gtin, spec, certifications: [...certifications] },
    producer: { name: producerName, kind: producerKind },
  };
}

/** A lot in the words of a language. */
export function lotPart(words: PageWords, baseUrl: string, lot: LotFacts): GoodsPart {
  const { certificate } = lot;
  return {
    ...productPart(lot.product),
    lot: {
      lotNo: lot.lotNo,
      harvestedOn: lot.harvestedOn,
      plot: lot.plotName,
      origin: lot.place,
      village: lot.village,
      mixed: lot.origin === 'mix',
    },
    certificate: certificate && {
      number: certificate.number,
      issuedOn: certificate.issuedOn,
      url: certificateLink(baseUrl, certificate.number),
    },
    tests: lot.tests.map((test) => ({ ...test })),
    inputs: lot.inputs.map((input) => ({ ...input })),
    timeline: storyOf(words, lot).map((step) => ({ ...step, at: step.at.toISOString() })),
  };
}
