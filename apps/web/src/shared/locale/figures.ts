/** Figures, months and times in the language in use, with their units: the one way that pages write numbers. */
import { useI18n } from 'vue-i18n';
import { COVERAGE_METRICS, type CoverageMetric, type MetricCell } from '#contracts';
import { compact, grouped, percent, percentOf, points, signed, yuan, yuanExact, type Locale } from '../format/figure.format.js';
import { clockText, dateText, dayText, periodShort, periodText, timeText } from '../format/time.format.js';

type Cell = Pick<MetricCell, 'value' | 'numerator' | 'denominator'>;

/** The formatting functions bound to the page's language; call it in `setup`. */
export function useFigures() {
  const { t, locale } = useI18n();
  const language = () => locale.value as Locale;

  /** A metric's value as text with its unit, or `undefined` when there is no data. */
  function metric(name: CoverageMetric, cell: Cell | undefined): string | undefined {
    if (!cell || cell.value === null) return undefined;
    switch (COVERAGE_METRICS[name].kind) {
      case 'ratio':
        return cell.denominator ? percentOf(cell.numerator, cell.denominator) : percent(cell.value);
      case 'count':
        return t(`metric.${name}.count`, { value: compact(cell.value, language()), count: cell.value });
      case 'per_10k':
        return t('unit.per10k', { value: grouped(cell.value, 1) });
    }
  }

  /** The change of a metric against an earlier cell, with its unit; `undefined` when either is missing. */
  function change(name: CoverageMetric, now: Cell | undefined, before: Cell | undefined): string | undefined {
    if (now?.value == null || before?.value == null) return undefined;
    const difference = now.value - before.value;
    switch (COVERAGE_METRICS[name].kind) {
      case 'ratio':
        return t('unit.points', { value: points(difference) });
      case 'count':
        return Math.abs(difference) < 10_000 ? signed(difference) : (difference > 0 ? '+' : '') + compact(difference, language());
      case 'per_10k':
        return signed(difference, 1);
    }
  }

  return {
    metric,
    change,
    compact: (value: number) => compact(value, language()),
    money: (fen: number) => t('unit.yuan', { value: yuan(fen, language()) }),
    /** Money to the cent, where it is entered or checked line by line. */
    moneyExact: (fen: number) => t('unit.yuan', { value: yuanExact(fen) }),
    moneyChange: (fen: number) => (fen > 0 ? '+' : '') + t('unit.yuan', { value: yuan(fen, language()) }),
    period: (period: string) => periodText(period, language()),
    periodShort: (period: string) => periodShort(period, language()),
    day: (day: string) => dayText(day, language()),
    date: (day: string) => dateText(day, language()),
    time: (instant: string | number) => timeText(instant, language()),
    clock: (instant: string | number) => clockText(instant),
  };
}
