/** What the directory's routes take and answer: units, stations, carriers, relations, suspensions, users, keys, devices, parameters. */
import { z } from 'zod';
import { unitRefSchema } from './auth.schema.js';
import { carrierCodeSchema, serviceModeSchema } from './carrier.schema.js';
import { URBAN_RURAL_CLASSES, unitCodeSchema, unitLevelSchema, unitViewSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { parametersSchema } from './parameter.schema.js';
import { roleSchema } from './role.schema.js';
import { daySchema, instantSchema } from './time.js';

/** One line of text that can be printed. */
const printable = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const nameSchema = printable(80);
const latitudeSchema = z.number().min(-90).max(90).nullable();
const longitudeSchema = z.number().min(-180).max(180).nullable();
/** A unit's own digits; the full twelve of a higher unit are not taken where one is made. */
const ownCodeSchema = z.string().regex(/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/);
const stationCodeSchema = z.string().regex(/^[\w.-]{1,40}$/);

const ringSchema = z
  .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
  .min(4)
  .max(5000);
/** GeoJSON area (RFC 7946), WGS 84. */
export const boundarySchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: z.array(ringSchema).min(1).max(50) }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ringSchema).min(1).max(50)).min(1).max(50) }),
  ])
  .meta({ id: 'Boundary' });

export const unitListQuerySchema = pageQuerySchema.extend({
  parent: unitCodeSchema
    .optional()
    .meta({ description: 'Units directly below this one; with `level`, all of that level below it' }),
  level: unitLevelSchema.optional(),
  day: daySchema.optional().meta({ description: 'As of this day; default today' }),
});
export const unitQuerySchema = z.object({ day: daySchema.optional() });

export const unitVersionViewSchema = z.object({
  validFrom: daySchema,
  validTo: daySchema.nullable(),
  code: z.string(),
  name: z.string(),
  parentId: idSchema.nullable(),
  urbanRural: z.string().nullable(),
});
export const unitDetailSchema = unitViewSchema
  .extend({
    path: z.array(unitRefSchema).meta({ description: 'Units above, highest first' }),
    versions: z.array(unitVersionViewSchema),
    predecessors: z.array(z.object({ unit: unitRefSchema, on: daySchema, kind: z.enum(['merge', 'split']), share: z.number() })),
    successors: z.array(z.object({ unit: unitRefSchema, on: daySchema, kind: z.enum(['merge', 'split']), share: z.number() })),
  })
  .meta({ id: 'UnitDetail' });
export type UnitDetail = z.infer<typeof unitDetailSchema>;

const successorFields = {
  id: idSchema.meta({ description: "The client's own id: a repeat is harmless" }),
  code: ownCodeSchema,
  name: nameSchema,
  urbanRural: z.enum(URBAN_RURAL_CLASSES).nullable().optional(),
  latitude: latitudeSchema.optional(),
  longitude: longitudeSchema.optional(),
  boundary: boundarySchema.nullable().optional(),
};
export const unitInputSchema = z.object({ ...successorFields, validFrom: daySchema }).meta({ id: 'UnitInput' });
export const unitVersionInputSchema = z
  .object({
    validFrom: daySchema,
    code: ownCodeSchema.optional(),
    name: nameSchema.optional(),
    parentCode: unitCodeSchema.optional(),
    urbanRural: z.enum(URBAN_RURAL_CLASSES).nullable().optional(),
  })
  .meta({ id: 'UnitVersionInput' });
export const unitPlaceInputSchema = z
  .object({ latitude: latitudeSchema, longitude: longitudeSchema, boundary: boundarySchema.nullable().optional() })
  .meta({ id: 'UnitPlaceInput' });
export const unitMergeInputSchema = z
  .object({ on: daySchema, predecessorCodes: z.array(unitCodeSchema).min(1).max(50), successor: z.object(successorFields) })
  .meta({ id: 'UnitMergeInput' });
export const unitSplitInputSchema = z
  .object({
    on: daySchema,
    predecessorCode: unitCodeSchema,
    successors: z
      .array(
        z.object({
          ...successorFields,
          share: z.number().positive().max(1).meta({ description: 'Shares of all successors sum to 1' }),
          villageCodes: z
            .array(unitCodeSchema)
            .max(500)
            .optional()
            .meta({ description: 'Villages that this successor of a town takes' }),
        }),
      )
      .min(2)
      .max(20),
  })
  .meta({ id: 'UnitSplitInput' });

export const boundaryQuerySchema = z.object({
  unit: unitCodeSchema,
  level: unitLevelSchema.optional(),
  day: daySchema.optional(),
});
export const boundaryCollectionSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: idSchema,
        geometry: z.unknown().meta({ description: 'GeoJSON geometry, or null when none is known' }),
        properties: z.object({
          code: z.string(),
          name: z.string(),
          level: unitLevelSchema,
          latitude: z.number().nullable(),
          longitude: z.number().nullable(),
        }),
      }),
    ),
  })
  .meta({ id: 'BoundaryCollection' });
export type BoundaryCollection = z.infer<typeof boundaryCollectionSchema>;

export const unitImportQuerySchema = z.object({
  dryRun: z.enum(['true', 'false']).default('false'),
  validFrom: daySchema.optional().meta({ description: 'First day of what the list states; default today' }),
});

export const stationListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional().meta({ description: 'Stations of this unit and everything below it' }),
  day: daySchema.optional(),
});
export const stationInputSchema = z
  .object({
    id: idSchema,
    code: stationCodeSchema,
    name: nameSchema,
    unitCode: unitCodeSchema,
    latitude: latitudeSchema.default(null),
    longitude: longitudeSchema.default(null),
    validFrom: daySchema,
    validTo: daySchema.nullable().default(null),
  })
  .meta({ id: 'StationInput' });
export const stationChangeSchema = z
  .object({ name: nameSchema, latitude: latitudeSchema, longitude: longitudeSchema, validTo: daySchema.nullable() })
  .meta({ id: 'StationChange' });

export const carrierViewSchema = z
  .object({ code: carrierCodeSchema, nameZh: nameSchema, nameEn: nameSchema })
  .meta({ id: 'Carrier' });
export type CarrierView = z.infer<typeof carrierViewSchema>;

export const relationListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional().meta({ description: 'Relations of this village, or of every village below this unit' }),
  stationCode: stationCodeSchema.optional(),
  carrierCode: carrierCodeSchema.optional(),
  day: daySchema.optional().meta({ description: 'In force on this day; default: of all time' }),
});
export const relationViewSchema = z
  .object({
    id: idSchema,
    village: unitRefSchema,
    carrierCode: z.string(),
    mode: serviceModeSchema,
    station: z.object({ id: idSchema, code: z.string(), name: z.string() }),
    distanceM: z.number().int(),
    validFrom: daySchema,
    validTo: daySchema.nullable(),
  })
  .meta({ id: 'ServiceRelation' });
export type RelationView = z.infer<typeof relationViewSchema>;
export const relationEndSchema = z
  .object({ validTo: daySchema.meta({ description: 'First day without it' }) })
  .meta({ id: 'ServiceRelationEnd' });

export const SUSPENSION_STATUSES = ['requested', 'approved', 'rejected'] as const;
export const suspensionStatusSchema = z.enum(SUSPENSION_STATUSES);
export type SuspensionStatus = z.infer<typeof suspensionStatusSchema>;
export const suspensionInputSchema = z
  .object({
    id: idSchema,
    villageCode: unitCodeSchema,
    from: daySchema,
    to: daySchema.meta({ description: 'Last day, inclusive' }),
    reason: printable(500),
  })
  .meta({ id: 'SuspensionInput' });
export const suspensionDecisionSchema = z
  .object({ decision: z.enum(['approved', 'rejected']) })
  .meta({ id: 'SuspensionDecision' });
export const suspensionListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  status: suspensionStatusSchema.optional(),
});
export const suspensionViewSchema = z
  .object({
    id: idSchema,
    village: unitRefSchema,
    from: daySchema,
    to: daySchema,
    reason: z.string(),
    status: suspensionStatusSchema,
    requestedBy: idSchema,
    requestedAt: instantSchema,
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
  })
  .meta({ id: 'Suspension' });
export type SuspensionView = z.infer<typeof suspensionViewSchema>;

export const parametersViewSchema = z
  .object({
    countyCode: z.string(),
    values: parametersSchema,
    changed: z.array(z.string()).meta({ description: 'Names that differ from the default' }),
  })
  .meta({ id: 'CountyParameters' });
export type ParametersView = z.infer<typeof parametersViewSchema>;
export const parametersInputSchema = parametersSchema.strict().meta({ id: 'CountyParametersInput' });

export const usernameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,63}$/);
export const passwordSchema = z.string().min(8).max(200);
const personInputSchema = z.object({
  name: printable(60),
  phone: z
    .string()
    .regex(/^\+?\d{5,15}$/)
    .nullable()
    .optional(),
});
/** Roles that a person can hold; `carrier` is the role of API keys. */
export const personRoleSchema = roleSchema.exclude(['carrier']);
export const userInputSchema = z
  .object({
    id: idSchema,
    username: usernameSchema,
    password: passwordSchema,
    role: personRoleSchema,
    unitCode: unitCodeSchema,
    stationCodes: z.array(stationCodeSchema).max(50).default([]),
    person: personInputSchema.nullable().default(null),
  })
  .meta({ id: 'UserInput' });
export const userChangeSchema = z
  .object({
    password: passwordSchema.optional(),
    role: personRoleSchema.optional(),
    unitCode: unitCodeSchema.optional(),
    stationCodes: z.array(stationCodeSchema).max(50).optional(),
    person: personInputSchema.nullable().optional(),
    disabled: z.boolean().optional(),
  })
  .meta({ id: 'UserChange' });
export const userListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  role: personRoleSchema.optional(),
  phoneTail: z
    .string()
    .regex(/^\d{4}$/)
    .optional()
    .meta({ description: 'Last four digits of the phone' }),
});
export const userViewSchema = z
  .object({
    id: idSchema,
    username: z.string(),
    role: roleSchema,
    unit: unitRefSchema,
    stations: z.array(z.object({ code: z.string(), name: z.string() })),
    person: z.object({ name: z.string(), phone: z.string().nullable() }).nullable().meta({ description: 'Masked' }),
    disabledAt: instantSchema.nullable(),
    createdAt: instantSchema,
  })
  .meta({ id: 'User' });
export type UserView = z.infer<typeof userViewSchema>;
export const personViewSchema = z.object({ name: z.string(), phone: z.string().nullable() }).meta({ id: 'Person' });
export type PersonView = z.infer<typeof personViewSchema>;

export const apiKeyInputSchema = z
  .object({ id: idSchema, name: nameSchema, unitCode: unitCodeSchema, carrierCode: carrierCodeSchema.nullable().default(null) })
  .meta({ id: 'ApiKeyInput' });
export const apiKeyViewSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    unit: unitRefSchema,
    carrierCode: z.string().nullable(),
    createdAt: instantSchema,
    revokedAt: instantSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;
export const newApiKeySchema = apiKeyViewSchema
  .extend({ key: z.string().optional().meta({ description: 'Shown this once; absent when the request was a repeat' }) })
  .meta({ id: 'NewApiKey' });
export type NewApiKey = z.infer<typeof newApiKeySchema>;

export const deviceListQuerySchema = pageQuerySchema.extend({ unit: unitCodeSchema.optional() });
export const deviceViewSchema = z
  .object({
    id: z.string(),
    username: z.string().nullable(),
    unit: unitRefSchema.nullable(),
    firstSeen: instantSchema,
    lastSeen: instantSchema,
    revokedAt: instantSchema.nullable(),
  })
  .meta({ id: 'Device' });
export type DeviceView = z.infer<typeof deviceViewSchema>;
