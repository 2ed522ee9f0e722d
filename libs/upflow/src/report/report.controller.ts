import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idSchema, reportViewSchema, type ReportView } from '#contracts';
import { Access, Answers, CurrentPrincipal, readUpload, type Principal } from '#platform';
import { ReportService } from './report.service.js';

const uploadQuerySchema = z.object({
  id: idSchema.optional().meta({ description: 'Made by the client: sending the same file again keeps no second one' }),
});

/** Test reports of lots. */
@ApiTags('upflow')
@Controller('api/reports')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /** Keeps a PDF, JPEG or PNG of at most 5 MB. */
  @Post()
  @Access('produce:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] } })
  @Answers(201, reportViewSchema)
  async keep(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: uploadQuerySchema }) query: z.infer<typeof uploadQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<ReportView> {
    return this.reports.keep(principal, await readUpload(request), query.id);
  }

  /** The file itself. It is downloaded and never shown as a page of this site. */
  @Get(':id')
  @Access('produce:read')
  @ApiProduces('application/pdf', 'image/jpeg', 'image/png')
  @Answers(200, undefined, 'The file')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { filename, mediaType, content } = await this.reports.get(principal, id);
    await reply
      .header('content-type', mediaType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, no-store')
      .send(content);
  }
}
