/** What a station earns by the piece: rates of the county, and a station's own sheet of a month. */
import { z } from 'zod';
import { carrierCodeSchema } from './carrier.schema.js';
import { daySchema, periodSchema } from './time.js';

/** What the station earns for a piece, by carrier and direction, from a day on. */
export const FEE_KINDS = ['handed_out', 'accepted_out'] as const;
export const feeRateSchema = z
  .object({
    carrierCode: carrierCodeSchema,
    kind: z.enum(FEE_KINDS),
    from: daySchema,
    amountFen: z.number().int().min(0).max(10_000),
  })
  .meta({ id: 'FeeRate' });
export type FeeRate = z.infer<typeof feeRateSchema>;
export const feeRatesSchema = z.object({ rates: z.array(feeRateSchema).max(500) }).meta({ id: 'FeeRates' });
/** `GET /api/fees?stationCode=&period=`: a station's own earnings, from what it scanned. `pieces` without a rate earn nothing and are shown. */
export const feeSheetSchema = z
  .object({
    stationCode: z.string(),
    period: z.string(),
    rows: z.array(
      z.object({
        carrierCode: z.string().nullable(),
        kind: z.enum(FEE_KINDS),
        pieces: z.number().int(),
        amountFen: z.number().int(),
        withoutRate: z.number().int(),
      }),
    ),
    totalFen: z.number().int(),
  })
  .meta({ id: 'FeeSheet' });
export type FeeSheet = z.infer<typeof feeSheetSchema>;
export const feeQuerySchema = z.object({ stationCode: z.string().min(1).max(40).optional(), period: periodSchema.optional() });
