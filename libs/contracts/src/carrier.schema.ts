/** Carriers and the ways a village is served (domain rules, "Carriers"). */
import { z } from 'zod';

/** Well-known carrier codes; a county may add others, so a carrier code on the wire is any short code that the directory knows. */
export const CARRIERS = ['POSTAL', 'EMS', 'STO', 'YTO', 'ZTO', 'BEST', 'YUNDA', 'SF', 'JD', 'JT', 'DEPPON'] as const;
export type CarrierCode = (typeof CARRIERS)[number];
export const carrierCodeSchema = z.string().regex(/^[A-Z][A-Z0-9_]{1,15}$/);

/** 邮政 + 四通一达, the six brands that the full-coverage rate asks for; EMS counts as postal, a carrier with a successor as its successor. */
export const SIX_BRANDS = ['POSTAL', 'STO', 'YTO', 'ZTO', 'BEST', 'YUNDA'] as const;

export const SERVICE_MODES = [
  'resident_station',
  'postal_express',
  'inter_express',
  'bus_freight_post',
  'retail_coop',
  'mobile_round',
  'neighbour_agent',
] as const;
export const serviceModeSchema = z.enum(SERVICE_MODES);
export type ServiceMode = z.infer<typeof serviceModeSchema>;
