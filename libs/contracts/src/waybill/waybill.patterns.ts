/** Number patterns of carriers. They overlap, and so they rank candidates and never decide alone (docs/domain/carriers.md). */
import type { CarrierCode } from '../carrier.schema.js';

export interface WaybillPattern {
  readonly carrierCode: CarrierCode;
  readonly pattern: RegExp;
  /** `prefix` belongs to one carrier; `shape` is a length with leading digits that others use too. */
  readonly by: 'prefix' | 'shape';
  /** How often numbers of this shape are this carrier's, against the other carriers of the same shape. */
  readonly weight: number;
}

const prefix = (carrierCode: CarrierCode, pattern: RegExp): WaybillPattern => ({ carrierCode, pattern, by: 'prefix', weight: 1 });
const shape = (carrierCode: CarrierCode, pattern: RegExp, weight: number): WaybillPattern => ({
  carrierCode,
  pattern,
  by: 'shape',
  weight,
});

export const WAYBILL_PATTERNS: readonly WaybillPattern[] = [
  prefix('SF', /^SF\d{12,13}$/),
  prefix('JD', /^JD[A-Z]{0,2}\d{9,14}(-\d{1,4}){0,3}$/),
  prefix('JT', /^JT\d{13}$/),
  // YT and 16 digits is YunExpress, which is none of the county's carriers.
  prefix('YTO', /^YT\d{13}$/),
  prefix('DEPPON', /^DP[A-Z]\d{9,13}$/),
  prefix('ZTO', /^ZT[OP]\d{12,14}$/),
  prefix('STO', /^STO\d{10,13}$/),
  prefix('BEST', /^(A|B|BS)\d{11,14}$/),
  shape('DEPPON', /^\d{8,10}$/, 3),
  shape('YTO', /^\d{10}$/, 2),
  shape('YTO', /^[A-Z]\d{9}$/, 3),
  shape('SF', /^\d{12}$/, 3),
  shape('ZTO', /^\d{12}$/, 3),
  shape('STO', /^\d{12}$/, 3),
  shape('YTO', /^\d{12}$/, 2),
  shape('YUNDA', /^\d{13}$/, 2),
  shape('YUNDA', /^(3[1-4]|4[3-6])\d{11}$/, 4),
  shape('EMS', /^\d{13}$/, 1),
  shape('EMS', /^1[0-2]\d{11}$/, 4),
  shape('POSTAL', /^\d{13}$/, 1),
  shape('POSTAL', /^9[6-9]\d{11}$/, 5),
  shape('YTO', /^\d{13}$/, 1),
  shape('STO', /^\d{13}$/, 1),
  shape('STO', /^(77|66|88|55)\d{11}$/, 3),
  shape('ZTO', /^7\d{13}$/, 4),
  shape('ZTO', /^7[35689]\d{12}$/, 3),
  shape('STO', /^7\d{13}$/, 1),
  shape('BEST', /^7\d{13}$/, 1),
  shape('YTO', /^7\d{13}$/, 1),
  shape('YUNDA', /^\d{15}$/, 2),
  shape('YUNDA', /^[34]\d{14}$/, 2),
  shape('BEST', /^\d{15}$/, 1),
  shape('BEST', /^5\d{14}$/, 2),
  shape('STO', /^\d{15}$/, 1),
  shape('STO', /^77\d{13}$/, 4),
  shape('YTO', /^\d{15}$/, 1),
  shape('YTO', /^8\d{14}$/, 1),
  shape('YTO', /^\d{18}$/, 2),
  shape('SF', /^\d{15}$/, 1),
];
