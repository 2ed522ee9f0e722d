import fc from 'fast-check';
import { LABEL_FORMS, placeFace, spokenPlace, type LabelFace } from './label.face.js';

/** Every character as wide as it is high: the widest that Chinese gets. */
const measure = (text: string, size: number) => [...text].length * size;
const face = (product: string, values: readonly string[]): LabelFace => ({
  product,
  facts: values.map((value, index) => ({ title: `项${index}`, value })),
  scan: '扫码查真伪',
});
const word = fc.string({ unit: fc.constantFrom(...'示范县东镇东一村合作社20261101-㘵䶮𠅤'), minLength: 1, maxLength: 60 });
const forms = fc.constantFrom(...Object.values(LABEL_FORMS));

describe('the face of a label', () => {
  it('keeps every line within its label and off the QR, however long the names are', () => {
    fc.assert(
      fc.property(forms, word, fc.array(word, { minLength: 1, maxLength: 4 }), (form, product, values) => {
        const { qr, label } = form;
        for (const { text, x, y, size } of placeFace(form, face(product, values), measure)) {
          expect(x + measure(text, size)).toBeLessThanOrEqual(label[0]);
          expect([x, y - size * 0.88].every((edge) => edge >= 0) && y + size * 0.12 <= label[1]).toBe(true);
          const offQr = x >= qr.x + qr.width || y + size * 0.12 <= qr.y + 0.5 || y - size * 0.88 >= qr.y + qr.height;
          expect(offQr).toBe(true);
        }
      }),
    );
  });

  it('loses nothing of names that fit, and says by an ellipsis that something is cut', () => {
    for (const form of Object.values(LABEL_FORMS)) {
      const short = placeFace(form, face('红富士苹果', ['20261101-1', '东一村']), measure);
      expect(short.map(({ text }) => text).join('')).toBe('红富士苹果项0：20261101-1项1：东一村扫码查真伪');
      const long = placeFace(form, face('长'.repeat(80), ['名'.repeat(300)]), measure);
      expect(long.filter(({ text }) => text.endsWith('…'))).toHaveLength(2);
    }
  });

  it('writes long names smaller before it cuts them', () => {
    const form = LABEL_FORMS.thermal;
    const sizeOf = (length: number) => placeFace(form, face('果'.repeat(length), []), measure)[0]?.size ?? 0;
    expect(sizeOf(4)).toBe(form.title.largest);
    expect(sizeOf(14)).toBeLessThan(sizeOf(4));
    expect(sizeOf(14)).toBeGreaterThanOrEqual(form.title.smallest);
  });
});

describe('a place', () => {
  it.each([
    ['东一村村民委员会', '东一村'],
    ['东一村村委会', '东一村'],
    ['东一村委会', '东一村'],
    ['城关社区居民委员会', '城关社区'],
    ['城关居委会', '城关社区'],
    ['示范县', '示范县'],
    ['东镇', '东镇'],
  ])('that the list of units calls %s is called %s', (listed, spoken) => {
    expect(spokenPlace(listed)).toBe(spoken);
  });
});
