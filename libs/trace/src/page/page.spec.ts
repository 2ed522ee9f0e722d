import fc from 'fast-check';
import { CODE_STATES, RISK_GRADES, RISK_REASONS, VERDICTS, type TracePage } from '#contracts';
import { registerMessages } from '#platform';
import { CERTIFICATE_MESSAGES } from '../certificate/certificate.messages.js';
import type { LotFacts } from './lot.facts.js';
import { lotPart } from './lot.page.js';
import { storyOf } from './lot.story.js';
import { originMap, type MapTown } from './origin.map.js';
import { prefersJson } from './page.answer.js';
import { PageCache } from './page.cache.js';
import { PAGE_MESSAGES } from './page.messages.js';
import { renderCertificate, renderGoods, renderPage, renderReportForm } from './page.renderer.js';
import { judgementOf, sentencesOf } from './page.verdict.js';
import { pageWords } from './page.words.js';

registerMessages(PAGE_MESSAGES);
registerMessages(CERTIFICATE_MESSAGES);
const LANGUAGES = ['zh-CN', 'en'] as const;
const at = (day: string) => new Date(`${day}T10:00:00+08:00`);

const facts = (rest: Partial<LotFacts> = {}): LotFacts => ({
  id: 'lot',
  countyCode: '990101',
  revision: 1,
  lotNo: '20261101-1',
  origin: 'harvest',
  plotName: '东坡',
  harvestedOn: '2026-11-01',
  createdAt: at('2026-11-01'),
  place: '示范县东镇东一村',
  countyName: '示范县',
  townName: '东镇',
  village: { code: '990101100201', name: '东一村' },
  product: {
    id: 'product',
    name: '红富士苹果',
    categoryCode: '010301',
    gtin: null,
    spec: null,
    producerName: '王*',
    producerKind: 'household',
    certifications: [],
  },
  inputs: [],
  tests: [],
  certificate: null,
  parcels: [],
  ways: {},
  map: null,
  ...rest,
});

describe('a verdict', () => {
  const anything = fc.record({
    state: fc.constantFrom(...CODE_STATES),
    scans: fc.integer({ min: 1, max: 1000 }),
    risk: fc.constantFrom(...RISK_GRADES),
    reasons: fc.subarray([...RISK_REASONS]),
    recall: fc.constantFrom(null, {}),
  });

  it('is never better than what is known', () => {
    fc.assert(
      fc.property(anything, (known) => {
        const { verdict, reasons } = judgementOf(known);
        if (known.recall) expect(verdict).toBe('recalled');
        else if (known.state === 'void') expect(verdict).toBe('void');
        else if (known.state === 'made' || known.risk === 'high') expect(verdict).toBe('suspicious');
        else expect(verdict).toBe('genuine');
        if (verdict === 'suspicious' && known.state === 'made') expect(reasons[0]).toBe('not_activated');
        expect(new Set(reasons).size).toBe(reasons.length);
      }),
    );
    expect(judgementOf(undefined).verdict).toBe('unknown');
  });

  it('has words for everything, in both languages', () => {
    for (const language of LANGUAGES)
      for (const verdict of VERDICTS)
        for (const count of [1, 7]) {
          const sentences = sentencesOf(pageWords(language), { verdict, reasons: RISK_REASONS }, count);
          expect(sentences.length).toBeGreaterThan(0);
          expect(sentences.join(' ')).not.toMatch(/trace\.page|\{\w+\}/);
        }
  });

  it('says of the code of a whole lot that it is not judged by places and proves no pack', () => {
    const genuine = { verdict: 'genuine', reasons: [] } as const;
    expect(sentencesOf(pageWords('en'), genuine, 5000, 'lot')).toEqual([
      expect.stringMatching(/not judged by where.*does not prove/),
    ]);
    expect(sentencesOf(pageWords('zh-CN'), genuine, 5000, 'lot').join('')).toContain('证明不了');
    expect(sentencesOf(pageWords('en'), { verdict: 'void', reasons: [] }, 1, 'lot').join(' ')).toContain('out of use');
  });
});

describe('the story of a lot', () => {
  const words = pageWords('zh-CN');

  it('goes in the order of time and names no place outside of the county but provinces', () => {
    const steps = storyOf(
      words,
      facts({
        tests: [{ item: '农残', result: 'pass', testedOn: '2026-11-02', laboratory: null }],
        certificate: { number: '1', issuedOn: '2026-11-03', issuedAt: at('2026-11-03') },
        parcels: ['浙江省', '上海市', '北京市', '广东省'].map((province) => ({
          province,
          packedAt: at('2026-11-04'),
          deliveredAt: province === '浙江省' ? at('2026-11-08') : null,
        })),
        ways: { staging_outbound: at('2026-11-05'), departing: at('2026-11-06'), retail_selling: at('2026-11-09') },
      }),
    );
    expect(steps.map(({ step, place }) => `${step} ${place ?? '-'}`)).toEqual([
      'harvested 示范县东镇东一村',
      'tested -',
      'certified 示范县',
      'packed 东镇',
      'arrived_county 示范县',
      'left_county 示范县',
      'heading -',
      'delivered 浙江省',
    ]);
    expect(steps[6]?.text).toBe('寄往浙江省、上海市、北京市等4个省');
  });

  it.each([
    ['split', 'split'],
    ['mix', 'mixed'],
    ['repack', 'repacked'],
  ] as const)('of one that came from a %s says so', (origin, step) => {
    expect(storyOf(words, facts({ origin, harvestedOn: null })).map((entry) => entry.step)).toEqual([step]);
  });
});

describe('the map of the origin', () => {
  const square = (id: string, west: number, south: number, side: number, corners = 1): MapTown => {
    const edge = (from: [number, number], to: [number, number]) =>
      Array.from({ length: corners }, (_, index) => {
        const share = index / corners;
        const wobble = index % 2 === 0 ? 0 : side / 40;
        return [from[0] + (to[0] - from[0]) * share + wobble, from[1] + (to[1] - from[1]) * share + wobble];
      });
    const [a, b, c, d]: [number, number][] = [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
    ] as [[number, number], [number, number], [number, number], [number, number]];
    const ring = [...edge(a, b), ...edge(b, c), ...edge(c, d), ...edge(d, a), a];
    return { id, area: { type: 'Polygon', coordinates: [ring] }, latitude: south + side / 2, longitude: west + side / 2 };
  };

  it('stays small and inside its box, however many towns there are and however uneven their borders', () => {
    const county = fc.record({
      towns: fc.integer({ min: 1, max: 30 }),
      corners: fc.integer({ min: 1, max: 60 }),
      latitude: fc.double({ min: -60, max: 60, noNaN: true }),
      longitude: fc.double({ min: -179, max: 170, noNaN: true }),
    });
    fc.assert(
      fc.property(county, ({ towns, corners, latitude, longitude }) => {
        const all = Array.from({ length: towns }, (_, index) =>
          square(`t${index}`, longitude + (index % 6) * 0.2, latitude + Math.floor(index / 6) * 0.2, 0.2, corners),
        );
        const map = originMap(all, 't0', { latitude: latitude + 0.1, longitude: longitude + 0.1 });
        expect(map).toBeDefined();
        if (!map) return;
        expect(map.towns.length + map.town.length).toBeLessThanOrEqual(1500);
        expect(`${map.towns}${map.town}`).toMatch(/^(M\d+ \d+l[-\d ]+z)*$/);
        for (const { x, y } of [...map.points, ...(map.dot ? [map.dot] : [])]) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(map.width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(map.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows points where no borders are known, and nothing where nothing is', () => {
    const towns = [0, 1, 2].map((index) => ({ id: `t${index}`, area: null, latitude: 35 + index, longitude: 110 }));
    expect(originMap(towns, 't1', undefined)).toMatchObject({ towns: '', town: '', dot: null });
    expect(originMap(towns, 't1', undefined)?.points).toHaveLength(3);
    expect(originMap([], undefined, undefined)).toBeUndefined();
    expect(originMap([{ id: 't', area: null, latitude: null, longitude: null }], 't', undefined)).toBeUndefined();
  });
});

describe('a page', () => {
  const hostile = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `${text}"><script>alert(1)</script>`);

  it('lets no text become markup', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...LANGUAGES), (text, language) => {
        const words = pageWords(language);
        const lot = facts({
          lotNo: text,
          plotName: text,
          place: text,
          product: {
            ...facts().product,
            name: text,
            spec: text,
            producerName: text,
            certifications: [{ kind: 'green', number: text }],
          },
          inputs: [{ kind: 'pesticide', name: text, appliedOn: '2026-09-01' }],
          tests: [{ item: text, result: 'fail', testedOn: '2026-11-02', laboratory: text }],
          certificate: { number: '990101261123000010', issuedOn: '2026-11-03', issuedAt: at('2026-11-03') },
          parcels: [{ province: text, packedAt: at('2026-11-04'), deliveredAt: at('2026-11-05') }],
        });
        const part = lotPart(words, 'https://x.example', lot);
        const goods = renderGoods(words, part, null, { county: text, town: text });
        const page: TracePage = {
          verdict: 'recalled',
          reasons: [],
          message: text,
          code: 'AAAAAAAAAAAAAAAAAAAA',
          level: 'unit',
          scans: { count: 2, firstAt: '2026-11-10T00:00:00Z', firstPlace: text },
          recall: { reason: text, since: '2026-11-10T00:00:00Z' },
          ...part,
        };
        const content = {
          promises: [text],
          basis: ['self_inspection' as const],
          productName: text,
          quantityG: 1,
          origin: text,
          producer: text,
          lotNo: text,
          issuedOn: '2026-11-03',
        };
        const pages = [
          renderPage({ page, language, goods, sentences: [text] }),
          renderReportForm(language, 'AAAAAAAAAAAAAAAAAAAA', 'id', { text, boughtAt: text, contact: text }, text),
          renderCertificate(language, { number: '990101261123000010', content, contact: text }, { newer: null, recalled: false }),
        ];
        for (const html of pages.map(String)) {
          expect(html).not.toContain('<script');
          expect(html).not.toMatch(/trace\.(page|certificate)\.|undefined|\[object/);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the form of an answer', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
    ['application/json', true],
    ['application/json, text/html;q=0.5', true],
    ['text/html, application/json;q=0.9', false],
    ['application/json, */*', true],
    ['application/json;q=0', false],
  ])('for Accept %p is JSON: %p', (accept, json) => {
    expect(prefersJson(accept)).toBe(json);
  });
});

describe('the cache of pages', () => {
  it('reads a value once for all who ask, again when it is old, and forgets what failed or is least used', async () => {
    let now = 0;
    let reads = 0;
    const cache = new PageCache<number>(2, 100, () => now);
    const read = () => Promise.resolve((reads += 1));
    expect(await Promise.all([cache.get('a', read), cache.get('a', read)])).toEqual([1, 1]);
    now = 101;
    expect(await cache.get('a', read)).toBe(2);
    await expect(cache.get('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('b', read)).toBe(3);
    await cache.get('a', read);
    await cache.get('c', read);
    expect(await cache.get('a', read)).toBe(2);
    expect(await cache.get('b', read)).toBe(5);
  });
});
