/**
 * What a 承诺达标合格证 needs before it may be issued (《农产品质量安全承诺达标合格证管理办法》, Ministry of Agriculture and Rural Affairs order 2025 no. 4, in force
 * 2026-02-01). Pure; docs/domain/certificates.md says it in words.
 */
import type { CertificateContent, CertificateInput, FieldError, ProducerKind } from '#contracts';

/** What the producer promises (承诺事项), in the words of the certificate. */
export const PROMISES: readonly string[] = [
  '不使用禁用的农药、兽药，不使用停用的兽药和非法添加物',
  '常规农药、兽药残留不超标',
  '对承诺的真实性负责',
];

/** Months that a certificate must be kept. */
export const KEPT_MONTHS = 6;

export type CertificateBasis = CertificateContent['basis'][number];

/** A test as the rules see it. */
export interface LotTestFact {
  readonly item: string;
  readonly result: 'pass' | 'fail';
  readonly testedOn: string;
  readonly createdAt: Date;
}

/** A lot above the one that is certified: what it was made of, with its own tests. */
export interface ForebearLot {
  readonly id: string;
  readonly parentIds: readonly string[];
  readonly tests: readonly LotTestFact[];
}

/** What is known of the lot at the moment of issue. */
export interface CertifiableLot {
  readonly id: string;
  readonly lotNo: string;
  readonly productName: string;
  readonly categoryCode: string;
  readonly producerName: string;
  readonly producerKind: ProducerKind;
  readonly producerPhone: string | null;
  /** County, town and village. */
  readonly place: string;
  readonly plotName: string | null;
  readonly stockG: number;
  readonly recalled: boolean;
  /** The lot itself and every lot above it. */
  readonly family: readonly ForebearLot[];
}

/** Fruit, vegetables and edible fungi; livestock with poultry and eggs; farmed aquatic products (codes of NY/T 3177-2018). */
const COVERED = ['0103', '0104', '0106', '02', '03'];
const BEVERAGE_CROPS = '0107';
const TEA = '010701';

/** Whether produce of a category needs a certificate at all. Of the beverage crops only tea does: by its code, or by its name where the code says no more. */
export function isCovered(categoryCode: string, productName: string): boolean {
  if (COVERED.some((prefix) => categoryCode.startsWith(prefix))) return true;
  return categoryCode.startsWith(TEA) || (categoryCode === BEVERAGE_CROPS && productName.includes('茶'));
}

/** Items whose latest test failed. Of two tests of one day the one entered later counts. */
export function failedItems(tests: readonly LotTestFact[]): string[] {
  const latest = new Map<string, LotTestFact>();
  for (const test of tests) {
    const known = latest.get(test.item);
    if (!known || isLater(test, known)) latest.set(test.item, test);
  }
  return [...latest.values()].filter(({ result }) => result === 'fail').map(({ item }) => item);
}

const isLater = (one: LotTestFact, other: LotTestFact): boolean =>
  one.testedOn === other.testedOn ? one.createdAt >= other.createdAt : one.testedOn > other.testedOn;

/** Items that failed and were not passed since, in the lot or in any lot above it: mixing does not make them good. */
export function failedInFamily(family: readonly ForebearLot[]): string[] {
  return [...new Set(family.flatMap(({ tests }) => failedItems(tests)))];
}

/** Whether a lot was tested and passed: by a test of its own, or because everything that it was made of was. */
export function isTested(lotId: string, family: readonly ForebearLot[]): boolean {
  const byId = new Map(family.map((lot) => [lot.id, lot]));
  const known = new Map<string, boolean>();
  const tested = (id: string): boolean => {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    known.set(id, false);
    const lot = byId.get(id);
    const own = lot?.tests.some(({ result }) => result === 'pass') ?? false;
    const found = own || (lot !== undefined && lot.parentIds.length > 0 && lot.parentIds.every(tested));
    known.set(id, found);
    return found;
  };
  return tested(lotId);
}

/** What an issue would put on paper, or the fields at fault. */
export type Certifiable =
  | { readonly ok: true; readonly quantityG: number; readonly basis: CertificateBasis[]; readonly phone: string }
  | { readonly ok: false; readonly errors: FieldError[] };

/** Checks every field that the law asks for. */
export function certifiable(
  lot: CertifiableLot,
  input: Pick<CertificateInput, 'quantityG' | 'basis' | 'contactPhone'>,
): Certifiable {
  const tested = isTested(lot.id, lot.family);
  const basis = input.basis ? [...new Set(input.basis)] : [tested ? ('self_inspection' as const) : ('self_commitment' as const)];
  const quantityG = input.quantityG ?? lot.stockG;
  const phone = input.contactPhone ?? lot.producerPhone;
  const errors = [
    ...missing('origin', lot.place),
    ...missing('plot', lot.plotName ?? (lot.family.length > 1 ? lot.place : '')),
    ...missing('producer', lot.producerName),
    ...missing('contactPhone', phone ?? ''),
    ...quantityErrors(quantityG, lot.stockG),
    ...testErrors(basis, tested, failedInFamily(lot.family)),
    ...(lot.recalled ? [fault('lotId', 'lot_recalled')] : []),
  ];
  if (errors.length > 0 || phone === null) return { ok: false, errors };
  return { ok: true, quantityG, basis, phone };
}

const fault = (path: string, code: string, message = code): FieldError => ({ path, code, message });
const missing = (path: string, value: string): FieldError[] =>
  value.trim() === '' ? [fault(path, 'certificate_field_missing')] : [];

function quantityErrors(quantityG: number, stockG: number): FieldError[] {
  if (stockG <= 0) return [fault('quantityG', 'nothing_in_stock')];
  return quantityG > stockG ? [fault('quantityG', 'beyond_stock', String(stockG))] : [];
}

/** A certificate must not claim an inspection that nobody recorded, nor stand beside a failed one. */
function testErrors(basis: readonly CertificateBasis[], tested: boolean, failed: readonly string[]): FieldError[] {
  const claims = basis.includes('inspection_entrusted') || basis.includes('self_inspection');
  return [
    ...(claims && !tested ? [fault('basis', 'test_missing')] : []),
    ...(failed.length > 0 ? [fault('tests', 'test_not_passed', failed.join('、'))] : []),
  ];
}

/** The last day on which a certificate must still be kept. */
export function keptUntil(issuedOn: string): string {
  const [year = 0, month = 1, day = 1] = issuedOn.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + KEPT_MONTHS, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + KEPT_MONTHS, Math.min(day, last))).toISOString().slice(0, 10);
}
