/** Weights in the language in use. */
import { useI18n } from 'vue-i18n';
import type { Locale } from '../format/figure.format.js';
import { shownWeight } from './weight.js';

/** The weight of grams in words; call it in `setup`. */
export function useWeights(): (grams: number) => string {
  const { t, locale } = useI18n();
  return (grams) => {
    const { value, unit } = shownWeight(grams, locale.value as Locale);
    return t(`weight.${unit}`, { value });
  };
}
