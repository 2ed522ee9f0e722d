/** Lots of produce: harvest, inputs, tests, splitting, mixing, repacking and stock (docs/domain/produce.md). */
import { z } from 'zod';
import { unitRefSchema } from './auth.schema.js';
import { unitCodeSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { gramsSchema, lotNoSchema, producerKindSchema } from './produce.schema.js';
import { daySchema, instantSchema } from './time.js';

/** How a lot came to be: from the field, or out of other lots. */
export const LOT_ORIGINS = ['harvest', 'split', 'mix', 'repack'] as const;
export const lotOriginSchema = z.enum(LOT_ORIGINS);
export type LotOrigin = z.infer<typeof lotOriginSchema>;

/** `over_shipped`: more left than was harvested, tolerance included (origin laundering). `test_failed`: its latest test of some item failed. */
export const LOT_FLAGS = ['over_shipped', 'test_failed'] as const;
export type LotFlag = (typeof LOT_FLAGS)[number];

export const LOT_INPUT_KINDS = ['fertiliser', 'pesticide', 'feed', 'medicine'] as const;
export const lotInputSchema = z
  .object({
    id: idSchema,
    kind: z.enum(LOT_INPUT_KINDS),
    name: z.string().trim().min(1).max(100),
    appliedOn: daySchema,
    safetyIntervalDays: z.number().int().min(0).max(365).default(0).meta({
      description: 'Days that must lie between the application and the harvest',
    }),
    dose: z.string().trim().max(100).optional(),
  })
  .meta({ id: 'LotInput' });
export type LotInput = z.infer<typeof lotInputSchema>;

export const LOT_TEST_RESULTS = ['pass', 'fail'] as const;
export const lotTestInputSchema = z
  .object({
    id: idSchema,
    item: z.string().trim().min(1).max(100).meta({ example: '农药残留快检' }),
    method: z.string().trim().max(100).optional(),
    result: z.enum(LOT_TEST_RESULTS),
    testedOn: daySchema,
    laboratory: z.string().trim().max(100).optional(),
    reportId: idSchema.optional().meta({ description: 'Of an uploaded report' }),
  })
  .meta({ id: 'LotTestInput' });
export type LotTestInput = z.infer<typeof lotTestInputSchema>;
export const lotTestViewSchema = lotTestInputSchema.extend({ createdAt: instantSchema }).meta({ id: 'LotTest' });
export type LotTestView = z.infer<typeof lotTestViewSchema>;

export const plotSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
    areaMu: z.number().positive().max(1_000_000).optional(),
  })
  .meta({ id: 'Plot' });
export type Plot = z.infer<typeof plotSchema>;

/** A harvest. `lotNo` left out: made from the day of harvest and a running number. */
export const lotHarvestSchema = z
  .object({
    id: idSchema.meta({ description: 'Made by the client: sending it again makes no second lot' }),
    productId: idSchema,
    lotNo: lotNoSchema.optional(),
    plot: plotSchema,
    harvestedOn: daySchema,
    quantityG: gramsSchema,
    inputs: z.array(lotInputSchema).max(50).default([]),
    note: z.string().trim().max(500).optional(),
  })
  .meta({ id: 'LotHarvest' });
export type LotHarvest = z.infer<typeof lotHarvestSchema>;

const partSchema = z.object({ lotId: idSchema, quantityG: gramsSchema });
/**
 * Splitting (one lot into several of the same product), mixing (several lots into one) and repacking (one lot into another product). Outputs may
 * weigh less than inputs (trimming), never more.
 */
export const lotTransformSchema = z
  .object({
    id: idSchema.meta({ description: 'Made by the client: sending it again does nothing more' }),
    mode: z.enum(['split', 'mix', 'repack']),
    at: instantSchema.optional().meta({ description: 'Default: now' }),
    inputs: z.array(partSchema).min(1).max(100),
    outputs: z
      .array(z.object({ id: idSchema, productId: idSchema, lotNo: lotNoSchema.optional(), quantityG: gramsSchema }))
      .min(1)
      .max(100),
    note: z.string().trim().max(500).optional(),
  })
  .meta({ id: 'LotTransform' });
export type LotTransform = z.infer<typeof lotTransformSchema>;

export const STOCK_KINDS = ['harvested', 'moved_out', 'moved_in', 'shipped', 'returned', 'lost', 'counted'] as const;
export const stockCorrectionSchema = z
  .object({
    id: idSchema,
    kind: z
      .enum(['lost', 'counted'])
      .meta({ description: '`lost` takes grams away; `counted` sets the stock to what was counted' }),
    quantityG: z.number().int().min(0).max(100_000_000_000),
    note: z.string().trim().max(500).optional(),
  })
  .meta({ id: 'StockCorrection' });
export type StockCorrection = z.infer<typeof stockCorrectionSchema>;
export const stockEntrySchema = z
  .object({
    id: idSchema,
    at: instantSchema,
    kind: z.enum(STOCK_KINDS),
    deltaG: z.number().int(),
    refId: idSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'StockEntry' });
export type StockEntryView = z.infer<typeof stockEntrySchema>;

const relativeSchema = z.object({ lotId: idSchema, lotNo: z.string(), quantityG: z.number().int() });
export const lotViewSchema = z
  .object({
    id: idSchema,
    lotNo: z.string(),
    origin: lotOriginSchema,
    product: z.object({
      id: idSchema,
      name: z.string(),
      categoryCode: z.string(),
      gtin: z.string().nullable(),
      ownCode: z.string().nullable(),
    }),
    producer: z.object({ id: idSchema, name: z.string(), kind: producerKindSchema }),
    village: unitRefSchema,
    plot: plotSchema.nullable(),
    harvestedOn: daySchema.nullable(),
    quantityG: z.number().int(),
    stockG: z.number().int(),
    flags: z.array(z.enum(LOT_FLAGS)),
    note: z.string().nullable(),
    inputs: z.array(lotInputSchema),
    tests: z.array(lotTestViewSchema),
    madeOf: z.array(relativeSchema).meta({ description: 'Lots that went into this one' }),
    wentInto: z.array(relativeSchema).meta({ description: 'Lots that were made of this one' }),
    revision: z.number().int(),
    createdAt: instantSchema,
  })
  .meta({ id: 'Lot' });
export type LotView = z.infer<typeof lotViewSchema>;
/** A row of a list of lots. */
export const lotListItemSchema = lotViewSchema
  .omit({ inputs: true, tests: true, madeOf: true, wentInto: true, plot: true, note: true })
  .meta({ id: 'LotListItem' });
export type LotListItem = z.infer<typeof lotListItemSchema>;
export const lotListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  producerId: idSchema.optional(),
  productId: idSchema.optional(),
  lotNo: lotNoSchema.optional(),
  inStock: z.stringbool().optional().meta({ description: 'Only lots with stock' }),
});
export type LotListQuery = z.infer<typeof lotListQuerySchema>;

/** What splitting, mixing or repacking made. */
export const lotTransformViewSchema = z
  .object({
    id: idSchema,
    mode: z.enum(['split', 'mix', 'repack']),
    at: instantSchema,
    outputs: z.array(lotListItemSchema),
  })
  .meta({ id: 'LotTransformResult' });
export type LotTransformView = z.infer<typeof lotTransformViewSchema>;

export const reportViewSchema = z
  .object({ id: idSchema, filename: z.string(), mediaType: z.string(), bytes: z.number().int() })
  .meta({ id: 'Report' });
export type ReportView = z.infer<typeof reportViewSchema>;

export const CERTIFICATION_KINDS = ['green', 'organic', 'geographical'] as const;
export const certificationInputSchema = z
  .object({
    id: idSchema,
    kind: z.enum(CERTIFICATION_KINDS),
    number: z.string().trim().min(1).max(60),
    issuedBy: z.string().trim().min(1).max(100),
    validFrom: daySchema,
    validTo: daySchema.nullable().default(null),
  })
  .meta({ id: 'Certification' });
export type CertificationInput = z.infer<typeof certificationInputSchema>;

/** A branch project ("支部+企业+基地+农户") and who takes part in it. */
export const projectInputSchema = z
  .object({
    id: idSchema,
    villageCode: z.string().regex(/^\d{12}$/),
    name: z.string().trim().min(1).max(100),
    branchName: z.string().trim().min(1).max(100),
    startedOn: daySchema,
    endedOn: daySchema.nullable().default(null),
  })
  .meta({ id: 'ProjectInput' });
export type ProjectInput = z.infer<typeof projectInputSchema>;
export const participantInputSchema = z
  .object({ producerId: idSchema, joinedOn: daySchema, leftOn: daySchema.nullable().default(null) })
  .meta({ id: 'ParticipantInput' });
export type ParticipantInput = z.infer<typeof participantInputSchema>;
export const projectViewSchema = projectInputSchema
  .omit({ villageCode: true })
  .extend({
    village: unitRefSchema,
    participants: z.array(
      participantInputSchema.omit({ producerId: true }).extend({
        producer: z.object({ id: idSchema, name: z.string(), kind: producerKindSchema }),
      }),
    ),
  })
  .meta({ id: 'Project' });
export type ProjectView = z.infer<typeof projectViewSchema>;
export const projectListQuerySchema = pageQuerySchema.extend({ unit: unitCodeSchema.optional() });
export type ProjectListQuery = z.infer<typeof projectListQuerySchema>;
