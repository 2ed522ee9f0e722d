import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { idSchema, labelQuerySchema, type LabelQuery } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { LabelService } from './label.service.js';

/** Labels of a batch, for a printer on the spot or a print shop. */
@ApiTags('trace')
@Controller('api/code-batches/:id')
export class LabelController {
  constructor(private readonly labels: LabelService) {}

  /** A PDF: A4 sheets of 24 labels, or one label of 40 × 30 mm a page. */
  @Get('labels.pdf')
  @Access('produce:read')
  @Answers(200, undefined, 'application/pdf')
  async pdf(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: labelQuerySchema }) query: LabelQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('The client is gone')));
    const file = await this.labels.pdf(principal, id, query, gone.signal);
    const name = `labels-${id}-${query.from}.pdf`;
    void reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${name}"`)
      .header('cache-control', 'private, no-store')
      .send(file);
  }

  /** A CSV with code, link and SSCC of every label. */
  @Get('codes.csv')
  @Access('produce:read')
  @Answers(200, undefined, 'text/csv')
  async csv(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.labels.csv(principal, id);
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="codes-${id}.csv"`)
      .header('cache-control', 'private, no-store')
      .send(file);
  }
}
