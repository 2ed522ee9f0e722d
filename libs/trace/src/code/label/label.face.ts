/** What a label shows, and where: pure. Lengths are points (1/72 inch) unless a name says millimetres; y grows downwards. */
import type { LabelQuery } from '#contracts';

/** What all labels of a batch have in common. */
export interface LabelFace {
  readonly product: string;
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  /** The words that ask to scan. */
  readonly scan: string;
}

/** One label. */
export interface Label {
  readonly code: string;
  /** What the QR holds. */
  readonly url: string;
  /** Eighteen digits, for a box. */
  readonly sscc: string | null;
}

const MM = 72 / 25.4;

/** A rectangle on a label. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const area = (x: number, y: number, width: number, height: number): Area => ({
  x: x * MM,
  y: y * MM,
  width: width * MM,
  height: height * MM,
});

/** Text that fills an area: as large as fits between two sizes, in so many lines. */
interface TextSlot {
  readonly area: Area;
  readonly largest: number;
  readonly smallest: number;
  readonly lines: number;
}

/** A form of labels: its page, the grid of labels on it, and the places on a label. */
export interface LabelForm {
  readonly page: readonly [width: number, height: number];
  readonly columns: number;
  readonly rows: number;
  readonly origin: readonly [x: number, y: number];
  readonly label: readonly [width: number, height: number];
  readonly cutMarks: boolean;
  /** Holds the QR with its quiet zone. */
  readonly qr: Area;
  /** A module is a whole number of these: dots of a thermal head, so that edges are sharp. 0: any size. */
  readonly dot: number;
  readonly title: TextSlot;
  readonly facts: TextSlot;
  readonly scan: TextSlot;
  /** Holds the bars of the SSCC with their quiet zones, where a box's label has room for them. */
  readonly bars?: Area;
  /** Baselines of the code and of the SSCC below the QR, and their size. */
  readonly code: { readonly x: number; readonly baselines: readonly [code: number, sscc: number]; readonly size: number };
}

const slot = (where: Area, largest: number, smallest: number, lines: number): TextSlot => ({
  area: where,
  largest,
  smallest,
  lines,
});

/** What a label is drawn as: a form that may be asked for, or on A4 the larger one of boxes. */
export type LabelFormName = LabelQuery['form'] | 'a4Box';

/** The form of a batch's labels. Bars that scanners read at a distance (0.495 mm a module) do not fit on the labels of units, nor on a thermal one. */
export function labelFormOf(form: LabelQuery['form'], ofBoxes: boolean): LabelFormName {
  return ofBoxes && form === 'a4' ? 'a4Box' : form;
}

/** `a4`: 3 × 8 labels of 64 × 34 mm. `thermal`: 40 × 30 mm, one a page, for heads of 203 dots an inch. `a4Box`: 2 × 5 of 99 × 57 mm. */
export const LABEL_FORMS: Readonly<Record<LabelFormName, LabelForm>> = {
  a4: {
    page: [210 * MM, 297 * MM],
    columns: 3,
    rows: 8,
    origin: [9 * MM, 12.5 * MM],
    label: [64 * MM, 34 * MM],
    cutMarks: true,
    qr: area(1, 1, 27, 27),
    dot: 0,
    title: slot(area(28.5, 2.4, 33.5, 7.6), 9.5, 6.5, 2),
    facts: slot(area(28.5, 10.2, 33.5, 13.6), 6.6, 4.6, 6),
    scan: slot(area(28.5, 24.2, 33.5, 3.6), 8, 6, 1),
    code: { x: 3 * MM, baselines: [30.2 * MM, 32.7 * MM], size: 6.2 },
  },
  thermal: {
    page: [40 * MM, 30 * MM],
    columns: 1,
    rows: 1,
    origin: [0, 0],
    label: [40 * MM, 30 * MM],
    cutMarks: false,
    qr: area(0.6, 4.6, 21, 21),
    dot: 72 / 203,
    title: slot(area(1.6, 0.9, 36.8, 3.8), 8.5, 6, 1),
    facts: slot(area(21.8, 5.4, 17.2, 16), 5.6, 4.2, 9),
    scan: slot(area(21.8, 21.9, 17.2, 3.2), 7.4, 5.5, 1),
    code: { x: 1.6 * MM, baselines: [26.9 * MM, 29.1 * MM], size: 5.4 },
  },
  a4Box: {
    page: [210 * MM, 297 * MM],
    columns: 2,
    rows: 5,
    origin: [6 * MM, 6 * MM],
    label: [99 * MM, 57 * MM],
    cutMarks: true,
    qr: area(2, 1.5, 28, 28),
    dot: 0,
    title: slot(area(32, 3, 64, 9.6), 13, 8, 2),
    facts: slot(area(32, 12.8, 64, 12.6), 8, 5.5, 5),
    scan: slot(area(32, 25.6, 64, 4.2), 9, 7, 1),
    bars: area(5.94, 34, 87.12, 17.6),
    code: { x: 6 * MM, baselines: [32.3 * MM, 55 * MM], size: 7 },
  },
};

/** Width of a text at a size. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** A line of text where it stands: `y` is its baseline. */
export interface PlacedLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
}

const LINE_HEIGHT = 1.24;
/** Of the size, from the top of a line to its baseline. */
const ASCENT = 0.88;
const SIZE_STEP = 0.2;
const MORE = '…';

/** Where the lines that all labels of a batch share stand. Text that does not fit at its smallest is cut and says so by an ellipsis. */
export function placeFace(form: LabelForm, face: LabelFace, measure: Measure): PlacedLine[] {
  const facts = face.facts.map(({ title, value }) => `${title}：${value}`);
  return [
    ...fill(form.title, [face.product], true, measure),
    ...fill(form.facts, facts, false, measure),
    ...fill(form.scan, [face.scan], true, measure),
  ];
}

/** The paragraphs in a slot, at the largest size at which they fit. */
function fill(
  { area: where, largest, smallest, lines }: TextSlot,
  paragraphs: readonly string[],
  bold: boolean,
  measure: Measure,
): PlacedLine[] {
  for (let size = largest; ; size -= SIZE_STEP) {
    const last = size - SIZE_STEP < smallest;
    const widthOf = (text: string) => measure(text, size, bold);
    const wrapped = paragraphs.flatMap((paragraph) => wrap(paragraph, where.width, widthOf));
    const room = Math.min(lines, Math.floor(where.height / (size * LINE_HEIGHT)));
    if (wrapped.length > room && !last) continue;
    const shown = wrapped.length > room ? cut(wrapped, room, where.width, widthOf) : wrapped;
    return shown.map((text, index) => ({ text, x: where.x, y: where.y + size * (ASCENT + index * LINE_HEIGHT), size, bold }));
  }
}

/** A paragraph in lines of a width: Chinese breaks anywhere, so lot numbers may break too. */
function wrap(paragraph: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of paragraph) {
    if (line !== '' && widthOf(line + character) > width) {
      lines.push(line);
      line = '';
    }
    line += character;
  }
  return [...lines, line];
}

function cut(lines: readonly string[], room: number, width: number, widthOf: (text: string) => number): string[] {
  const shown = lines.slice(0, room);
  const rest = [...(shown.pop() ?? '')];
  while (rest.length > 0 && widthOf(rest.join('') + MORE) > width) rest.pop();
  return [...shown, rest.join('') + MORE];
}

/** A place's name as people say it: without the committee that the official list of units names it by. */
export function spokenPlace(name: string): string {
  const village = /^(.+?)村?村(?:民委员|委)会$/.exec(name)?.[1];
  if (village !== undefined) return `${village}村`;
  return /^(.+?)(?:社区)?居(?:民委员|委)会$/.exec(name)?.[1]?.concat('社区') ?? name;
}
