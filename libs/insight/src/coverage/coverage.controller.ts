import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  coverageEvidenceRowSchema,
  coverageMetricSchema,
  coverageQuerySchema,
  coverageSchema,
  evidenceQuerySchema,
  pageSchema,
  unitCodeSchema,
  type CoverageMetric,
  type CoverageQuery,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, sendTable, tableForm, type Principal } from '#platform';
import { CoverageService } from './coverage.service.js';
import { CoverageScope } from './coverage.scope.js';
import { CoverageStream } from './coverage.stream.js';
import { childrenTable, evidenceTable } from './coverage.table.js';
import { EvidenceService } from './evidence.service.js';

const streamQuerySchema = z.object({ unit: unitCodeSchema });
const evidencePageSchema = pageSchema(coverageEvidenceRowSchema).meta({ id: 'CoverageEvidencePage' });

/** Coverage of villages by express delivery, M1–M6, M9 and M10's parcel counts (docs/domain/metrics.md). */
@ApiTags('coverage')
@Controller('api/coverage')
@Access('coverage:read')
export class CoverageController {
  constructor(
    private readonly reports: CoverageService,
    private readonly evidence: EvidenceService,
    private readonly scope: CoverageScope,
    private readonly streams: CoverageStream,
  ) {}

  /** Figures of a unit in a month; its children as a table when CSV or XLSX is asked for. */
  @Get()
  @Answers(200, coverageSchema, 'Figures of a unit in a month. CSV or XLSX by Accept: its children, a row each')
  async report(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: coverageQuerySchema }) query: CoverageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const report = await this.reports.coverage(principal, query);
    const form = tableForm(request);
    if (form) await sendTable(reply, form, childrenTable(report, languageOf(request.headers['accept-language'])));
    else await reply.send(report);
  }

  /** Server-sent events: figures of the unit, or of anything below it, changed. */
  @Get('stream')
  @Answers(200, undefined, 'text/event-stream; the data of each event is a CoverageChange')
  async stream(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: streamQuerySchema }) query: z.infer<typeof streamQuerySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.streams.open(principal, await this.scope.unit(principal, query.unit), reply);
  }

  /** The rows behind a figure. */
  @Get(':metric/evidence')
  @Answers(200, evidencePageSchema, 'Rows behind a figure. CSV or XLSX by Accept: all of them')
  async rows(
    @CurrentPrincipal() principal: Principal,
    @Param('metric', { schema: coverageMetricSchema }) metric: CoverageMetric,
    @Query({ schema: evidenceQuerySchema }) query: z.infer<typeof evidenceQuerySchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = tableForm(request);
    if (!form) await reply.send(await this.evidence.page(principal, metric, query));
    else {
      const rows = await this.evidence.all(principal, metric, query);
      await sendTable(
        reply,
        form,
        evidenceTable(`${query.unit}-${query.period}-${metric}`, rows, languageOf(request.headers['accept-language'])),
      );
    }
  }
}
