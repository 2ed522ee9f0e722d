import { Body, Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  bagDetailSchema,
  bagRecordSchema,
  bagViewSchema,
  pageSchema,
  transportQuerySchema,
  type BagDetail,
  type BagView,
  type Page,
  type RecordBatch,
  type RecordResult,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { BagKind } from './bag.kind.js';
import { BagReader } from './bag.reader.js';
import type { TransportQuery } from './cargo.rows.js';

const bodySchema = recordBody('BagBatch', bagRecordSchema);
/** Longer than any code, so that a mistyped one is answered and not cut off. */
const textSchema = z.string().min(1).max(200);

/** Sealed bags. */
@ApiTags('logistics')
@Controller('api/bags')
export class BagController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: BagKind,
    private readonly reader: BagReader,
  ) {}

  @TakesRecords('Bags sealed here; refused when an outbound parcel has no record of its acceptance')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'Bags of a place, newest first: `way=out` leave it, `way=in` come to it' })
  @Answers(200, pageSchema(bagViewSchema))
  async page(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: transportQuerySchema }) query: TransportQuery,
  ): Promise<Page<BagView>> {
    return await this.reader.page(principal, query);
  }

  @Get(':code')
  @Access('station:work')
  @ApiOperation({ summary: 'A bag with what is in it, what is missing and in excess, and who handed it over' })
  @Answers(200, bagDetailSchema)
  async one(@CurrentPrincipal() principal: Principal, @Param('code', { schema: textSchema }) code: string): Promise<BagDetail> {
    return await this.reader.detail(principal, code);
  }
}
