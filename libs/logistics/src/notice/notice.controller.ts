import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  noticeAnswerSchema,
  noticeQuerySchema,
  noticeReportSchema,
  noticeRequestSchema,
  noticeViewSchema,
  pageSchema,
  type NoticeAnswer,
  type NoticeReport,
  type NoticeView,
  type Page,
} from '#contracts';
import { Access, Answers, Clock, CONFIG, CurrentPrincipal, DomainError, Public, type Config, type Principal } from '#platform';
import { NoticeService } from './notice.service.js';
import { RawReport } from './raw.report.js';
import { isSigned, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './webhook.signature.js';

/** Notices to recipients: asked for, looked up, and reported on by the gateway. */
@ApiTags('logistics')
@Controller('api/notices')
export class NoticeController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly notices: NoticeService,
    private readonly raw: RawReport,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('station:work')
  @ApiOperation({ summary: 'Asks that the recipients of parcels on the shelf be told; one notice a parcel, ever' })
  @Answers(200, noticeAnswerSchema, 'Results in the order of the waybills')
  async ask(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: noticeRequestSchema }) body: z.infer<typeof noticeRequestSchema>,
  ): Promise<NoticeAnswer> {
    return await this.notices.ask(principal, body);
  }

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'The log of notices, newest first; phones are masked' })
  @Answers(200, pageSchema(noticeViewSchema))
  async log(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: noticeQuerySchema }) query: z.infer<typeof noticeQuerySchema>,
  ): Promise<Page<NoticeView>> {
    return await this.notices.log(principal, query);
  }

  @Public()
  @Post('reports')
  @HttpCode(204)
  @ApiOperation({ summary: "The gateway's report on a message; signed with the webhook's secret like what the gateway was sent" })
  @ApiHeader({ name: TIMESTAMP_HEADER, description: 'Seconds since 1970' })
  @ApiHeader({ name: SIGNATURE_HEADER, description: 'sha256=<hex HMAC-SHA256 of "<timestamp>.<body>">' })
  @Answers(204)
  async report(@Req() request: FastifyRequest, @Body({ schema: noticeReportSchema }) report: NoticeReport): Promise<void> {
    const secret = this.config.SMS_WEBHOOK_SECRET;
    const given = { timestamp: request.headers[TIMESTAMP_HEADER], signature: request.headers[SIGNATURE_HEADER] };
    if (secret === undefined || !isSigned(secret, given, this.raw.of(request), this.clock.now()))
      throw new DomainError('signature_refused', 401);
    await this.notices.report(report);
  }
}
