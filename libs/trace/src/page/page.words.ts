/** Words, days and places as the consumer's page says them. Pure. */
import { dayOf, type Day } from '#contracts';
import { message, type Language } from '#platform';

/** Words of one language. */
export interface PageWords {
  readonly language: Language;
  /** The message `trace.page.<key>`. */
  word(key: string, params?: Readonly<Record<string, string | number>>): string;
  /** A day, or the Shanghai day of an instant. */
  day(of: Day | Date): string;
  /** A list of names. */
  list(names: readonly string[]): string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const known = new Map<Language, PageWords>();

/** The words of a language. */
export function pageWords(language: Language): PageWords {
  const words = known.get(language) ?? wordsOf(language);
  known.set(language, words);
  return words;
}

function wordsOf(language: Language): PageWords {
  /** Most words of a page never change: each is looked up once. */
  const plain = new Map<string, string>();
  const plainWord = (key: string): string => {
    const text = plain.get(key) ?? message(language, `trace.page.${key}`);
    plain.set(key, text);
    return text;
  };
  return {
    language,
    word: (key, params) => (params ? message(language, `trace.page.${key}`, params) : plainWord(key)),
    day: (of) => {
      const [year = 0, month = 1, date = 1] = (typeof of === 'string' ? of : dayOf(of)).split('-').map(Number);
      return language === 'zh-CN' ? `${year}年${month}月${date}日` : `${date} ${MONTHS[month - 1]} ${year}`;
    },
    list: (names) => names.join(language === 'zh-CN' ? '、' : ', '),
  };
}
