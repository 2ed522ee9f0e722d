/** What a person chose for reading: light or dark, text size, sounds. Kept on the device. */
import { reactive, watch } from 'vue';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export interface Appearance {
  theme: Theme;
  large: boolean;
  contrast: boolean;
  /** Everything within reach of the thumb. */
  oneHand: boolean;
  sound: boolean;
  /** A hardware scanner types: the on-screen keyboard stays away. */
  wedge: boolean;
}

const KEY = 'xiangyi.appearance';
const darkMedia = window.matchMedia('(prefers-color-scheme: dark)');

function saved(): Partial<Appearance> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Appearance>;
  } catch {
    return {};
  }
}

/** The choices in force; assign to change one. `dark` follows from the theme and the device. */
export const appearance = reactive<Appearance & { dark: boolean }>({
  theme: 'auto',
  large: false,
  contrast: false,
  oneHand: false,
  sound: true,
  wedge: false,
  dark: false,
  ...saved(),
});

function apply(): void {
  appearance.dark = appearance.theme === 'auto' ? darkMedia.matches : appearance.theme === 'dark';
  const root = document.documentElement;
  if (appearance.theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = appearance.theme;
  if (appearance.large) root.dataset['text'] = 'large';
  else delete root.dataset['text'];
  if (appearance.contrast) root.dataset['contrast'] = 'high';
  else delete root.dataset['contrast'];
  if (appearance.oneHand) root.dataset['hand'] = 'one';
  else delete root.dataset['hand'];
}

/** Puts the choices on the page and keeps them when they change. */
export function startAppearance(app: 'login' | 'station' | 'county' | 'producer'): void {
  document.documentElement.dataset['app'] = app;
  apply();
  darkMedia.addEventListener('change', apply);
  watch(
    () => {
      const { theme, large, contrast, oneHand, sound, wedge } = appearance;
      return { theme, large, contrast, oneHand, sound, wedge } satisfies Appearance;
    },
    (chosen) => {
      apply();
      localStorage.setItem(KEY, JSON.stringify(chosen));
    },
  );
}
