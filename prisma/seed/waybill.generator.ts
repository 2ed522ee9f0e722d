/** Waybill numbers in the shape that each carrier prints, all different. */
import type { DemoCarrier } from './county.model.js';
import type { RandomSource } from './random.source.js';

/** Share of a village's parcels by carrier, before looking at who serves it. */
export const MARKET_SHARE: Readonly<Record<DemoCarrier, number>> = { POSTAL: 14, STO: 14, YTO: 20, ZTO: 22, YUNDA: 16, JT: 14 };

/** A number of the carrier's form; `serial` (below 10 million) makes it unique in the county. */
export function waybillOf(carrier: DemoCarrier, serial: number, random: RandomSource): string {
  const unique = String(serial).padStart(7, '0');
  switch (carrier) {
    case 'POSTAL':
      return `98${random.digits(4)}${unique}`;
    case 'STO':
      return `77${random.digits(6)}${unique}`;
    case 'YTO':
      return `YT${random.digits(6)}${unique}`;
    case 'ZTO':
      return `78${random.digits(5)}${unique}`;
    case 'YUNDA':
      return `31${random.digits(6)}${unique}`;
    case 'JT':
      return `JT${random.digits(6)}${unique}`;
  }
}
