import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  lotHarvestSchema,
  lotInputSchema,
  lotListItemSchema,
  lotListQuerySchema,
  lotTestInputSchema,
  lotTransformSchema,
  lotTransformViewSchema,
  lotViewSchema,
  pageQuerySchema,
  pageSchema,
  stockCorrectionSchema,
  stockEntrySchema,
  type LotHarvest,
  type LotInput,
  type LotListQuery,
  type LotTestInput,
  type LotTransform,
  type LotTransformView,
  type LotView,
  type PageQuery,
  type StockCorrection,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, sendTable, tableForm, type Principal } from '#platform';
import { walk } from '../page.walk.js';
import { lotColumns, stockColumns } from './lot.columns.js';
import { LotLedgerService } from './lot.ledger.service.js';
import { LotRecordService } from './lot.record.service.js';
import { LotService } from './lot.service.js';
import { LotTransformService } from './lot.transform.service.js';

/** Lots of produce: harvest, records, splitting and mixing, stock. */
@ApiTags('upflow')
@Controller('api/lots')
export class LotController {
  constructor(
    private readonly lots: LotService,
    private readonly records: LotRecordService,
    private readonly transforms: LotTransformService,
    private readonly ledger: LotLedgerService,
  ) {}

  /** Enters a harvest; sent again, it answers the same lot. */
  @Post()
  @Access('produce:write')
  @Answers(201, lotViewSchema)
  async harvest(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: lotHarvestSchema }) input: LotHarvest,
  ): Promise<LotView> {
    return this.lots.harvest(principal, input);
  }

  /** Lots of a unit, the newest first, as JSON, CSV or XLSX by Accept. */
  @Get()
  @Access('produce:read')
  @Answers(200, pageSchema(lotListItemSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: lotListQuerySchema }) query: LotListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.lots.list(principal, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.lots.list(principal, { ...query, cursor: undefined, ...at }));
    await sendTable(reply, form, { name: 'lots', columns: lotColumns(languageOf(request.headers['accept-language'])), rows });
  }

  /** Splits, mixes or repacks lots: all of it or nothing. */
  @Post('transform')
  @Access('produce:write')
  @HttpCode(201)
  @Answers(201, lotTransformViewSchema)
  async transform(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: lotTransformSchema }) input: LotTransform,
  ): Promise<LotTransformView> {
    return this.transforms.transform(principal, input);
  }

  @Get(':id')
  @Access('produce:read')
  @Answers(200, lotViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<LotView> {
    return this.lots.get(principal, id);
  }

  /** Adds an input that was forgotten; refused when the harvest lies inside its safety interval. */
  @Post(':id/inputs')
  @Access('produce:write')
  @Answers(201, lotViewSchema)
  async addInput(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: lotInputSchema }) input: LotInput,
  ): Promise<LotView> {
    return this.records.addInput(principal, id, input);
  }

  /** Adds a test, with the report that was uploaded before. */
  @Post(':id/tests')
  @Access('produce:write')
  @Answers(201, lotViewSchema)
  async addTest(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: lotTestInputSchema }) input: LotTestInput,
  ): Promise<LotView> {
    return this.records.addTest(principal, id, input);
  }

  /** Takes lost grams off the stock, or sets it to what was counted. */
  @Post(':id/stock')
  @Access('produce:write')
  @Answers(201, lotViewSchema)
  async correct(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: stockCorrectionSchema }) input: StockCorrection,
  ): Promise<LotView> {
    return this.ledger.correct(principal, id, input);
  }

  /** The stock ledger, the newest entry first, as JSON, CSV or XLSX by Accept. */
  @Get(':id/stock')
  @Access('produce:read')
  @Answers(200, pageSchema(stockEntrySchema))
  async stock(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.ledger.entries(principal, id, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.ledger.entries(principal, id, at));
    await sendTable(reply, form, { name: 'stock', columns: stockColumns(languageOf(request.headers['accept-language'])), rows });
  }
}
