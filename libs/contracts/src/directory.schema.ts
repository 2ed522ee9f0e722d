/** Organisation units, stations, service relations and suspensions (docs/domain/directory.md). */
import { z } from 'zod';
import { carrierCodeSchema, serviceModeSchema } from './carrier.schema.js';
import { idSchema } from './id.schema.js';
import { fieldErrorSchema } from './problem.schema.js';
import { daySchema } from './time.js';

export const UNIT_LEVELS = ['province', 'prefecture', 'county', 'town', 'village'] as const;
export const unitLevelSchema = z.enum(UNIT_LEVELS);
export type UnitLevel = z.infer<typeof unitLevelSchema>;

/** Digits of a division code that each level fills; the rest of the 12 are zeros when a code is written in full. */
export const CODE_LENGTH: Readonly<Record<UnitLevel, number>> = { province: 2, prefecture: 4, county: 6, town: 9, village: 12 };
/** A division code as the API takes it: the level's own digits, or the full twelve. */
export const unitCodeSchema = z
  .string()
  .regex(/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/)
  .meta({ description: 'Division code: 2, 4, 6, 9 or 12 digits', example: '990101' });

export const URBAN_RURAL_CLASSES = ['111', '112', '121', '122', '123', '210', '220'] as const;

export const unitViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    name: z.string(),
    level: unitLevelSchema,
    parentId: idSchema.nullable(),
    urbanRural: z.enum(URBAN_RURAL_CLASSES).nullable(),
    validFrom: daySchema,
    validTo: daySchema.nullable().meta({ description: 'First day on which the unit no longer exists' }),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
  })
  .meta({ id: 'Unit' });
export type UnitView = z.infer<typeof unitViewSchema>;

export const stationViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    name: z.string(),
    unit: z.object({ id: idSchema, code: z.string(), name: z.string() }),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    validFrom: daySchema,
    validTo: daySchema.nullable(),
  })
  .meta({ id: 'Station' });
export type StationView = z.infer<typeof stationViewSchema>;

export const serviceRelationInputSchema = z
  .object({
    id: idSchema,
    villageCode: z.string().regex(/^\d{12}$/),
    carrierCode: carrierCodeSchema,
    mode: serviceModeSchema,
    stationCode: z.string().min(1).max(40),
    validFrom: daySchema,
    validTo: daySchema.nullable().default(null),
    distanceM: z
      .number()
      .int()
      .min(0)
      .max(200_000)
      .optional()
      .meta({ description: 'Village to station; computed from positions when absent' }),
  })
  .meta({ id: 'ServiceRelationInput' });

/** One problem of a row of an import; nothing of the file is stored while there is any error. */
export const rowProblemSchema = fieldErrorSchema
  .extend({ row: z.number().int(), severity: z.enum(['error', 'warning']) })
  .meta({ id: 'RowProblem' });
export type RowProblem = z.infer<typeof rowProblemSchema>;
export const importResultSchema = z
  .object({
    rows: z.number().int(),
    imported: z.number().int(),
    unchanged: z.number().int(),
    problems: z.array(rowProblemSchema),
  })
  .meta({ id: 'ImportResult' });
export type ImportResult = z.infer<typeof importResultSchema>;
