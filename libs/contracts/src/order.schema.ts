/** Orders of sales channels, from import to delivery (docs/domain/sales.md). */
import { z } from 'zod';
import { carrierCodeSchema } from './carrier.schema.js';
import { unitCodeSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { parcelStageSchema } from './parcel.schema.js';
import { fieldErrorSchema } from './problem.schema.js';
import { fenSchema, gramsSchema } from './produce.schema.js';
import { waybillSchema } from './scan.schema.js';
import { daySchema, instantSchema } from './time.js';

/** Taobao and Tmall, JD, Pinduoduo, Douyin, 832 (脱贫地区农副产品网络销售平台), WeChat group, offline, and any other table. */
export const CHANNELS = ['taobao', 'jd', 'pinduoduo', 'douyin', 'f832', 'wechat', 'offline', 'generic'] as const;
export const channelSchema = z.enum(CHANNELS).meta({ id: 'Channel' });
export type Channel = z.infer<typeof channelSchema>;

/**
 * `paid` → `allocated` (all of its lines have lots) → `packed` (all have left the shelf into shipments) → `shipped` (the first parcel was taken in) →
 * `delivered` (all parcels were); `returned` when all came back; `cancelled` and `refunded` (in full) end it.
 */
export const ORDER_STATES = ['paid', 'allocated', 'packed', 'shipped', 'delivered', 'returned', 'refunded', 'cancelled'] as const;
export const orderStateSchema = z.enum(ORDER_STATES).meta({ id: 'OrderState' });
export type OrderState = z.infer<typeof orderStateSchema>;

const channelOrderNoSchema = z.string().trim().min(1).max(64);
export const buyerInputSchema = z.object({
  name: z.string().trim().min(1).max(50).optional(),
  phone: z.string().trim().max(30).optional(),
  address: z.string().trim().max(300).optional(),
  province: z.string().trim().max(30).optional(),
  city: z.string().trim().max(30).optional(),
});
export type BuyerInput = z.infer<typeof buyerInputSchema>;
export const orderLineInputSchema = z.object({
  id: idSchema,
  productId: idSchema.optional(),
  sku: z.string().trim().min(1).max(200).meta({ description: "The channel's name of the goods" }),
  quantity: z.number().int().min(1).max(100_000),
  weightG: gramsSchema.optional().meta({ description: 'Of the whole line' }),
  amountFen: fenSchema.meta({ description: 'Paid for the line' }),
});
export const orderInputSchema = z
  .object({
    id: idSchema,
    channel: channelSchema,
    channelOrderNo: channelOrderNoSchema,
    sellerId: idSchema.meta({ description: 'Producer that sells' }),
    paidAt: instantSchema,
    buyer: buyerInputSchema.default({}),
    freightFen: fenSchema.default(0),
    lines: z.array(orderLineInputSchema).min(1).max(200),
  })
  .meta({ id: 'OrderInput' });
export type OrderInput = z.infer<typeof orderInputSchema>;

export const allocationInputSchema = z
  .object({
    allocations: z
      .array(z.object({ id: idSchema, lineId: idSchema, lotId: idSchema, quantityG: gramsSchema }))
      .max(500)
      .optional()
      .meta({ description: 'Left out: each line takes from the oldest harvest of its product' }),
  })
  .meta({ id: 'AllocationInput' });
export type AllocationInput = z.infer<typeof allocationInputSchema>;

export const shipmentInputSchema = z
  .object({
    id: idSchema,
    waybill: waybillSchema,
    carrierCode: carrierCodeSchema,
    weightG: gramsSchema,
    freightFen: fenSchema,
    packedAt: instantSchema.optional().meta({ description: 'Default: now' }),
    allocationIds: z
      .array(idSchema)
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'What is in the parcel; left out: all that is not packed yet' }),
  })
  .meta({ id: 'ShipmentInput' });
export type ShipmentInput = z.infer<typeof shipmentInputSchema>;
export const shipmentViewSchema = z
  .object({
    id: idSchema,
    orderId: idSchema,
    waybill: z.string(),
    carrierCode: z.string(),
    weightG: z.number().int(),
    freightFen: z.number().int(),
    province: z.string().nullable(),
    packedAt: instantSchema,
    stage: parcelStageSchema,
    stageAt: instantSchema,
  })
  .meta({ id: 'Shipment' });
export type ShipmentView = z.infer<typeof shipmentViewSchema>;

export const refundInputSchema = z
  .object({
    id: idSchema,
    lineId: idSchema.optional(),
    amountFen: fenSchema.min(1),
    refundedAt: instantSchema,
    reason: z.string().trim().max(200).optional(),
  })
  .meta({ id: 'RefundInput' });
export type RefundInput = z.infer<typeof refundInputSchema>;

export const orderViewSchema = z
  .object({
    id: idSchema,
    channel: channelSchema,
    channelOrderNo: z.string(),
    seller: z.object({ id: idSchema, name: z.string() }),
    state: orderStateSchema,
    paidAt: instantSchema.nullable(),
    buyer: z
      .object({
        name: z.string().nullable(),
        phone: z.string().nullable(),
        address: z.string().nullable(),
        province: z.string().nullable(),
        city: z.string().nullable(),
      })
      .meta({ description: 'Name, phone and address masked' }),
    freightFen: z.number().int(),
    amountFen: z.number().int(),
    refundedFen: z.number().int(),
    lines: z.array(
      z.object({
        id: idSchema,
        productId: idSchema.nullable(),
        sku: z.string(),
        quantity: z.number().int(),
        weightG: z.number().int().nullable(),
        amountFen: z.number().int(),
        refundedFen: z.number().int(),
        allocations: z.array(
          z.object({
            id: idSchema,
            lotId: idSchema,
            lotNo: z.string(),
            quantityG: z.number().int(),
            shipmentId: idSchema.nullable(),
          }),
        ),
      }),
    ),
    shipments: z.array(shipmentViewSchema),
    refunds: z.array(refundInputSchema),
    told: z
      .object({ status: z.string().nullable(), waybill: z.string().nullable(), carrier: z.string().nullable() })
      .optional()
      .meta({ description: "What the channel's export said last; a waybill is a proposal for packing" }),
    revision: z.number().int(),
    createdAt: instantSchema,
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderViewSchema>;
export const orderListItemSchema = orderViewSchema
  .omit({ lines: true, shipments: true, refunds: true })
  .extend({ goods: z.string().meta({ description: 'The lines in words' }) })
  .meta({ id: 'OrderListItem' });
export type OrderListItem = z.infer<typeof orderListItemSchema>;
export const orderListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  sellerId: idSchema.optional(),
  channel: channelSchema.optional(),
  state: orderStateSchema.optional(),
  from: daySchema.optional(),
  to: daySchema.optional(),
});
export type OrderListQuery = z.infer<typeof orderListQuerySchema>;

/** Columns that an import can read. */
export const IMPORT_FIELDS = [
  'channelOrderNo',
  'paidAt',
  'sku',
  'quantity',
  'amount',
  'price',
  'weight',
  'buyerName',
  'buyerPhone',
  'province',
  'city',
  'address',
  'freight',
  'refund',
  'refundedAt',
  'status',
  'waybill',
  'carrier',
] as const;
export const importFieldSchema = z.enum(IMPORT_FIELDS);
export type ImportField = z.infer<typeof importFieldSchema>;
/** Field → title of the column that holds it. */
export const importColumnsSchema = z.partialRecord(importFieldSchema, z.string().min(1).max(100)).meta({ id: 'ImportColumns' });
export type ImportColumns = z.infer<typeof importColumnsSchema>;
/** The file comes as multipart; these come in the query. `mapping` is the JSON of ImportColumns; left out: remembered, else guessed from the titles. */
export const orderImportQuerySchema = z.object({
  channel: channelSchema,
  sellerId: idSchema,
  preview: z.stringbool().default(false).meta({ description: 'Reads and checks, stores nothing' }),
  mapping: z.string().max(5000).optional(),
});
export type OrderImportQuery = z.infer<typeof orderImportQuerySchema>;
export const orderImportResultSchema = z
  .object({
    importId: idSchema.nullable().meta({ description: 'Null for a preview' }),
    header: z.array(z.string()),
    columns: importColumnsSchema,
    remembered: z.boolean().meta({ description: 'The mapping is from an earlier import' }),
    missing: z.array(importFieldSchema).meta({ description: 'Required fields without a column: nothing is stored' }),
    counts: z.object({
      rows: z.number().int(),
      orders: z.number().int(),
      added: z.number().int(),
      changed: z.number().int(),
      same: z.number().int(),
      refused: z.number().int(),
    }),
    divided: z
      .object({
        orders: z.number().int(),
        examples: z.array(
          z.object({
            channelOrderNo: z.string(),
            totalFen: z.number().int(),
            lines: z.array(
              z.object({ row: z.number().int(), sku: z.string(), quantity: z.number().int(), amountFen: z.number().int() }),
            ),
          }),
        ),
      })
      .meta({
        description: "Orders whose rows repeat the order's total, which was divided over their lines; at most five as examples",
      }),
    problems: z.array(fieldErrorSchema.extend({ row: z.number().int() })).meta({ description: 'At most 500, by row' }),
    sample: z.array(z.record(z.string(), z.string())).meta({ description: 'The first rows as they were read, buyers masked' }),
  })
  .meta({ id: 'OrderImportResult' });
export type OrderImportResult = z.infer<typeof orderImportResultSchema>;

/** A payout sheet: what each producer gets of the paid order lines of a span of days. */
export const payoutInputSchema = z
  .object({
    id: idSchema,
    sellerId: idSchema,
    from: daySchema,
    to: daySchema,
    keptBp: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .meta({ description: 'Kept by the seller, in hundredths of a percent' }),
  })
  .meta({ id: 'PayoutInput' });
export type PayoutInput = z.infer<typeof payoutInputSchema>;
export const PAYOUT_STATES = ['draft', 'paid', 'cancelled'] as const;
export const payoutProducerSchema = z.object({
  producer: z.object({ id: idSchema, name: z.string() }),
  lines: z.number().int(),
  weightG: z.number().int(),
  amountFen: z.number().int().meta({ description: 'To be paid: the shares less what is taken back' }),
  clawedFen: z.number().int().meta({ description: 'Taken back of earlier sheets, because of refunds' }),
});
export const payoutViewSchema = z
  .object({
    id: idSchema,
    seller: z.object({ id: idSchema, name: z.string() }),
    from: daySchema,
    to: daySchema,
    state: z.enum(PAYOUT_STATES),
    keptBp: z.number().int(),
    paidAt: instantSchema.nullable(),
    amountFen: z.number().int(),
    clawedFen: z.number().int(),
    producers: z.array(payoutProducerSchema),
    createdAt: instantSchema,
  })
  .meta({ id: 'Payout' });
export type PayoutView = z.infer<typeof payoutViewSchema>;
export const PAYOUT_LINE_KINDS = ['share', 'clawback'] as const;
/** One producer's share of one order line, or what is taken back of one that an earlier sheet paid: a negative amount. */
export const payoutLineSchema = z
  .object({
    kind: z.enum(PAYOUT_LINE_KINDS),
    channel: channelSchema,
    channelOrderNo: z.string(),
    sku: z.string(),
    lotNo: z.string(),
    producer: z.object({ id: idSchema, name: z.string() }),
    weightG: z.number().int(),
    amountFen: z.number().int(),
  })
  .meta({ id: 'PayoutLine' });
export type PayoutLineView = z.infer<typeof payoutLineSchema>;
export const payoutListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  sellerId: idSchema.optional(),
  producerId: idSchema.optional().meta({ description: 'Sheets that pay this producer' }),
});
export type PayoutListQuery = z.infer<typeof payoutListQuerySchema>;

export const freightQuerySchema = z.object({ unit: unitCodeSchema.optional(), from: daySchema, to: daySchema });
export type FreightQuery = z.infer<typeof freightQuerySchema>;
export const freightRowSchema = z
  .object({
    carrierCode: z.string(),
    province: z.string().nullable(),
    parcels: z.number().int(),
    weightG: z.number().int(),
    freightFen: z.number().int(),
    fenPerKg: z.number().meta({ description: 'Freight over weight' }),
  })
  .meta({ id: 'FreightRow' });
export type FreightRow = z.infer<typeof freightRowSchema>;
