/** How cells of channels' exports are read. Every function answers `undefined` for what it cannot read: nothing is guessed. */

/** A decimal number without floats: `value` over ten to the power of `places`. */
export interface Decimal {
  readonly value: bigint;
  readonly places: number;
}

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Day 0 of a spreadsheet's calendar. */
const SHEET_EPOCH = Date.UTC(1899, 11, 30);
const MAX_FEN = 10_000_000_000n;

/**
 * A cell as it was meant: exports guard long numbers by a leading tab or apostrophe, or as a formula (`="123"`), so that a spreadsheet does not eat
 * their digits.
 */
export function cleanCell(cell: string): string {
  const text = cell.replace(/[\u0000\u200B\uFEFF\t]/g, '').trim();
  const formula = /^="?([^"]*)"?$/.exec(text);
  return (formula?.[1] ?? text).replace(/^'/, '').trim();
}

/** A plain decimal number, thousands separators allowed where they belong. */
export function decimalOf(text: string): Decimal | undefined {
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match?.[1] || match[1].length > 20) return undefined;
  const decimals = (match[2] ?? '').replace(/0+$/, '');
  return { value: BigInt(match[1].replaceAll(',', '') + decimals), places: decimals.length };
}

/** Fen of an amount in yuan: "¥1,234.50", "12元". Fractions of a fen are not read. */
export function fenOf(cell: string): number | undefined {
  const text = cell.normalize('NFKC').replace(/[¥\s]|元$|^(CNY|RMB)/gi, '');
  const decimal = decimalOf(text);
  if (!decimal || decimal.places > 2) return undefined;
  const fen = decimal.value * 10n ** BigInt(2 - decimal.places);
  return fen <= MAX_FEN ? Number(fen) : undefined;
}

/** A whole number of pieces: "3", "3件", "3.00". */
export function quantityOf(cell: string): number | undefined {
  const decimal = decimalOf(
    cell
      .normalize('NFKC')
      .replace(/^[x×]/i, '')
      .replace(/[\s件份箱个袋盒]+$/, ''),
  );
  return decimal?.places === 0 && decimal.value >= 1n && decimal.value <= 100_000n ? Number(decimal.value) : undefined;
}

/** The instant of a time in Shanghai as exports write it, or of a spreadsheet's day number. */
export function instantOf(cell: string): Date | undefined {
  const text = cell.normalize('NFKC').trim();
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : undefined;
  if (zoned) return Number.isNaN(zoned.getTime()) ? undefined : zoned;
  if (/^\d{5}(\.\d+)?$/.test(text))
    return new Date(Math.round((Number(text) * DAY_MS) / 1000) * 1000 + SHEET_EPOCH - SHANGHAI_OFFSET_MS);
  const match =
    /^(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2}))?$/.exec(text) ??
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[\sT]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?(?:\.\d+)?|分)?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exact = wall.getUTCFullYear() === year && wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day;
  if (!exact || year < 2000 || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Date(wall.getTime() - SHANGHAI_OFFSET_MS);
}

/** Whether a spreadsheet has eaten digits of a long number: "1.23E+18". */
export function lostDigits(cell: string): boolean {
  return /^\d+(\.\d+)?e\+?\d+$/i.test(cell.trim());
}
