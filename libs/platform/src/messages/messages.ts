import type { FieldError } from '#contracts';

/** Message look-up for text that people read. Every library registers its own codes; languages are complete by type. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Messages = Readonly<Record<Language, Readonly<Record<string, string>>>>;

const registered: Record<Language, Map<string, string>> = { 'zh-CN': new Map(), en: new Map() };

/**
 * Adds a library's messages, keyed by problem code.
 * @throws Error when a code is missing in one of the languages
 */
export function registerMessages(messages: Messages): void {
  const [first, ...others] = LANGUAGES;
  for (const language of others) {
    const missing = Object.keys(messages[first]).filter((code) => !(code in messages[language]));
    const extra = Object.keys(messages[language]).filter((code) => !(code in messages[first]));
    if (missing.length + extra.length > 0)
      throw new Error(`Messages differ between languages: ${[...missing, ...extra].join(', ')}`);
  }
  for (const language of LANGUAGES)
    for (const [code, text] of Object.entries(messages[language])) registered[language].set(code, text);
}

/** The message of a code with its placeholders filled; the code itself when nobody registered it. */
export function message(language: Language, code: string, params: Readonly<Record<string, string | number>> = {}): string {
  const text = registered[language].get(code) ?? code;
  if (!text.includes('{')) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** Fields at fault in the reader's language: the message of `field_<code>`, or the text that came with the field when there is none. */
export function localErrors(errors: readonly FieldError[], language: Language): FieldError[] {
  return errors.map((field) => ({ ...field, message: registered[language].get(`field_${field.code}`) ?? field.message }));
}

/** The best language for an Accept-Language header; Chinese unless English is asked for first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...options] = part.trim().toLowerCase().split(';');
      const quality = options.map((option) => /^q=([\d.]+)$/.exec(option.trim())?.[1]).find((found) => found !== undefined);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of ranked) {
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'zh-CN';
}
