/**
 * A certificate as a sheet of 100 × 70 mm: every field that the law asks for, the words 承诺达标合格证 large, and a QR code drawn as vectors. The words are
 * the law's own and not translated.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import type { CertificateContent } from '#contracts';
import { message } from '#platform';
import { readableNumber } from './certificate.number.js';

/** What stands on the sheet: names and the telephone in full, for it goes with the goods. */
export interface CertificateSheet {
  readonly number: string;
  readonly url: string;
  readonly content: CertificateContent;
  readonly producer: string;
  readonly phone: string;
}

const POINTS_PER_MM = 72 / 25.4;
const mm = (millimetres: number): number => millimetres * POINTS_PER_MM;
const WIDTH = mm(100);
const HEIGHT = mm(70);
const MARGIN = mm(4);
const QR_SIDE = mm(26);
const TITLE_SIZE = 19;
const SIZES = [8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5];
const QUIET_MODULES = 4;

const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
let faces: { regular: Buffer; bold: Buffer } | undefined;
/** The faces hold all 30,888 glyphs, so that rare names of places print; read once. */
const loadFaces = () =>
  (faces ??= {
    regular: readFileSync(path.join(fonts, 'NotoSansHans-Regular.otf')),
    bold: readFileSync(path.join(fonts, 'NotoSansHans-Bold.otf')),
  });

/** The sheet as a PDF of one page. */
export async function certificatePdf(sheet: CertificateSheet): Promise<Buffer> {
  const { regular, bold } = loadFaces();
  const document = new PDFDocument({ size: [WIDTH, HEIGHT], margin: 0, info: { Title: `${TITLE} ${sheet.number}` } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  document.registerFont('regular', regular).registerFont('bold', bold);
  drawTitle(document, sheet.number);
  drawFields(document, fieldsOf(sheet));
  drawQr(document, sheet.url);
  drawPromises(document, sheet.content.promises);
  document.end();
  await done;
  return Buffer.concat(chunks);
}

const TITLE = '承诺达标合格证';
const TITLE_Y = mm(3);
const FIELDS_Y = mm(14);
const PROMISES_Y = mm(53.5);
const TIGHT = { lineGap: -2 };

function drawTitle(document: PDFKit.PDFDocument, number: string): void {
  document.font('bold').fontSize(TITLE_SIZE).text(TITLE, MARGIN, TITLE_Y, { lineBreak: false });
  document
    .font('regular')
    .fontSize(6)
    .text(readableNumber(number), WIDTH - MARGIN - QR_SIDE, TITLE_Y + 9, { width: QR_SIDE, align: 'right', lineBreak: false });
  document
    .moveTo(MARGIN, mm(12))
    .lineTo(WIDTH - MARGIN, mm(12))
    .lineWidth(0.8)
    .stroke();
}

/** Fields of the law by name, in its order. */
export function fieldsOf({ content, producer, phone }: CertificateSheet): [name: string, value: string][] {
  return [
    ['产品名称', content.productName],
    ['数量', kilograms(content.quantityG)],
    ['产地', content.origin],
    ['承诺主体', producer],
    ['联系方式', phone],
    ['开具时间', chineseDay(content.issuedOn)],
    ['承诺依据', content.basis.map((basis) => message('zh-CN', `trace.certificate.basis.${basis}`)).join('、')],
    ['批次', content.lotNo],
  ];
}

/** Grams as kilograms, without needless zeros. */
export const kilograms = (grams: number): string => `${Number((grams / 1000).toFixed(3))} 千克`;
const chineseDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** In the greatest size in which all of them fit; a long place takes two lines. */
function drawFields(document: PDFKit.PDFDocument, fields: readonly [string, string][]): void {
  const nameWidth = mm(17);
  const valueWidth = WIDTH - MARGIN * 2 - QR_SIDE - nameWidth - mm(3);
  const gap = 1.5;
  const heightAt = (size: number) => {
    document.font('regular').fontSize(size);
    return fields.reduce((sum, [, value]) => sum + document.heightOfString(value, { width: valueWidth }) + gap, 0);
  };
  const room = PROMISES_Y - FIELDS_Y - 2;
  const size = SIZES.find((candidate) => heightAt(candidate) <= room) ?? 4;
  let y = FIELDS_Y;
  for (const [name, value] of fields) {
    document.font('regular').fontSize(size).fillColor('#475467').text(name, MARGIN, y, { width: nameWidth, lineBreak: false });
    document.fillColor('black').text(value, MARGIN + nameWidth, y, { width: valueWidth });
    y += document.heightOfString(value, { width: valueWidth }) + gap;
  }
}

function drawQr(document: PDFKit.PDFDocument, url: string): void {
  const { modules } = QRCode.create(url, { errorCorrectionLevel: 'M' });
  const module = QR_SIDE / (modules.size + QUIET_MODULES * 2);
  const [left, top] = [WIDTH - MARGIN - QR_SIDE + QUIET_MODULES * module, FIELDS_Y + QUIET_MODULES * module];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1)
      if (modules.get(row, column)) document.rect(left + column * module, top + row * module, module, module);
  }
  document.fill('black');
  document
    .font('bold')
    .fontSize(7.5)
    .text(TITLE, WIDTH - MARGIN - QR_SIDE, FIELDS_Y + QR_SIDE, { width: QR_SIDE, align: 'center', lineBreak: false });
  document
    .font('regular')
    .fontSize(6)
    .text('扫码查验', WIDTH - MARGIN - QR_SIDE, FIELDS_Y + QR_SIDE + 10, { width: QR_SIDE, align: 'center', lineBreak: false });
}

function drawPromises(document: PDFKit.PDFDocument, promises: readonly string[]): void {
  document
    .roundedRect(MARGIN, PROMISES_Y, WIDTH - MARGIN * 2, HEIGHT - PROMISES_Y - mm(2.5), 3)
    .lineWidth(0.6)
    .stroke();
  const text = ['我承诺对生产销售的食用农产品：', ...promises.map((promise) => `✓ ${promise}`)].join('\n');
  const [width, room] = [WIDTH - MARGIN * 2 - 10, HEIGHT - PROMISES_Y - mm(2.5) - 5];
  document.font('regular');
  const size = SIZES.find((candidate) => document.fontSize(candidate).heightOfString(text, { width, ...TIGHT }) <= room) ?? 4;
  document.fontSize(size).text(text, MARGIN + 5, PROMISES_Y + 2, { width, ...TIGHT });
}
