/** Long side in pixels at which the small print of an A4 report is still read. */
const LONG_SIDE = 2200;

/** The size of a picture whose long side is at most `longSide`. */
export function fitted(width: number, height: number, longSide: number = LONG_SIDE): { width: number; height: number } {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
