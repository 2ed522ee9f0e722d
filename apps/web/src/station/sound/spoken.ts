/** Words spoken aloud, for a keeper whose eyes are on the parcel. */
import { appearance } from '../../shared/appearance/appearance.js';

/** A shelf code as it is said: figure by figure, with a breath between its parts, never "one thousand five hundred". */
export function spokenCode(code: string): string {
  return code
    .split('-')
    .map((part) => [...part].join(' '))
    .join(', ');
}

/** Says a sentence in the language of the page; a newer one cuts an older one short. Silent where sounds are off or the phone has no voice. */
export function say(sentence: string): void {
  const voice = window.speechSynthesis as SpeechSynthesis | undefined;
  if (!appearance.sound || !voice) return;
  voice.cancel();
  const utterance = new SpeechSynthesisUtterance(sentence);
  utterance.lang = document.documentElement.lang || 'zh-CN';
  utterance.rate = 1.1;
  voice.speak(utterance);
}
