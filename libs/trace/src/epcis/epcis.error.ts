/** Why an event of the log is wrong (GS1 EPCIS 2.0, section 7.4.1.2). */
import { z } from 'zod';
import { ERROR_REASONS, uriSchema } from './epcis.schema.js';

export const errorInputSchema = z
  .object({
    reason: z
      .enum(ERROR_REASONS)
      .meta({ description: '`did_not_occur`, or `incorrect_data`: then other events say what is right' }),
    correctiveEventIDs: z.array(uriSchema).max(20).default([]).meta({ description: 'Events of the log that say what is right' }),
  })
  .meta({ id: 'EpcisError' });
export type ErrorInput = z.infer<typeof errorInputSchema>;
