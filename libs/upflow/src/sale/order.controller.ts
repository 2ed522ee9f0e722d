import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  allocationInputSchema,
  orderImportQuerySchema,
  orderImportResultSchema,
  orderInputSchema,
  orderListItemSchema,
  orderListQuerySchema,
  orderViewSchema,
  pageSchema,
  refundInputSchema,
  shipmentInputSchema,
  shipmentViewSchema,
  type AllocationInput,
  type OrderImportQuery,
  type OrderImportResult,
  type OrderInput,
  type OrderListQuery,
  type OrderView,
  type RefundInput,
  type ShipmentInput,
  type ShipmentView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, readUpload, sendTable, tableForm, type Principal } from '#platform';
import { walk } from '../page.walk.js';
import { AllocationService } from './allocation.service.js';
import { OrderImportService } from './order.import.service.js';
import { OrderReader } from './order.reader.js';
import { OrderService } from './order.service.js';
import { RefundService } from './refund.service.js';
import { orderColumns } from './sale.columns.js';
import { ShipmentService } from './shipment.service.js';

/** Orders of sales channels, from import to delivery. */
@ApiTags('upflow')
@Controller('api/orders')
export class OrderController {
  constructor(
    private readonly orders: OrderService,
    private readonly reader: OrderReader,
    private readonly imports: OrderImportService,
    private readonly allocations: AllocationService,
    private readonly shipments: ShipmentService,
    private readonly refunds: RefundService,
  ) {}

  /** Adds a paid order; sent again, it answers the same order. */
  @Post()
  @Access('order:write')
  @Answers(201, orderViewSchema)
  async add(@CurrentPrincipal() principal: Principal, @Body({ schema: orderInputSchema }) input: OrderInput): Promise<OrderView> {
    return this.orders.add(principal, input);
  }

  /** Orders of a unit's sellers, the last paid first, as JSON, CSV or XLSX by Accept. Buyers are masked. */
  @Get()
  @Access('order:read')
  @Answers(200, pageSchema(orderListItemSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: orderListQuerySchema }) query: OrderListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.reader.list(principal, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.reader.list(principal, { ...query, cursor: undefined, ...at }));
    await sendTable(reply, form, { name: 'orders', columns: orderColumns(languageOf(request.headers['accept-language'])), rows });
  }

  /** Imports a channel's export, or previews it. Good orders are stored although others are refused. */
  @Post('import')
  @HttpCode(200)
  @Access('order:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @Answers(200, orderImportResultSchema)
  async import(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: orderImportQuerySchema }) query: OrderImportQuery,
    @Req() request: FastifyRequest,
  ): Promise<OrderImportResult> {
    return this.imports.import(principal, await readUpload(request), query, languageOf(request.headers['accept-language']));
  }

  @Get(':id')
  @Access('order:read')
  @Answers(200, orderViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<OrderView> {
    return this.reader.get(principal, id);
  }

  /** Sets lots aside for the lines: the given ones, or the oldest harvest first. */
  @Post(':id/allocations')
  @HttpCode(200)
  @Access('order:write')
  @Answers(200, orderViewSchema)
  async allocate(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: allocationInputSchema }) input: AllocationInput,
  ): Promise<OrderView> {
    return this.allocations.allocate(principal, id, input);
  }

  /** Takes an allocation back that was not packed. */
  @Delete(':id/allocations/:allocationId')
  @Access('order:write')
  @Answers(200, orderViewSchema)
  async release(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('allocationId', { schema: idSchema }) allocationId: string,
  ): Promise<OrderView> {
    return this.allocations.release(principal, id, allocationId);
  }

  /** Packs a parcel under a waybill: its goods leave the stock. */
  @Post(':id/shipments')
  @Access('order:write')
  @Answers(201, shipmentViewSchema)
  async pack(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: shipmentInputSchema }) input: ShipmentInput,
  ): Promise<ShipmentView> {
    return this.shipments.pack(principal, id, input);
  }

  /** Records a refund of a line, or of the whole order. */
  @Post(':id/refunds')
  @Access('order:write')
  @Answers(201, orderViewSchema)
  async refund(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: refundInputSchema }) input: RefundInput,
  ): Promise<OrderView> {
    return this.refunds.refund(principal, id, input);
  }
}
