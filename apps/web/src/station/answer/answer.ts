/** What the screen answers to a scan, and how it is heard. */
import { ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { play, type Verdict } from '../sound/verdict.sound.js';
import { say } from '../sound/spoken.js';

export interface Answer {
  readonly tone: Verdict;
  readonly title: string;
  readonly help?: string;
}

/** The answer shown now; `tell` shows and plays one, `notKept` says why the phone did not keep a record. Call it in `setup`. */
export function useAnswer(): {
  answer: Ref<Answer | undefined>;
  tell: (tone: Verdict, title: string, help?: string) => void;
  notKept: (error: unknown) => void;
} {
  const { t } = useI18n();
  const answer = ref<Answer>();
  const tell = (tone: Verdict, title: string, help?: string) => {
    answer.value = { tone, title, ...(help !== undefined && { help }) };
    play(tone);
    if (tone === 'bad') say(title);
  };
  const notKept = (error: unknown) => {
    const closed = error instanceof Error && error.name === 'VaultClosed';
    tell('bad', t('handOut.notKept'), t(closed ? 'handOut.signIn' : 'scan.invalid.storage.help'));
  };
  return { answer, tell, notKept };
}
