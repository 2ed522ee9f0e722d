import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  idSchema,
  codeBatchSchema,
  codeOrderSchema,
  codeSummarySchema,
  type CodeBatch,
  type CodeOrder,
  type CodeSummary,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { CodeBatchService } from './code.batch.service.js';
import { CodeReader } from './code.reader.js';

const batchListQuerySchema = z.object({ lot: idSchema });
const batchListSchema = z.object({ items: z.array(codeBatchSchema) }).meta({ id: 'CodeBatchList' });

/** Batches of codes. */
@ApiTags('trace')
@Controller('api')
export class CodeBatchController {
  constructor(
    private readonly batches: CodeBatchService,
    private readonly reader: CodeReader,
  ) {}

  /** Orders codes for a lot; they are made in the background. Sent again, it answers the same batch as it stands. */
  @Post('lots/:id/codes')
  @HttpCode(202)
  @Access('produce:write')
  @Answers(202, codeBatchSchema)
  async order(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) lotId: string,
    @Body({ schema: codeOrderSchema }) order: CodeOrder,
  ): Promise<CodeBatch> {
    return this.batches.order(principal, lotId, order);
  }

  /** Codes of a lot in numbers: made, activated, void, scanned (metric M11). */
  @Get('lots/:id/codes/summary')
  @Access('produce:read')
  @Answers(200, codeSummarySchema)
  async summary(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) lotId: string,
  ): Promise<CodeSummary> {
    return this.reader.summary(principal, lotId);
  }

  /** Batches of a lot, the newest first. */
  @Get('code-batches')
  @Access('produce:read')
  @Answers(200, batchListSchema)
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: batchListQuerySchema }) query: z.infer<typeof batchListQuerySchema>,
  ): Promise<z.infer<typeof batchListSchema>> {
    return { items: await this.batches.ofLot(principal, query.lot) };
  }

  /** A batch and how far it is. */
  @Get('code-batches/:id')
  @Access('produce:read')
  @Answers(200, codeBatchSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<CodeBatch> {
    return this.batches.get(principal, id);
  }

  /** Stops the making; what is made stays. */
  @Post('code-batches/:id/pause')
  @HttpCode(200)
  @Access('produce:write')
  @Answers(200, codeBatchSchema)
  async pause(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<CodeBatch> {
    return this.batches.pause(principal, id);
  }

  /** Goes on where it stands. */
  @Post('code-batches/:id/resume')
  @HttpCode(200)
  @Access('produce:write')
  @Answers(200, codeBatchSchema)
  async resume(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<CodeBatch> {
    return this.batches.resume(principal, id);
  }
}
