/** One short sound for each verdict, so that a keeper need not look: high = good, twice = look, low = stop. */
import { appearance } from '../../shared/appearance/appearance.js';

export type Verdict = 'good' | 'warn' | 'bad';
const TONES: Readonly<Record<Verdict, readonly { hz: number; atS: number; lengthS: number }[]>> = {
  good: [{ hz: 1175, atS: 0, lengthS: 0.12 }],
  warn: [
    { hz: 660, atS: 0, lengthS: 0.12 },
    { hz: 660, atS: 0.2, lengthS: 0.12 },
  ],
  bad: [{ hz: 220, atS: 0, lengthS: 0.5 }],
};
const VIBRATION_MS: Readonly<Record<Verdict, number[]>> = { good: [40], warn: [60, 60, 60], bad: [300] };

let context: AudioContext | undefined;

/** Plays the sound of a verdict, unless sounds are off or the phone has none. */
export function play(verdict: Verdict): void {
  if (!appearance.sound) return;
  navigator.vibrate?.(VIBRATION_MS[verdict]);
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const tone of TONES[verdict]) {
      const oscillator = context.createOscillator();
      const volume = context.createGain();
      const start = context.currentTime + tone.atS;
      oscillator.frequency.value = tone.hz;
      volume.gain.setValueAtTime(0.25, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + tone.lengthS);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + tone.lengthS);
    }
  } catch {
    // A phone without sound still shows the card.
  }
}
