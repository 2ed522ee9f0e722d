import type { z } from 'zod';
import { recordBatchDocSchema, recordBatchSchema } from '#contracts';

/** A body that is checked by one schema and documented by another: items are answered one by one, but clients should see their form. */
export function documentedBy<S extends z.ZodType>(schema: S, doc: z.ZodType): S {
  return Object.create(schema, {
    '~standard': { value: { ...schema['~standard'], jsonSchema: doc['~standard'].jsonSchema } },
  }) as S;
}

/** The body of a path that takes records of one kind. @param id name of the batch in the OpenAPI document */
export function recordBody(id: string, record: z.ZodType): typeof recordBatchSchema {
  return documentedBy(recordBatchSchema, recordBatchDocSchema(id, record));
}
