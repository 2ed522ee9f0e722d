import { INCOME_MESSAGES } from './income.messages.js';

const all: readonly Readonly<Record<string, string>>[] = Object.values(INCOME_MESSAGES);

/** What a message says in each language, in lower case: an import understands all of them. */
export function wordsOf(key: string): string[] {
  return all.flatMap((messages) => {
    const text = messages[key];
    return text === undefined ? [] : [text.toLowerCase()];
  });
}
