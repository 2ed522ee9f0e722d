/** Which queries of EPCIS 2.0 (section 8.2.7) are answered: a subset; others are refused rather than left unheard. */
import { z } from 'zod';
import { EVENT_TYPES } from './epcis.schema.js';

const MOST_VALUES = 50;
const PAGE = 30;
const MOST_PAGE = 200;

/** Several values come with `|` between them. */
const several = z
  .string()
  .max(20_000)
  .transform((text) => text.split('|'));
const text = several.pipe(z.array(z.string().min(1).max(1000)).max(MOST_VALUES));
const time = z.iso.datetime({ offset: true });

export const epcisQuerySchema = z.strictObject({
  eventType: several.pipe(z.array(z.enum(EVENT_TYPES))).optional(),
  EQ_bizStep: text.optional(),
  EQ_action: several.pipe(z.array(z.enum(['ADD', 'OBSERVE', 'DELETE']))).optional(),
  EQ_disposition: text.optional(),
  EQ_readPoint: text.optional(),
  EQ_bizLocation: text.optional(),
  EQ_eventID: text.optional(),
  EQ_transformationID: text.optional(),
  GE_eventTime: time.optional(),
  LT_eventTime: time.optional(),
  GE_recordTime: time.optional(),
  LT_recordTime: time.optional(),
  MATCH_anyEPC: text.optional(),
  MATCH_epc: text.optional(),
  MATCH_parentID: text.optional(),
  MATCH_anyEPCClass: text.optional(),
  MATCH_epcClass: text.optional(),
  EXISTS_errorDeclaration: z.stringbool().optional(),
  perPage: z.coerce.number().int().min(1).max(MOST_PAGE).default(PAGE),
  nextPageToken: z.string().max(500).optional(),
});
export type EpcisQuery = z.infer<typeof epcisQuerySchema>;
