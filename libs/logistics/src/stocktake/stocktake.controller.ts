import { Body, Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  idSchema,
  pageSchema,
  stocktakeQuerySchema,
  stocktakeRecordSchema,
  stocktakeViewSchema,
  type Page,
  type RecordBatch,
  type RecordResult,
  type StocktakeView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { StocktakeKind } from './stocktake.kind.js';
import { StocktakeService } from './stocktake.service.js';

const bodySchema = recordBody('StocktakeBatch', stocktakeRecordSchema);

/** Stock-takes (盘点) of stations. */
@ApiTags('logistics')
@Controller('api/stocktakes')
export class StocktakeController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: StocktakeKind,
    private readonly stocktakes: StocktakeService,
  ) {}

  @TakesRecords('Finished stock-takes; each is answered by itself, with `stocktake_differs` when something is missing or surplus')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'Stock-takes with their differences, newest first' })
  @Answers(200, pageSchema(stocktakeViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: stocktakeQuerySchema }) query: z.infer<typeof stocktakeQuerySchema>,
  ): Promise<Page<StocktakeView>> {
    return await this.stocktakes.list(principal, query);
  }

  @Get(':id')
  @Access('station:work')
  @ApiOperation({ summary: 'One stock-take' })
  @Answers(200, stocktakeViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<StocktakeView> {
    return await this.stocktakes.get(principal, id);
  }
}
