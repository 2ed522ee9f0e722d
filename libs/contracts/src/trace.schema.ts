/** The GS1 Digital Link resolver's answers (libs/trace/README.md). */
import { z } from 'zod';
import { instantSchema } from './time.js';
import { producerKindSchema } from './upflow.schema.js';

/** What is known of a trade item. Names of households are masked before they come here. */
export const tracedProductSchema = z
  .object({
    gtin: z.string().meta({ description: 'Fourteen digits' }),
    digitalLink: z.url(),
    name: z.string(),
    categoryCode: z.string(),
    producer: z.object({ name: z.string(), kind: producerKindSchema }),
    origin: z.object({ code: z.string(), name: z.string() }),
    version: z.number().int(),
    changedAt: instantSchema,
  })
  .meta({ id: 'TracedProduct' });
export type TracedProduct = z.infer<typeof tracedProductSchema>;

/** Resolver description file (GS1-Conformant Resolver 1.2.0): exactly what is supported, no more. */
export const resolverDescriptionSchema = z
  .object({
    name: z.string(),
    resolverRoot: z.url(),
    supportedPrimaryKeys: z.array(z.string()),
    linkTypeDefaultCanBeLinkset: z.boolean(),
  })
  .meta({ id: 'ResolverDescription' });
export type ResolverDescription = z.infer<typeof resolverDescriptionSchema>;
