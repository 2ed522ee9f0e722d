/** What a look at a code amounts to: pure (docs/domain/consumer-page.md). */
import type { CodeLevel, RiskReason, Verdict } from '#contracts';
import type { CodeSighting } from '../scan/code.sighting.js';
import type { PageWords } from './page.words.js';

/** What the verdict follows from. */
export type VerdictFacts = Pick<CodeSighting, 'state' | 'scans' | 'risk' | 'reasons'> & { readonly recall: object | null };

/** A verdict with its reasons. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly RiskReason[];
}

/** A recall outweighs everything, for it is about health; then a code out of use; then a suspicion. */
export function judgementOf(facts: VerdictFacts | undefined): Judgement {
  if (!facts) return { verdict: 'unknown', reasons: [] };
  if (facts.recall) return { verdict: 'recalled', reasons: [] };
  switch (facts.state) {
    case 'void':
      return { verdict: 'void', reasons: [] };
    case 'made':
      return { verdict: 'suspicious', reasons: [...new Set(['not_activated' as const, ...facts.reasons])] };
    case 'active':
      return facts.risk === 'high' ? { verdict: 'suspicious', reasons: facts.reasons } : { verdict: 'genuine', reasons: [] };
  }
}

/** The verdict in plain sentences: what it is, and what to do. A code that all packs of a lot bear is looked at by many and everywhere: it proves no pack. */
export function sentencesOf(
  words: PageWords,
  { verdict, reasons }: Judgement,
  scans: number,
  level: CodeLevel = 'unit',
): string[] {
  switch (verdict) {
    case 'genuine':
      if (level === 'lot') return [words.word('say.shared')];
      return scans <= 1 ? [words.word('say.first')] : [words.word('say.again', { count: scans }), words.word('advice.again')];
    case 'suspicious':
      return [...reasons.map((reason) => words.word(`reason.${reason}`)), words.word('advice.suspicious')];
    case 'recalled':
    case 'void':
    case 'unknown':
      return [words.word(`say.${verdict}`), words.word(`advice.${verdict}`)];
  }
}
