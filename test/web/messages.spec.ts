import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ACCOUNT_STATES,
  ALERT_STATES,
  ACCOUNTING_REGIMES,
  CARRIERS,
  CERTIFICATION_KINDS,
  certificateContentSchema,
  CHANNELS,
  CODE_BATCH_STATES,
  CODE_LEVELS,
  CODE_STATES,
  COVERAGE_METRIC_NAMES,
  COVERAGE_METRICS,
  DIRECTIONS,
  EVENT_SOURCES,
  EXCEPTION_KINDS,
  FAKE_REPORT_STATES,
  IMPORT_FIELDS,
  INCOME_BANDS,
  INCOME_MODES,
  LINE_CLASSES,
  LOT_FLAGS,
  LOT_INPUT_KINDS,
  LOT_ORIGINS,
  LOT_TEST_RESULTS,
  ORDER_STATES,
  PARCEL_STAGES,
  PAYOUT_STATES,
  PRODUCER_KINDS,
  PROOFS,
  RECALL_ROW_KINDS,
  RECALL_SCOPES,
  recallReachSchema,
  RISK_REASONS,
  ROLES,
  SALE_ENTRY_KINDS,
  SCAN_FLAGS,
  SCAN_KINDS,
  SERVICE_MODES,
  STOCK_KINDS,
  VILLAGE_STATUSES,
} from '#contracts';
import { LOT_STEPS } from '../../apps/web/src/producer/lot/lot.next.js';

const SOURCE = path.resolve('apps/web/src');
const FILES = path.join(SOURCE, 'shared/locale/messages');
/** The message files of each app beside the shared ones. */
const FILES_OF = {
  login: ['login'],
  station: ['station', 'stationCore', 'camera', 'counter', 'transport', 'stationDay'],
  county: ['county', 'produce', 'trace'],
  producer: ['produce', 'producer'],
} as const;
const APPS = Object.keys(FILES_OF) as (keyof typeof FILES_OF)[];
const ALL_FILES = [...new Set(['shared', ...Object.values(FILES_OF).flat()])];
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
const messagesOf = (app: keyof typeof FILES_OF, locale: Locale) =>
  new Map(['shared', ...FILES_OF[app]].flatMap((name) => [...read(name, locale)]));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(vue|ts)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
const keysIn = (text: string) =>
  [...text.matchAll(/\b(?:t|te)\('([\w.-]+)'|keypath="([\w.-]+)"/g)].map((match) => match[1] ?? match[2] ?? '');

describe('messages', () => {
  it.each(ALL_FILES)('of %s are the same in both languages, placeholders included', (name) => {
    const [chinese, english] = LOCALES.map((locale) => read(name, locale));
    expect([...english!.keys()].sort()).toEqual([...chinese!.keys()].sort());
    for (const [key, text] of chinese!) expect([key, placeholders(english!.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  });

  it.each(LOCALES)('in %s are never empty', (locale) => {
    for (const name of ALL_FILES)
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
    const ofProduce = read('produce', 'zh-CN');
    const missing = sources(path.join(SOURCE, 'shared')).flatMap((file) =>
      keysIn(readFileSync(file, 'utf8')).filter(
        (key) => !known.has(key) && !(file.includes(`${path.sep}produce${path.sep}`) && ofProduce.has(key)),
      ),
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
    const produce: Record<string, readonly string[]> = {
      producerKind: PRODUCER_KINDS,
      lotOrigin: LOT_ORIGINS,
      lotFlag: LOT_FLAGS,
      inputKind: LOT_INPUT_KINDS,
      testResult: LOT_TEST_RESULTS,
      stockKind: STOCK_KINDS,
      certificateBasis: certificateContentSchema.shape.basis.element.options,
      codeLevel: CODE_LEVELS,
      codeState: CODE_STATES,
      batchState: CODE_BATCH_STATES,
      channel: CHANNELS,
      orderState: ORDER_STATES,
      payoutState: PAYOUT_STATES,
      importField: IMPORT_FIELDS,
    };
    const inProduce = Object.entries(produce).flatMap(([group, values]) => values.map((value) => `${group}.${value}`));
    const trace: Record<string, readonly string[]> = {
      riskReason: RISK_REASONS,
      'trace.alert.state': ALERT_STATES,
      'trace.fake.state': FAKE_REPORT_STATES,
      'trace.scope': RECALL_SCOPES,
      'trace.scopeHelp': RECALL_SCOPES,
      'trace.rowKind': RECALL_ROW_KINDS,
      'trace.rowKey': RECALL_ROW_KINDS,
      'trace.reach': Object.keys(recallReachSchema.shape),
      'trace.certification': CERTIFICATION_KINDS,
    };
    const inTrace = Object.entries(trace).flatMap(([group, values]) => values.map((value) => `${group}.${value}`));
    const inProducer = LOT_STEPS.flatMap((step) => [`lot.step.${step}`, `lot.stepWhy.${step}`]);
    const inCounty = [...INCOME_BANDS.map((band) => `band.${band}`), ...SALE_ENTRY_KINDS.map((kind) => `sales.kind.${kind}`)];
    const metrics = COVERAGE_METRIC_NAMES.flatMap((name) => {
      const parts = COVERAGE_METRICS[name].kind === 'count' ? ['count', 'what'] : ['of', 'none'];
      return ['name', 'rule', ...parts].map((part) => `metric.${name}.${part}`);
    });
    const missing = [
      ...[...inShared, ...metrics].filter((key) => !read('shared', 'zh-CN').has(key)),
      ...inProduce.filter((key) => !read('produce', 'zh-CN').has(key)),
      ...inTrace.filter((key) => !messagesOf('county', 'zh-CN').has(key)),
      ...inProducer.filter((key) => !messagesOf('producer', 'zh-CN').has(key)),
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
