/** The design tokens as charts need them: real colours, read from the page's variables each time the theme changes. */
export interface ChartColours {
  ink: string;
  muted: string;
  line: string;
  surface: string;
  /** Series, told apart also by their dashes and their labels. */
  series: readonly [string, string, string];
  /** Sequential ramp, low to high. */
  ramp: readonly string[];
  rampInkLow: string;
  rampInkHigh: string;
  /** For what has no figure. */
  none: string;
  font: string;
  /** Pixels of 1rem, for text that grows with the page. */
  rem: number;
}

/** Reads the tokens in force. */
export function chartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token('--ink'),
    muted: token('--muted'),
    line: token('--line'),
    surface: token('--surface'),
    series: [token('--primary'), token('--link'), token('--attention')],
    ramp: [1, 2, 3, 4, 5].map((step) => token(`--ramp-${step}`)),
    rampInkLow: token('--ramp-ink-low'),
    rampInkHigh: token('--ramp-ink-high'),
    none: token('--ramp-none'),
    font: token('--font'),
    rem: parseFloat(style.fontSize) || 16,
  };
}
