import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idSchema, fakeReportFormSchema } from '#contracts';
import { Answers, message, Public, uuidv7 } from '#platform';
import { FakeReportService } from './fake.report.service.js';
import { pageLanguage, sendHtml } from './page.answer.js';
import { renderNote, renderPage, renderReportForm, type ReportValues } from './page.renderer.js';
import { TracePages } from './trace.pages.js';

/** What one address may send in ten minutes; many telephones share one. */
const RATE = { rateLimit: { max: 30, timeWindow: 600_000 } };
const EMPTY: ReportValues = { text: '', boughtAt: '', contact: '' };
const id = idSchema;

/** Reporting a fake, with a form that needs no script. */
@ApiTags('consumer')
@Controller('t/:code/report')
@ApiParam({ name: 'code', type: 'string' })
@ApiProduces('text/html')
export class ReportController {
  constructor(
    private readonly pages: TracePages,
    private readonly reports: FakeReportService,
  ) {}

  /** The form; after `?sent`, the thanks. */
  @Get()
  @Public()
  @Answers(200, undefined, 'text/html')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const code = await this.known(request, reply);
    if (!code) return;
    const language = pageLanguage(request);
    const { sent } = request.query as { sent?: unknown };
    const note = sent === 'full' || sent === '1' ? sent : undefined;
    if (!note) return sendHtml(request, reply, renderReportForm(language, code.text, uuidv7(), EMPTY, null), { language });
    const word = (key: string) => message(language, `trace.page.${key}`);
    const html = renderNote(language, {
      tone: 'lot',
      title: word('report.thanks'),
      text: word(note === 'full' ? 'report.full' : 'report.thanks.say'),
      href: `/t/${code.text}?lang=${language}`,
      link: word('back'),
    });
    sendHtml(request, reply, html, { language });
  }

  /** Takes a report and leads on to the thanks, so that going back or reloading sends nothing twice. */
  @Post()
  @Public()
  @RouteConfig(RATE)
  @ApiConsumes('application/x-www-form-urlencoded')
  @Answers(303)
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const code = await this.known(request, reply);
    if (!code) return;
    const language = pageLanguage(request);
    const sent = fieldsOf(request.body);
    const thanks = (kind: string) =>
      void reply.header('cache-control', 'no-store').redirect(`/t/${code.text}/report?sent=${kind}&lang=${language}`, 303);
    // Only a machine fills in the field that nobody sees; it is thanked and learns nothing.
    if (sent['website']) return thanks('1');
    const values = { text: sent['text'] ?? '', boughtAt: sent['boughtAt'] ?? '', contact: sent['contact'] ?? '' };
    const reportId = id.safeParse(sent['id']);
    const form = fakeReportFormSchema.safeParse(values);
    if (!form.success) {
      const problem = message(language, `trace.page.report.${values.text.trim() === '' ? 'missing' : 'too_long'}`);
      const again = reportId.success ? reportId.data : uuidv7();
      return sendHtml(request, reply, renderReportForm(language, code.text, again, values, problem), { status: 400, language });
    }
    const taken = await this.reports.take(code.serial, reportId.success ? reportId.data : uuidv7(), form.data);
    thanks(taken === 'taken' ? '1' : 'full');
  }

  /** The registered code of the path; otherwise the page that says that it is not known is sent. */
  private async known(request: FastifyRequest, reply: FastifyReply): Promise<{ text: string; serial: number } | undefined> {
    const { code: text } = request.params as { code: string };
    const sighting = await this.pages.peek(text);
    if (sighting) return { text, serial: sighting.serial };
    const language = pageLanguage(request);
    sendHtml(request, reply, renderPage(await this.pages.showCode(text, null, language)), { status: 404, language });
    return undefined;
  }
}

/** Texts of a form without control characters (a NUL cannot be stored); whatever is no text is left out. */
function fieldsOf(body: unknown): Record<string, string | undefined> {
  if (typeof body !== 'object' || body === null) return {};
  const clean = (text: string) =>
    [...text].map((character) => (character < ' ' && character !== '\n' ? ' ' : character)).join('');
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, clean(value)]] : [])),
  );
}
