/** Producers and products of the county's farm produce (libs/upflow/README.md). */
import { z } from 'zod';
import { unitRefSchema } from './auth.schema.js';
import { unitCodeSchema } from './directory.schema.js';
import { glnSchema, gtinSchema } from './gs1.js';
import { idSchema } from './id.schema.js';
import { certificationInputSchema } from './lot.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { creditCodeSchema, producerKindSchema } from './produce.schema.js';
import { instantSchema } from './time.js';

/** Category of produce, two digits a level: 010301 is pome fruit (NY/T 3177-2018). */
export const categoryCodeSchema = z
  .string()
  .regex(/^\d{2}(\d{2}){0,4}$/)
  .meta({ description: 'Two digits a level, one to five levels', example: '010301' });

export const producerInputSchema = z
  .object({
    id: idSchema.meta({ description: 'Made by the client: sending it again makes no second producer' }),
    kind: producerKindSchema,
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .meta({ description: "A household's name is its head's: kept encrypted, shown masked" }),
    villageCode: z.string().regex(/^\d{12}$/),
    povertyAlleviated: z.boolean().default(false).meta({ description: '脱贫户; only for a household' }),
    creditCode: creditCodeSchema.optional().meta({ description: '统一社会信用代码; not for a household' }),
    contactName: z.string().trim().min(1).max(50).optional(),
    contactPhone: z
      .string()
      .regex(/^\+?\d{7,15}$/)
      .optional(),
  })
  .refine((value) => value.kind === 'household' || !value.povertyAlleviated, {
    path: ['povertyAlleviated'],
    message: 'Only a household',
    params: { code: 'household_only' },
  })
  .meta({ id: 'ProducerInput' });
export type ProducerInput = z.infer<typeof producerInputSchema>;

export const producerViewSchema = z
  .object({
    id: idSchema,
    kind: producerKindSchema,
    name: z.string().meta({ description: 'Masked for a household' }),
    village: unitRefSchema,
    povertyAlleviated: z.boolean(),
    creditCode: z.string().nullable(),
    contactName: z.string().nullable().meta({ description: 'Masked' }),
    contactPhone: z.string().nullable().meta({ description: 'Masked' }),
    createdAt: instantSchema,
  })
  .meta({ id: 'Producer' });
export type ProducerView = z.infer<typeof producerViewSchema>;
export const producerListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  kind: producerKindSchema.optional(),
});
export type ProducerListQuery = z.infer<typeof producerListQuerySchema>;

const productFields = {
  name: z.string().trim().min(1).max(100),
  categoryCode: categoryCodeSchema,
  gtin: gtinSchema.nullable().default(null),
  spec: z.string().trim().min(1).max(60).nullable().default(null).meta({ description: 'What one unit is: "5斤装"' }),
};
export const productInputSchema = z
  .object({
    id: idSchema.meta({ description: 'Made by the client: sending it again makes no second product' }),
    producerId: idSchema,
    ...productFields,
  })
  .meta({ id: 'ProductInput' });
export type ProductInput = z.infer<typeof productInputSchema>;

export const productChangeSchema = z
  .object({ ...productFields, version: z.number().int().min(1).meta({ description: 'Version that this change was made from' }) })
  .meta({ id: 'ProductChange' });
export type ProductChange = z.infer<typeof productChangeSchema>;

export const productViewSchema = z
  .object({
    id: idSchema,
    producer: z.object({ id: idSchema, name: z.string(), kind: producerKindSchema }),
    village: unitRefSchema,
    name: z.string(),
    categoryCode: categoryCodeSchema,
    categoryName: z.string().meta({ description: 'Of the nearest level that is named here' }),
    gtin: z.string().nullable().meta({ description: 'Fourteen digits' }),
    ownCode: z.string().nullable().meta({ description: 'Code of our own with a check character, where there is no GTIN' }),
    spec: z.string().nullable(),
    certifications: z.array(certificationInputSchema),
    version: z.number().int(),
    updatedAt: instantSchema,
  })
  .meta({ id: 'Product' });
export type ProductView = z.infer<typeof productViewSchema>;
export const productListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  producerId: idSchema.optional(),
  category: categoryCodeSchema.optional().meta({ description: 'This category and all below it' }),
});
export type ProductListQuery = z.infer<typeof productListQuerySchema>;

export const categoryViewSchema = z.object({ code: categoryCodeSchema, name: z.string() }).meta({ id: 'ProductCategory' });

/** A user who acts for a producer. */
export const memberInputSchema = z.object({ username: z.string().min(1).max(64) }).meta({ id: 'MemberInput' });
export type MemberInput = z.infer<typeof memberInputSchema>;

export const glnInputSchema = z
  .object({
    plotName: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .meta({ description: 'The plot that the number stands for; null: the producer itself' }),
  })
  .meta({ id: 'GlnInput' });
export type GlnInput = z.infer<typeof glnInputSchema>;
export const glnViewSchema = z.object({ gln: glnSchema, plotName: z.string().nullable() }).meta({ id: 'Gln' });
export type GlnView = z.infer<typeof glnViewSchema>;
