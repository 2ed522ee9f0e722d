import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  fakeReportDecisionSchema,
  fakeReportListQuerySchema,
  fakeReportViewSchema,
  pageSchema,
  type FakeReportDecision,
  type FakeReportListQuery,
  type FakeReportView,
  type Page,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { FakeReportService } from './fake.report.service.js';

/** Consumers' reports of fakes, for staff to work off. */
@ApiTags('trace')
@Controller('api/fake-reports')
export class FakeReportController {
  constructor(private readonly reports: FakeReportService) {}

  /** Reports of the caller's unit, newest first. */
  @Get()
  @Access('alert:decide')
  @Answers(200, pageSchema(fakeReportViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: fakeReportListQuerySchema }) query: FakeReportListQuery,
  ): Promise<Page<FakeReportView>> {
    return this.reports.list(principal, query);
  }

  /** Says what became of a report. */
  @Post(':id/decide')
  @HttpCode(200)
  @Access('alert:decide')
  @Answers(200, fakeReportViewSchema)
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: fakeReportDecisionSchema }) decision: FakeReportDecision,
  ): Promise<FakeReportView> {
    return this.reports.decide(principal, id, decision);
  }
}
