import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ACCOUNT_STATES,
  ACCOUNTING_REGIMES,
  CARRIERS,
  COVERAGE_METRIC_NAMES,
  COVERAGE_METRICS,
  DIRECTIONS,
  EVENT_SOURCES,
  EXCEPTION_KINDS,
  INCOME_BANDS,
  INCOME_MODES,
  LINE_CLASSES,
  PARCEL_STAGES,
  PROOFS,
  ROLES,
  SALE_ENTRY_KINDS,
  SCAN_FLAGS,
  SCAN_KINDS,
  SERVICE_MODES,
  VILLAGE_STATUSES,
} from '#contracts';

const SOURCE = path.resolve('apps/web/src');
const FILES = path.join(SOURCE, 'shared/locale/messages');
const APPS = ['login', 'station', 'county'] as const;
const LOCALES = ['zh-CN', 'en'] as const;
type Locale = (typeof LOCALES)[number];

function flatten(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
    typeof entry === 'string' ? [[prefix + key, entry] as [string, string]] : flatten(entry as object, `${prefix}${key}.`),
  );
}
const read = (name: string, locale: Locale) =>
  new Map(flatten(JSON.parse(readFileSync(path.join(FILES, `${name}.${locale}.json`), 'utf8')) as object));
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
/** What a page of the app can show: the shared messages and its own. */
const messagesOf = (app: string, locale: Locale) => new Map([...read('shared', locale), ...read(app, locale)]);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(vue|ts)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
const keysIn = (text: string) =>
  [...text.matchAll(/\b(?:t|te)\('([\w.-]+)'|keypath="([\w.-]+)"/g)].map((match) => match[1] ?? match[2] ?? '');

describe('messages', () => {
  it.each(['shared', ...APPS])('of %s are the same in both languages, placeholders included', (name) => {
    const [chinese, english] = LOCALES.map((locale) => read(name, locale));
    expect([...english!.keys()].sort()).toEqual([...chinese!.keys()].sort());
    for (const [key, text] of chinese!) expect([key, placeholders(english!.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  });

  it.each(LOCALES)('in %s are never empty', (locale) => {
    for (const name of ['shared', ...APPS])
      for (const [key, text] of read(name, locale)) expect([key, text.trim().length > 0]).toEqual([key, true]);
  });

  it.each(APPS)('exist for every key that the pages of %s name', (app) => {
    const known = messagesOf(app, 'zh-CN');
    const missing = sources(path.join(SOURCE, app)).flatMap((file) =>
      keysIn(readFileSync(file, 'utf8'))
        .filter((key) => !known.has(key))
        .map((key) => `${path.basename(file)}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('exist for every key of the parts that all apps share', () => {
    const known = read('shared', 'zh-CN');
    const missing = sources(path.join(SOURCE, 'shared')).flatMap((file) =>
      keysIn(readFileSync(file, 'utf8')).filter((key) => !known.has(key)),
    );
    expect(missing).toEqual([]);
  });

  it('have a word for every value that the contract knows', () => {
    const scanned = SCAN_KINDS.filter((kind) => kind !== 'check_in');
    const shared: Record<string, readonly string[]> = {
      role: ROLES,
      carrier: CARRIERS,
      serviceMode: SERVICE_MODES,
      kind: SCAN_KINDS,
      stage: PARCEL_STAGES,
      direction: DIRECTIONS,
      source: EVENT_SOURCES,
      exception: EXCEPTION_KINDS,
      proof: PROOFS,
      'verdict.flag': SCAN_FLAGS,
      'account.status': ACCOUNT_STATES,
      lineClass: LINE_CLASSES,
      mode: INCOME_MODES,
      regime: ACCOUNTING_REGIMES,
      villageStatus: VILLAGE_STATUSES,
    };
    const inShared = Object.entries(shared).flatMap(([group, values]) => values.map((value) => `${group}.${value}`));
    const inStation = scanned.flatMap((kind) => [`kindShort.${kind}`, `verdict.done.${kind}`]);
    const inCounty = [...INCOME_BANDS.map((band) => `band.${band}`), ...SALE_ENTRY_KINDS.map((kind) => `sales.kind.${kind}`)];
    const metrics = COVERAGE_METRIC_NAMES.flatMap((name) => {
      const parts = COVERAGE_METRICS[name].kind === 'count' ? ['count', 'what'] : ['of', 'none'];
      return ['name', 'rule', ...parts].map((part) => `metric.${name}.${part}`);
    });
    const missing = [
      ...[...inShared, ...metrics].filter((key) => !read('shared', 'zh-CN').has(key)),
      ...inStation.filter((key) => !messagesOf('station', 'zh-CN').has(key)),
      ...inCounty.filter((key) => !messagesOf('county', 'zh-CN').has(key)),
    ];
    expect(missing).toEqual([]);
  });

  it('are the only place of Chinese text in the pages', () => {
    const inline = sources(SOURCE).filter((file) =>
      /[\u4e00-\u9fff]/.test(readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    );
    expect(inline.map((file) => path.relative(SOURCE, file)).sort()).toEqual([
      'shared/format/figure.format.ts',
      'shared/format/time.format.ts',
    ]);
  });
});
