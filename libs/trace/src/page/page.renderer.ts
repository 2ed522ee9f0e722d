/** Pages as HTML: no script, no further request. The part about a lot is rendered once for all of its codes. */
import { Eta } from 'eta/core';
import type { CertificateView, TracePage, Verdict } from '#contracts';
import { message, type Language } from '#platform';
import { readableNumber } from '../certificate/certificate.number.js';
import { readableCode } from '../code/code.text.js';
import type { GoodsPart } from './lot.page.js';
import type { OriginMap } from './origin.map.js';
import { PAGE_STYLE } from './page.style.js';
import { pageWords, type PageWords } from './page.words.js';
import { CERTIFICATE, FOOT, GOODS, HEAD, NOTE, REPORT, TAIL, VERDICT } from './templates/page.template.js';

const eta = new Eta({ autoTrim: [false, 'nl'] });
const compiled = (template: string) => {
  const render = eta.compile(template);
  return (it: object): string => render.call(eta, it);
};
const template = {
  head: compiled(HEAD),
  verdict: compiled(VERDICT),
  goods: compiled(GOODS),
  tail: compiled(TAIL),
  report: compiled(REPORT),
  note: compiled(NOTE),
  certificate: compiled(CERTIFICATE),
};

type Tone = Verdict | 'lot';
const TICK = '<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5L17 9"/>';
const WARN = '<path d="M12 3 2 20.5h20zM12 10v5M12 17.9v.1"/>';
const STOP = '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8zM8.5 8.5l7 7m0-7-7 7"/>';
const ASK = '<circle cx="12" cy="12" r="10"/><path d="M9 9.3a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 1.9M12 17.4v.1"/>';
const LOT = '<circle cx="12" cy="12" r="10"/><path d="M12 11v6M12 7.4v.1"/>';
const ICONS: Readonly<Record<Tone, string>> = {
  genuine: TICK,
  suspicious: WARN,
  recalled: STOP,
  void: STOP,
  unknown: ASK,
  lot: LOT,
};

/** Bytes rather than text: what never changes is encoded once, not with every answer. */
const heads = new Map<Language, Buffer>();
const foot = Buffer.from(FOOT);
function headOf(words: PageWords): Buffer {
  const { language } = words;
  const known = heads.get(language);
  if (known !== undefined) return known;
  const otherLanguage = language === 'zh-CN' ? 'en' : 'zh-CN';
  const [title, brand, other] = [words.word('title'), words.word('brand'), words.word('other')];
  const head = Buffer.from(template.head({ language, otherLanguage, title, brand, other, style: PAGE_STYLE }));
  heads.set(language, head);
  return head;
}

const wholePage = (words: PageWords, ...parts: Buffer[]): Buffer => Buffer.concat([headOf(words), ...parts, foot]);

/** A page to be shown: its contents, and the goods' part as HTML. */
export interface ShownPage {
  readonly page: TracePage;
  readonly language: Language;
  /** HTML of the goods' part, from `renderGoods`. */
  readonly goods: Buffer;
  /** The sentences of the verdict. */
  readonly sentences: readonly string[];
}

/** The whole page: verdict, goods, recall, report. */
export function renderPage({ page, language, goods, sentences }: ShownPage): Buffer {
  const words = pageWords(language);
  const tone: Tone = page.verdict === 'genuine' && page.code === null ? 'lot' : page.verdict;
  const verdict = template.verdict({
    tone,
    icon: ICONS[tone],
    word: words.word(`verdict.${tone}`),
    sentences,
    rows: verdictRows(words, page),
  });
  const tail = template.tail({
    word: words.word,
    language,
    isLot: page.lot !== null,
    recall: page.recall && recallRows(words, page.recall),
    code: page.scans ? page.code : null,
    shownCode: page.code === null ? '' : readableCode(page.code),
  });
  return wholePage(words, Buffer.from(verdict), goods, Buffer.from(tail));
}

type Row = readonly [name: string, value: string];

function verdictRows(words: PageWords, page: TracePage): Row[] {
  const rows: Row[] = [];
  if (page.recall) rows.push(...recallRows(words, page.recall));
  if (page.scans) {
    rows.push([
      words.word('scans.count'),
      words.word(page.scans.count === 1 ? 'scans.once' : 'scans.times', { count: page.scans.count }),
    ]);
    const first = [words.day(new Date(page.scans.firstAt)), page.scans.firstPlace].filter((part) => part !== null).join(' ');
    if (page.scans.count > 0) rows.push([words.word('scans.first'), first]);
  }
  return rows;
}

const recallRows = (words: PageWords, recall: NonNullable<TracePage['recall']>): Row[] => [
  [words.word('recall.reason'), recall.reason],
  [words.word('recall'), words.word('recall.since', { date: words.day(new Date(recall.since)) })],
];

/** The goods' part: product, lot, origin, producer, certificate, tests, timeline. */
export function renderGoods(
  words: PageWords,
  part: GoodsPart,
  map: OriginMap | null,
  place: { county: string; town: string },
): Buffer {
  const { lot, certificate } = part;
  const html = template.goods({
    word: words.word,
    isLot: lot !== null,
    product: productRows(words, part),
    map: lot ? map : null,
    mapLabel: words.word('map', place),
    producer: producerRows(words, part),
    certificate: certificate && {
      rows: [
        [words.word('certificate.number'), readableNumber(certificate.number)],
        [words.word('certificate.issued'), words.day(certificate.issuedOn)],
      ],
      href: `/c/${certificate.number}?lang=${words.language}`,
    },
    tests: part.tests.map(({ item, result, testedOn, laboratory }) => ({
      item,
      good: result === 'pass',
      result: words.word(`test.${result}`),
      detail: [words.day(testedOn), laboratory].filter((text) => text !== null).join(' · '),
    })),
    inputs: part.inputs.map(({ kind, name, appliedOn }) => ({
      name,
      detail: `${words.word(`input.${kind}`)} · ${words.day(appliedOn)}`,
    })),
    timeline: part.timeline.map(({ at, place: where, text }) => ({
      text,
      detail: [words.day(new Date(at)), where].filter((value) => value !== null && value !== '').join(' · '),
    })),
    parcels: part.timeline.some(({ step }) => step === 'packed'),
  });
  return Buffer.from(html);
}

function productRows(words: PageWords, { product, lot }: GoodsPart): Row[] {
  if (!product) return [];
  const rows: [string, string | null | undefined][] = [
    [words.word('name'), product.name],
    [words.word('spec'), product.spec],
    ...product.certifications.map(({ kind, number }): [string, string] => [
      words.word('certification'),
      `${words.word(`certification.${kind}`)} ${number}`,
    ]),
    [words.word('lotNo'), lot?.lotNo],
    [words.word('harvested'), lot?.harvestedOn ? words.day(lot.harvestedOn) : null],
    [words.word('mixed'), lot?.mixed ? words.word('mixed.yes') : null],
    [words.word('origin'), lot?.origin],
    [words.word('plot'), lot?.plot],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

const producerRows = (words: PageWords, { producer }: GoodsPart): Row[] =>
  producer ? [[words.word(`producer.${producer.kind}`), producer.name]] : [];

/** What a person typed into the form of a report. */
export interface ReportValues {
  readonly text: string;
  readonly boughtAt: string;
  readonly contact: string;
}

/** The form of a report; `error` says why it was not taken. */
export function renderReportForm(
  language: Language,
  code: string,
  id: string,
  values: ReportValues,
  error: string | null,
): Buffer {
  const words = pageWords(language);
  const shownCode = readableCode(code);
  return wholePage(words, Buffer.from(template.report({ word: words.word, language, code, shownCode, id, values, error })));
}

/** A short message in place of a page. */
export function renderNote(
  language: Language,
  note: { tone: Tone; title: string; text: string; href?: string; link?: string },
): Buffer {
  const html = template.note({ href: '', link: '', ...note, icon: ICONS[note.tone] });
  return wholePage(pageWords(language), Buffer.from(html));
}

/** A certificate for whoever scanned its QR; `newer` is the number of the one that took its place. */
export function renderCertificate(
  language: Language,
  certificate: Pick<CertificateView, 'number' | 'content' | 'contact'>,
  state: { newer: string | null; recalled: boolean },
): Buffer {
  const words = pageWords(language);
  const { content, number, contact } = certificate;
  const tone: Tone = state.recalled ? 'recalled' : state.newer !== null ? 'void' : 'genuine';
  const word = (key: string) => words.word(`certificate.${key}`);
  const basis = words.list(content.basis.map((name) => message(language, `trace.certificate.basis.${name}`)));
  const rows: Row[] = [
    [words.word('name'), content.productName],
    [word('quantity'), words.word('certificate.kilograms', { kg: Number((content.quantityG / 1000).toFixed(3)) })],
    [words.word('origin'), content.origin],
    [word('subject'), content.producer],
    [word('contact'), contact],
    [word('issued'), words.day(content.issuedOn)],
    [word('basis'), basis],
    [words.word('lotNo'), content.lotNo],
    [word('number'), readableNumber(number)],
  ];
  const note = state.recalled ? word('recalled') : state.newer !== null ? word('superseded') : '';
  const shown = state.recalled ? words.word('verdict.recalled') : word(state.newer !== null ? 'replaced' : 'valid');
  const newer = state.newer === null ? '' : `/c/${state.newer}?lang=${language}`;
  const { promises } = content;
  const html = template.certificate({ word: words.word, tone, icon: ICONS[tone], state: shown, note, newer, rows, promises });
  return wholePage(words, Buffer.from(html));
}
