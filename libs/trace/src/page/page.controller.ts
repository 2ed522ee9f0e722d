import { Controller, Get, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tracePageSchema } from '#contracts';
import { Answers, Database, message, Public } from '#platform';
import { certificateNumberOf } from '../certificate/certificate.number.js';
import { CertificateRepository, type CertificateRow } from '../certificate/certificate.repository.js';
import { CertificateViews } from '../certificate/certificate.view.js';
import { ScanPoints } from '../scan/scan.point.js';
import { isLook, pageLanguage, prefersJson, sendHtml, sendPage } from './page.answer.js';
import { renderCertificate, renderNote } from './page.renderer.js';
import { TracePages } from './trace.pages.js';

/** With its headers, this much arrives in one go of a new connection (ten segments, RFC 6928): to compress less would only keep people waiting. */
const FIRST_FLIGHT_BYTES = 12 * 1024;

/** The pages that a consumer's telephone opens: server-rendered, without a script. */
@ApiTags('consumer')
@Controller()
export class PageController {
  constructor(
    private readonly pages: TracePages,
    private readonly points: ScanPoints,
    private readonly database: Database,
    private readonly certificates: CertificateRepository,
    private readonly views: CertificateViews,
  ) {}

  /** The page behind a code; JSON when Accept prefers it. Each GET of a person counts as a look; 404 with the verdict `unknown` for a code that is not ours. */
  @Get('t/:code')
  @Public()
  @RouteConfig({ compressFrom: FIRST_FLIGHT_BYTES })
  @ApiParam({ name: 'code', type: 'string' })
  @ApiProduces('text/html', 'application/json')
  @Answers(200, tracePageSchema)
  async code(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { code } = request.params as { code: string };
    const point = isLook(request) ? this.points.of(request) : null;
    sendPage(request, reply, await this.pages.showCode(code, point, pageLanguage(request)));
  }

  /** The certificate of a code's lot. The look does not count. */
  @Get('t/:code/certificate')
  @Public()
  @ApiParam({ name: 'code', type: 'string' })
  @ApiProduces('text/html', 'application/json')
  @Answers(200, undefined, 'text/html')
  async ofCode(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { code } = request.params as { code: string };
    const sighting = await this.pages.peek(code);
    const [row] = sighting ? await this.certificates.ofLot(this.database, sighting.lotId) : [];
    await this.show(request, reply, row);
  }

  /** A certificate by its number: what the QR of its sheet holds. */
  @Get('c/:number')
  @Public()
  @ApiParam({ name: 'number', type: 'string' })
  @ApiProduces('text/html', 'application/json')
  @Answers(200, undefined, 'text/html')
  async byNumber(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const number = certificateNumberOf((request.params as { number: string }).number);
    const row = number === undefined ? undefined : await this.certificates.findByNumber(this.database, number);
    await this.show(request, reply, row);
  }

  private async show(request: FastifyRequest, reply: FastifyReply, row: CertificateRow | undefined): Promise<void> {
    const language = pageLanguage(request);
    const word = (key: string) => message(language, `trace.page.${key}`);
    void reply.header('vary', 'accept, accept-language');
    if (!row) {
      const note = { tone: 'unknown' as const, title: word('certificate.unknown'), text: word('certificate.unknown.advice') };
      return sendHtml(request, reply, renderNote(language, note), { status: 404, language });
    }
    const { number, content, contact, issuedAt, keepUntil } = await this.views.one(this.database, row);
    const newer = row.supersededBy === null ? undefined : (await this.certificates.ofLot(this.database, row.lotId))[0];
    const recalled = await this.certificates.isRecalled(this.database, row.lotId);
    if (prefersJson(request.headers.accept)) {
      const supersededBy = newer?.number ?? null;
      return void reply
        .header('cache-control', 'no-store')
        .send({ number, content, contact, issuedAt, keepUntil, supersededBy, recalled });
    }
    const html = renderCertificate(language, { number, content, contact }, { newer: newer?.number ?? null, recalled });
    sendHtml(request, reply, html, { language, cached: true });
  }
}
