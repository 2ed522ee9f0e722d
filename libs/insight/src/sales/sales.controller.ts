import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  pageSchema,
  salesEvidenceQuerySchema,
  salesEvidenceRowSchema,
  salesQuerySchema,
  salesReportSchema,
  type SalesEvidenceQuery,
  type SalesQuery,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, sendTable, tableForm, type Principal } from '#platform';
import { SalesEvidence } from './sales.evidence.js';
import { SalesReader } from './sales.reader.js';
import { salesEvidenceTable, salesTable } from './sales.table.js';

const evidencePageSchema = pageSchema(salesEvidenceRowSchema).meta({ id: 'SalesEvidencePage' });

/** Sales of produce by unit and month, metric M10 (docs/domain/metrics.md). */
@ApiTags('sales')
@Controller('api/sales')
@Access('sales:read')
export class SalesController {
  constructor(
    private readonly reader: SalesReader,
    private readonly entries: SalesEvidence,
  ) {}

  /** Sales of a unit in a month; its children as a table when CSV or XLSX is asked for. */
  @Get()
  @Answers(200, salesReportSchema, 'Sales of a unit in a month. CSV or XLSX by Accept: the units below it, a row each')
  async report(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: salesQuerySchema }) query: SalesQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const report = await this.reader.report(principal, query);
    const form = tableForm(request);
    if (form) await sendTable(reply, form, salesTable(report, languageOf(request.headers['accept-language'])));
    else await reply.send(report);
  }

  /** The payments, refunds and payouts behind the figures: they add up to them. */
  @Get('evidence')
  @Answers(200, evidencePageSchema, 'Entries behind the figures. CSV or XLSX by Accept: all of them')
  async evidence(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: salesEvidenceQuerySchema }) query: SalesEvidenceQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = tableForm(request);
    if (!form) return void (await reply.send(await this.entries.page(principal, query)));
    const rows = await this.entries.all(principal, query);
    const name = [query.unit ?? principal.unitCode, query.period].filter(Boolean).join('-');
    await sendTable(reply, form, salesEvidenceTable(name, rows, languageOf(request.headers['accept-language'])));
  }
}
