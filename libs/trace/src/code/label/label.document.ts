/** Labels as a PDF: what they share is drawn once as a form, each label adds its QR as one path and its code. */
import { createRequire } from 'node:module';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import { drawGs1Bars, QUIET_BARS } from '#contracts';
import { readableCode } from '../code.text.js';
import { placeFace, type Label, type LabelFace, type LabelForm, type PlacedLine } from './label.face.js';
import { drawQr, QUIET_MODULES } from './label.qr.js';

/** What is used of pdfkit beyond its published types: an embedded font's subset, and the objects of a page. */
interface EmbeddedFont {
  readonly id: string;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
  encode(text: string): [hex: string[], positions: unknown];
  widthOfString(text: string, size: number): number;
  ref(): unknown;
}
interface Reference {
  readonly data: Record<string, unknown>;
  write(content: string): void;
  end(): void;
}
interface Inner {
  readonly _font: EmbeddedFont;
  readonly page: { readonly fonts: Record<string, unknown>; readonly xobjects: Record<string, unknown> };
  ref(data: Record<string, unknown>): Reference;
  addContent(content: string): void;
}

const FONT_FOLDER = path.join(path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
const fontFile = (weight: 'Regular' | 'Bold') => path.join(FONT_FOLDER, `NotoSansHans-${weight}.otf`);

/** Side of a cut mark's arm, and the width and grey of its line. */
const MARK = { arm: 4, width: 0.25, grey: 0.55 };
/** Application identifier of an SSCC. */
const SSCC_IDENTIFIER = '00';
const round = (value: number) => String(Math.round(value * 1000) / 1000);

/** A document of labels that grows label by label; its bytes are read from `stream`. */
export class LabelDocument {
  readonly stream: PDFKit.PDFDocument;
  private readonly inner: Inner;
  private readonly regular: EmbeddedFont;
  private readonly bold: EmbeddedFont;
  private readonly glyphs = new Map<string, string>();
  private face: Reference | undefined;
  private marks: Reference | undefined;
  private place = 0;

  constructor(
    private readonly form: LabelForm,
    private readonly content: LabelFace,
  ) {
    const size: [number, number] = [form.page[0], form.page[1]];
    this.stream = new PDFDocument({
      size,
      margin: 0,
      autoFirstPage: false,
      font: fontFile('Regular'),
      info: { Title: content.product, Creator: 'Xiangyi' },
    });
    this.inner = this.stream as unknown as Inner;
    this.regular = this.inner._font;
    this.stream.font(fontFile('Bold'));
    this.bold = this.inner._font;
  }

  /** Characters of the labels' text that the fonts cannot draw: better no label than a blank on it. */
  missing(): string[] {
    const { product, facts, scan } = this.content;
    const text = [product, scan, ...facts.flatMap(({ title, value }) => [title, value])].join('');
    const has = (character: string) =>
      [this.regular, this.bold].every(({ font }) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
    return [...new Set(text)].filter((character) => !has(character));
  }

  /** Adds a label at the next place; true when it completes a page. */
  add(label: Label): boolean {
    const { columns, rows, origin, label: size } = this.form;
    const onPage = this.place % (columns * rows);
    if (onPage === 0) this.addPage();
    this.place += 1;
    const x = origin[0] + (onPage % columns) * size[0];
    const y = origin[1] + Math.floor(onPage / columns) * size[1];
    this.inner.addContent(
      `q 1 0 0 1 ${round(x)} ${round(y)} cm /Face Do\n${this.codeLines(label)}\n${this.bars(label)}${this.qr(label.url)} Q`,
    );
    return onPage === columns * rows - 1;
  }

  /** Ends the document; the rest of its bytes comes. */
  end(): void {
    this.stream.end();
  }

  private addPage(): void {
    this.stream.addPage();
    const { fonts, xobjects } = this.inner.page;
    for (const font of [this.regular, this.bold]) fonts[font.id] = font.ref();
    xobjects['Face'] = this.face ??= this.drawFace();
    if (!this.form.cutMarks) return;
    xobjects['Marks'] = this.marks ??= this.drawMarks();
    this.inner.addContent('/Marks Do');
  }

  private drawFace(): Reference {
    const lines = placeFace(this.form, this.content, (text, size, bold) =>
      (bold ? this.bold : this.regular).widthOfString(text, size),
    );
    const fonts = Object.fromEntries([this.regular, this.bold].map((font) => [font.id, font.ref()]));
    return this.xobject(this.form.label, { Font: fonts }, lines.map((line) => this.textOf(line)).join('\n'));
  }

  /** Thin crosses at the corners of all labels, so that a sheet can be cut without lines on the labels. */
  private drawMarks(): Reference {
    const { columns, rows, origin, label } = this.form;
    const lines: string[] = [`${MARK.width} w ${MARK.grey} G`];
    for (let row = 0; row <= rows; row += 1)
      for (let column = 0; column <= columns; column += 1) {
        const [x, y] = [origin[0] + column * label[0], origin[1] + row * label[1]];
        lines.push(`${round(x - MARK.arm)} ${round(y)} m ${round(x + MARK.arm)} ${round(y)} l`);
        lines.push(`${round(x)} ${round(y - MARK.arm)} m ${round(x)} ${round(y + MARK.arm)} l`);
      }
    return this.xobject(this.form.page, {}, `${lines.join('\n')} S`);
  }

  private xobject([width, height]: readonly [number, number], resources: Record<string, unknown>, content: string): Reference {
    const reference = this.inner.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, width, height], Resources: resources });
    reference.write(content);
    reference.end();
    return reference;
  }

  /** A line of text; the page's y grows downwards, so the text matrix turns it back. */
  private textOf({ text, x, y, size, bold }: PlacedLine): string {
    const font = bold ? this.bold : this.regular;
    return `BT /${font.id} ${round(size)} Tf 1 0 0 -1 ${round(x)} ${round(y)} Tm <${font.encode(text)[0].join('')}> Tj ET`;
  }

  private codeLines({ code, sscc }: Label): string {
    const { x, baselines, size } = this.form.code;
    const [first, second] = baselines;
    const line = (text: string, y: number) =>
      `BT /${this.regular.id} ${size} Tf 1 0 0 -1 ${round(x)} ${round(y)} Tm <${this.hexOf(text)}> Tj ET`;
    return sscc === null
      ? line(readableCode(code), first)
      : `${line(readableCode(code), first)}\n${line(`SSCC (00) ${sscc}`, second)}`;
  }

  /** Glyphs of plain letters one by one from a small cache: laying out every code's text would take longer than its QR. */
  private hexOf(text: string): string {
    let hex = '';
    for (const letter of text) {
      let glyph = this.glyphs.get(letter);
      if (glyph === undefined) this.glyphs.set(letter, (glyph = this.regular.encode(letter)[0].join('')));
      hex += glyph;
    }
    return hex;
  }

  /** The SSCC as GS1-128, one path in units of modules. */
  private bars({ sscc }: Label): string {
    const place = this.form.bars;
    if (!place || sscc === null) return '';
    const { modules, bars } = drawGs1Bars(`${SSCC_IDENTIFIER}${sscc}`);
    const module = place.width / (modules + 2 * QUIET_BARS);
    const path = bars.map(([x, width]) => `${x} 0 ${width} 1 re`).join('\n');
    const left = round(place.x + module * QUIET_BARS);
    return `q ${module.toFixed(4)} 0 0 ${round(place.height)} ${left} ${round(place.y)} cm\n${path}\nf Q\n`;
  }

  /** The QR as one path in units of its modules, in the middle of its place. */
  private qr(url: string): string {
    const { x, y, width } = this.form.qr;
    const { side, rectangles } = drawQr(url);
    const modules = side + 2 * QUIET_MODULES;
    const { dot } = this.form;
    const module = dot > 0 ? Math.floor(width / modules / dot) * dot || width / modules : width / modules;
    const inset = (width - module * side) / 2;
    const path = rectangles.map((rectangle) => `${rectangle.join(' ')} re`).join('\n');
    return `${module.toFixed(4)} 0 0 ${module.toFixed(4)} ${round(x + inset)} ${round(y + inset)} cm\n${path}\nf`;
  }
}
