/** RFC 9457 problem details, the body of every error answer (`application/problem+json`). */
import { z } from 'zod';

export const fieldErrorSchema = z.object({
  path: z.string().meta({ description: 'Dotted path of the value, or row:column in an import' }),
  code: z.string(),
  message: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().meta({ description: 'Stable machine-readable code' }),
    errors: z.array(fieldErrorSchema).optional(),
    correlationId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
