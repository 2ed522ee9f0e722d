import fc from 'fast-check';
import { gs1CheckDigit } from '#contracts';
import { APPLICATION_IDENTIFIERS } from './application.identifier.js';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS } from './code.lists.js';
import { readDigitalLink, writeDigitalLink } from './digital.link.js';

const GTIN = '06901234567892';
const SSCC = '106141412345678908';
const GLN = '9506000134376';

const problemOf = (uri: string): string => {
  const reading = readDigitalLink(uri);
  return reading.ok ? 'none' : reading.problem;
};
const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const checkedDigits = (length: number) => digits(length - 1).map((body) => `${body}${gs1CheckDigit(body)}`);
const text82 = fc
  .array(fc.constantFrom(...`!"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz`), { minLength: 1, maxLength: 20 })
  .map((list) => list.join(''));

describe('a Digital Link', () => {
  it.each([
    `/01/${GTIN}`,
    `/01/${GTIN}/10/AB-12`,
    `/01/${GTIN}/21/serial`,
    `/01/${GTIN}/22/2A/10/AB/21/xy`,
    `/01/${GTIN}/235/TPX.1`,
    `/00/${SSCC}`,
    `/00/${SSCC}?3301=000123&4321=1`,
    `/414/${GLN}`,
    `/414/${GLN}/254/32`,
    `/414/${GLN}/7040/1ABC`,
    `/417/${GLN}/7040/1ABC`,
    `/415/${GLN}/8020/bill`,
    `/253/${GLN}DOC7`,
    `/255/${GLN}0000012`,
    `/401/9506000abc`,
    `/8003/0${GLN}x`,
    `/8004/95060001`,
    `/8006/${GTIN}0102`,
    `/8010/9506000-A/8011/12`,
    `/8013/1987654Ad4X4bL5ttr2310c2K`,
    `/8017/106141412345678908/8019/1`,
    `/01/${GTIN}?17=261231&3103=000500&linkType=gs1:pip`,
    `/01/${GTIN}?17=261200;7003=2612312359`,
    `/01/${GTIN}/10/AB?422=156&427=BJ&423=156344&7030=999ABC&7004=10`,
    `/01/${GTIN}?3103=000500&3922=1000`,
    `/00/${SSCC}?02=${GTIN}&37=12&4307=CN`,
    `/415/${GLN}/8020/bill?3912=156100&12=261231`,
    `/01/${GTIN}/10/A%2FB?99=a%26b`,
  ])('is %s', (uri) => {
    expect(problemOf(uri)).toBe('none');
  });

  it.each([
    ['/01/06901234567893', 'check_digit'],
    ['/01/0690123456789', 'check_digit'],
    ['/01/123', 'length'],
    ['/01/0690123456789X', 'characters'],
    ['/01', 'no_value'],
    ['/01/', 'no_value'],
    [`/01/${GTIN}/`, 'qualifier'],
    [`/01/${GTIN}/10`, 'no_value'],
    [`/01/${GTIN}/21/s/10/l`, 'qualifier'],
    [`/01/${GTIN}/10/l/22/c`, 'qualifier'],
    [`/01/${GTIN}/10/l/235/x`, 'qualifier'],
    [`/01/${GTIN}/10/a/10/b`, 'repeated'],
    [`/01/${GTIN}/11/260101`, 'qualifier'],
    [`/01/${GTIN}/10/${'a'.repeat(21)}`, 'length'],
    [`/01/${GTIN}/10/%E8%8B%B9`, 'characters'],
    [`/01/${GTIN}/10/a%2`, 'encoding'],
    [`/01/${GTIN}?17=261301`, 'date'],
    [`/01/${GTIN}?17=260230`, 'date'],
    [`/01/${GTIN}?7006=260200`, 'date'],
    [`/01/${GTIN}?17=260101&17=260102`, 'repeated'],
    [`/01/${GTIN}?01=${GTIN}`, 'repeated'],
    [`/01/${GTIN}?10=lot`, 'attribute'],
    [`/01/${GTIN}?77777=1`, 'attribute'],
    [`/01/${GTIN}?3106=000001`, 'attribute'],
    [`/00/${SSCC}/10/lot`, 'qualifier'],
    [`/414/${GLN}/254/1/7040/1ABC`, 'qualifier'],
    [`/gtin/${GTIN}`, 'no_key'],
    ['/constructor/1', 'no_key'],
    [`/8013/1987654Ad4X4bL5ttr2310c2J`, 'check_digit'],
    [`/01/${GTIN}?422=157`, 'content'],
    [`/01/${GTIN}?423=156999`, 'content'],
    [`/01/${GTIN}?7030=998ABC`, 'content'],
    [`/00/${SSCC}?4307=XX`, 'content'],
    [`/415/${GLN}/8020/bill?3910=155100`, 'content'],
    [`/415/${GLN}`, 'needs'],
    [`/00/${SSCC}?17=261231`, 'needs'],
    [`/00/${SSCC}?37=10`, 'needs'],
    [`/01/${GTIN}?427=BJ`, 'needs'],
    [`/01/${GTIN}?7004=10`, 'needs'],
    [`/01/${GTIN}?3920=1000`, 'needs'],
    [`/414/${GLN}?3103=000500`, 'needs'],
    [`/01/${GTIN}?02=${GTIN}&37=1`, 'excludes'],
    [`/01/${GTIN}?3102=000500&3103=005000`, 'excludes'],
    [`/01/${GTIN}?426=156&422=156`, 'excludes'],
    [`/00/${SSCC}?4330=000010&4331=000010`, 'excludes'],
    [`/8003/1${GLN}`, 'content'],
    [`/8006/${GTIN}0201`, 'content'],
  ])('is not %s: %s', (uri, problem) => {
    expect(problemOf(uri)).toBe(problem);
  });

  it.each(['6901234567892', '06901234567892', '96385074', '614141007349'])('holds %s in fourteen digits', (gtin) => {
    expect(readDigitalLink(`/01/${gtin}`)).toMatchObject({ ok: true, link: { key: ['01', gtin.padStart(14, '0')] } });
  });

  it('knows the countries and currencies by their numbers', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect([COUNTRY_LETTERS.size, COUNTRY_NUMBERS.size]).toEqual([249, 249]);
    expect([...COUNTRY_LETTERS].filter((letters) => names.of(letters) === undefined)).toEqual([]);
    expect(CURRENCY_NUMBERS.size).toBe(new Set([...CURRENCY_NUMBERS].filter((number) => /^\d{3}$/.test(number))).size);
    for (const known of ['156', '344', '446', '901', '840', '978']) expect(CURRENCY_NUMBERS).toContain(known);
  });

  it('keeps what is not of GS1 apart', () => {
    expect(readDigitalLink(`/01/${GTIN}?linkType=all&__proto__=x&linkType=b`)).toMatchObject({
      ok: true,
      link: { attributes: [], extras: { linkType: 'all' } },
    });
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(checkedDigits(14), text82, text82, digits(6), (gtin, lot, serial, weight) => {
        const link = {
          key: ['01', gtin] as const,
          qualifiers: [['10', lot] as const, ['21', serial] as const],
          attributes: [['3103', weight] as const],
        };
        expect(readDigitalLink(writeDigitalLink(link))).toEqual({ ok: true, link: { ...link, extras: {} } });
      }),
    );
  });

  it('is never taken with one digit of its key changed', () => {
    const keys = fc.constantFrom(['01', 14], ['00', 18], ['414', 13], ['417', 13], ['8017', 18], ['402', 17]) as fc.Arbitrary<
      [string, number]
    >;
    const made = keys.chain(([ai, length]) => checkedDigits(length).map((value) => ({ ai, value })));
    fc.assert(
      fc.property(made, fc.nat(), fc.integer({ min: 1, max: 9 }), ({ ai, value }, at, shift) => {
        const changed = [...value];
        changed[at % value.length] = String((Number(value[at % value.length]) + shift) % 10);
        expect(problemOf(`/${ai}/${value}`)).toBe('none');
        expect(problemOf(`/${ai}/${changed.join('')}`)).toBe('check_digit');
      }),
    );
  });

  it('or none: no text makes the reading throw', () => {
    const ai = fc.constantFrom(...APPLICATION_IDENTIFIERS, 'x', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(ai, fc.string({ maxLength: 30 }))), fc.string({ maxLength: 60 }), (pairs, query) => {
        const path = pairs.map(([name, value]) => `/${name}/${value}`).join('');
        expect(typeof readDigitalLink(`${path}?${query}`).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});
