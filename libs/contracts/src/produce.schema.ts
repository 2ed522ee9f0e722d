/** Quantities and states that upflow and trace share (docs/domain/produce.md, docs/domain/trace.md). */
import { z } from 'zod';

/** Grams; one lot holds at most 100,000 tonnes. */
export const gramsSchema = z.number().int().positive().max(100_000_000_000);

/** GS1 application identifier 10: 1–20 characters of CSET 82, here letters, digits, hyphen, dot and underscore. */
export const lotNoSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/);

/** Amounts of money are whole fen. */
export const fenSchema = z.number().int().min(0).max(10_000_000_000);

/** 17 or 18 characters: 统一社会信用代码 (GB 32100-2015), its check character verified by the service. */
export const creditCodeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[0-9A-HJ-NP-RTUW-Y]{18}$/);

/** 农户, 合作社, 企业, 基地. */
export const PRODUCER_KINDS = ['household', 'coop', 'enterprise', 'base'] as const;
export const producerKindSchema = z.enum(PRODUCER_KINDS);
export type ProducerKind = z.infer<typeof producerKindSchema>;
