import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  idSchema,
  freightQuerySchema,
  freightRowSchema,
  instantSchema,
  pageSchema,
  payoutInputSchema,
  payoutLineSchema,
  payoutListQuerySchema,
  payoutViewSchema,
  type FreightQuery,
  type Page,
  type PayoutInput,
  type PayoutListQuery,
  type PayoutView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, sendTable, tableForm, type Principal } from '#platform';
import { FreightReader } from './freight.reader.js';
import { PayoutService } from './payout.service.js';
import { freightColumns, payoutLineColumns } from './sale.columns.js';

const paidSchema = z.object({ paidAt: instantSchema });

/** Payout sheets. */
@ApiTags('upflow')
@Controller('api/payouts')
export class PayoutController {
  constructor(private readonly payouts: PayoutService) {}

  /** Makes a sheet of the delivered orders of a span of payment days; sent again, it answers the same sheet. */
  @Post()
  @Access('order:write')
  @Answers(201, payoutViewSchema)
  async make(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: payoutInputSchema }) input: PayoutInput,
  ): Promise<PayoutView> {
    return this.payouts.make(principal, input);
  }

  @Get()
  @Access('order:read')
  @Answers(200, pageSchema(payoutViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: payoutListQuerySchema }) query: PayoutListQuery,
  ): Promise<Page<PayoutView>> {
    return this.payouts.list(principal, query);
  }

  @Get(':id')
  @Access('order:read')
  @Answers(200, payoutViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<PayoutView> {
    return this.payouts.get(principal, id);
  }

  /** Each producer's share of each order line, as JSON, CSV or XLSX by Accept. */
  @Get(':id/lines')
  @Access('order:read')
  @Answers(200, pageSchema(payoutLineSchema))
  async lines(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const items = await this.payouts.lines(principal, id);
    const form = tableForm(request);
    if (!form) return void (await reply.send({ items }));
    const columns = payoutLineColumns(languageOf(request.headers['accept-language']));
    await sendTable(reply, form, { name: `payout-${id}`, columns, rows: items });
  }

  /** Marks a sheet as paid. */
  @Post(':id/paid')
  @HttpCode(200)
  @Access('order:write')
  @Answers(200, payoutViewSchema)
  async paid(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: paidSchema }) { paidAt }: z.infer<typeof paidSchema>,
  ): Promise<PayoutView> {
    return this.payouts.pay(principal, id, paidAt);
  }

  /** Takes a draft back. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Access('order:write')
  @Answers(200, payoutViewSchema)
  async cancel(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<PayoutView> {
    return this.payouts.cancel(principal, id);
  }
}

/** Freight compared. */
@ApiTags('upflow')
@Controller('api/freight')
export class FreightController {
  constructor(private readonly freight: FreightReader) {}

  /** Freight per kilogram by carrier and province, as JSON, CSV or XLSX by Accept. */
  @Get()
  @Access('order:read')
  @Answers(200, pageSchema(freightRowSchema))
  async rows(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: freightQuerySchema }) query: FreightQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const items = await this.freight.rows(principal, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send({ items }));
    const columns = freightColumns(languageOf(request.headers['accept-language']));
    await sendTable(reply, form, { name: 'freight', columns, rows: items });
  }
}
