/** A parcel as programs see it: the fold of its events (docs/domain/parcels.md). */
import { z } from 'zod';
import { exceptionKindSchema, proofSchema, SCAN_FLAGS, waybillSchema } from './scan.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { instantSchema } from './time.js';

export const PARCEL_STAGES = [
  'announced',
  'accepted',
  'in_transit',
  'at_county',
  'at_town',
  'out_for_delivery',
  'at_station',
  'collected',
  'delivered',
  'returning',
  'returned',
  'transferred',
  'cancelled',
  'lost',
  'unknown',
] as const;
export const parcelStageSchema = z.enum(PARCEL_STAGES).meta({ id: 'ParcelStage' });
export type ParcelStage = z.infer<typeof parcelStageSchema>;

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export const directionSchema = z.enum(DIRECTIONS);
export type Direction = z.infer<typeof directionSchema>;

/** `upflow` announces parcels of produce that were packed. */
export const EVENT_SOURCES = ['station', 'town', 'county', 'carrier_key', 'kuaidi100', 'kdniao', 'csv', 'upflow'] as const;
export const eventSourceSchema = z.enum(EVENT_SOURCES).meta({ id: 'EventSource' });
export type EventSource = z.infer<typeof eventSourceSchema>;

export const parcelViewSchema = z
  .object({
    waybill: waybillSchema,
    carrierCode: z.string().nullable(),
    direction: directionSchema,
    stage: parcelStageSchema,
    exceptions: z.array(z.object({ kind: exceptionKindSchema, openedAt: instantSchema, closedAt: instantSchema.optional() })),
    conflicts: z.array(z.object({ kind: z.enum(['false_delivery']), openedAt: instantSchema, detail: z.string() })),
    proof: proofSchema.optional(),
    village: z.object({ code: z.string(), name: z.string() }).optional(),
    station: z.object({ code: z.string(), name: z.string() }).optional(),
    timeline: z.array(
      z.object({
        occurredAt: instantSchema,
        kind: z.string(),
        source: eventSourceSchema,
        text: z.string().optional(),
        stationCode: z.string().optional(),
        flags: z.array(z.enum(SCAN_FLAGS)).optional(),
      }),
    ),
    candidates: z.array(z.object({ carrierCode: z.string(), reason: z.string(), confidence: z.number().min(0).max(1) })),
    supersedes: z.string().optional(),
    supersededBy: z.string().optional(),
  })
  .meta({ id: 'Parcel' });
export type ParcelView = z.infer<typeof parcelViewSchema>;

export const parcelListQuerySchema = pageQuerySchema.extend({
  unit: z
    .string()
    .regex(/^\d{2,12}$/)
    .optional(),
  stage: parcelStageSchema.optional(),
  carrierCode: z.string().max(16).optional(),
  direction: directionSchema.optional(),
});
export const parcelListItemSchema = z
  .object({
    waybill: z.string(),
    carrierCode: z.string().nullable(),
    direction: directionSchema,
    stage: parcelStageSchema,
    village: z.object({ code: z.string(), name: z.string() }).optional(),
    lastEventAt: instantSchema,
  })
  .meta({ id: 'ParcelListItem' });
export type ParcelListItem = z.infer<typeof parcelListItemSchema>;
