/** The language of the pages: Chinese unless the person chose English. Every text comes from the files in `messages`. */
import { createI18n, type I18n } from 'vue-i18n';
import { LOCALES, type Locale } from '../format/figure.format.js';

type Messages = Record<string, unknown>;
/** The message files of one app, by language: the language in use is the only one that is loaded. */
export type MessageFiles = Readonly<Record<Locale, () => Promise<{ default: Messages }>>>;
type Pages = I18n<Record<string, never>, Record<string, never>, Record<string, never>, string, false>;

const KEY = 'xiangyi.locale';
const SHARED: MessageFiles = {
  'zh-CN': () => import('./messages/shared.zh-CN.json'),
  en: () => import('./messages/shared.en.json'),
};

let current: Pages | undefined;
let files: readonly MessageFiles[] = [SHARED];

function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale);
}

/** The language in use now. */
export function activeLocale(): Locale {
  const value = current?.global.locale.value;
  return isLocale(value) ? value : 'zh-CN';
}

async function load(locale: Locale): Promise<void> {
  if (!current) return;
  const parts = await Promise.all(files.map((file) => file[locale]()));
  for (const part of parts) current.global.mergeLocaleMessage(locale, part.default);
}

/** Makes the i18n plugin of an app, with the shared messages and the app's own. */
export async function startLocale(...own: MessageFiles[]): Promise<Pages> {
  files = [SHARED, ...own];
  const saved = localStorage.getItem(KEY);
  const locale: Locale = isLocale(saved) ? saved : 'zh-CN';
  current = createI18n({ legacy: false, locale, fallbackLocale: locale, messages: {} });
  await load(locale);
  document.documentElement.lang = locale;
  return current;
}

/** Changes the language of the page and keeps the choice. */
export async function chooseLocale(locale: Locale): Promise<void> {
  if (!current) return;
  await load(locale);
  current.global.locale.value = locale;
  document.documentElement.lang = locale;
  localStorage.setItem(KEY, locale);
}
