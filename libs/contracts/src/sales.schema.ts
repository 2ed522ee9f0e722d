/** Metric M10 as the API shows it: sales of produce by unit and month (docs/domain/metrics.md). */
import { z } from 'zod';
import { unitCodeSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { instantSchema, periodSchema } from './time.js';

/** GMV by payment day, refunds by refund day; households with a payout in the period are distinct in each unit, so they do not add up. */
export const salesFactsSchema = z
  .object({
    gmvFen: z.number().int(),
    refundFen: z.number().int(),
    netFen: z.number().int(),
    orders: z.number().int(),
    payoutFen: z.number().int(),
    households: z.number().int(),
  })
  .meta({ id: 'SalesFacts' });
export type SalesFacts = z.infer<typeof salesFactsSchema>;
export const salesQuerySchema = z.object({ unit: unitCodeSchema.optional(), period: periodSchema.optional() });
export type SalesQuery = z.infer<typeof salesQuerySchema>;
const salesCellSchema = z.object({
  unit: z.object({ id: idSchema, code: z.string(), name: z.string(), level: z.string() }),
  facts: salesFactsSchema,
  outboundParcels: z.number().int(),
  inboundParcels: z.number().int(),
});
export const salesReportSchema = salesCellSchema
  .extend({
    period: periodSchema,
    formulaVersion: z.string(),
    version: z.number().int(),
    asOf: instantSchema.nullable(),
    children: z.array(salesCellSchema),
    trend: z.array(z.object({ period: periodSchema, facts: salesFactsSchema })),
  })
  .meta({ id: 'SalesReport' });
export type SalesReport = z.infer<typeof salesReportSchema>;
export const SALE_ENTRY_KINDS = ['payment', 'refund', 'payout'] as const;
export const saleEntryKindSchema = z.enum(SALE_ENTRY_KINDS);
export type SaleEntryKind = z.infer<typeof saleEntryKindSchema>;
export const salesEvidenceQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  period: periodSchema.optional(),
  kind: saleEntryKindSchema.optional(),
});
export type SalesEvidenceQuery = z.infer<typeof salesEvidenceQuerySchema>;
export const salesEvidenceRowSchema = z
  .object({
    id: idSchema,
    day: z.string(),
    kind: saleEntryKindSchema,
    village: z.object({ code: z.string(), name: z.string() }),
    orderId: idSchema,
    producerId: idSchema,
    household: z.boolean(),
    amountFen: z.number().int(),
  })
  .meta({ id: 'SalesEvidenceRow' });
export type SalesEvidenceRow = z.infer<typeof salesEvidenceRowSchema>;
