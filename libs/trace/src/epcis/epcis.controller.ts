import { Body, Controller, Get, Header, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Access, Answers, Clock, CurrentPrincipal, DomainError, type Principal } from '#platform';
import { captureJobSchema, EpcisCapture, type CaptureJob } from './epcis.capture.js';
import { alone, EPCIS_HEADERS, epcisQueryDocument } from './epcis.document.js';
import { epcisQuerySchema, type EpcisQuery } from './epcis.query.js';
import {
  captureInputSchema,
  epcisEventSchema,
  epcisQueryDocumentSchema,
  type CaptureInput,
  type EpcisEvent,
  type EpcisQueryDocument,
} from './epcis.schema.js';
import { EpcisService } from './epcis.service.js';

const VERSION = ['GS1-EPCIS-Version', EPCIS_HEADERS['GS1-EPCIS-Version']] as const;
const VOCABULARY = ['GS1-CBV-Version', EPCIS_HEADERS['GS1-CBV-Version']] as const;
const EXTENSIONS = ['GS1-Extensions', EPCIS_HEADERS['GS1-Extensions']] as const;

/** The capture and query interfaces of EPCIS 2.0: a subset of its REST binding. */
@ApiTags('trace')
@Controller('epcis')
export class EpcisController {
  constructor(
    private readonly events: EpcisService,
    private readonly captures: EpcisCapture,
    private readonly clock: Clock,
  ) {}

  /** Takes events in: a document, a list, or one event; each once by its eventID. */
  @Post('capture')
  @HttpCode(202)
  @Access('epcis:capture')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(202, undefined, 'Captured; Location names what became of it')
  async capture(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: captureInputSchema }) input: CaptureInput,
    @Headers('gs1-capture-error-behaviour') behaviour: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (behaviour !== undefined && behaviour !== 'rollback') throw new DomainError('epcis_capture_behaviour', 400);
    const { captureID } = await this.captures.capture(principal, input);
    void reply.header('location', `/epcis/capture/${captureID}`);
  }

  /** What became of a capture. */
  @Get('capture/:id')
  @Access('epcis:capture')
  @Header(...VERSION)
  @Header(...EXTENSIONS)
  @Answers(200, captureJobSchema)
  async job(@CurrentPrincipal() principal: Principal, @Param('id', { schema: z.uuid() }) id: string): Promise<CaptureJob> {
    return this.captures.job(principal, id);
  }

  /** Events that the caller may read, page by page: `Link` names the next page. */
  @Get('events')
  @Access('produce:read')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(200, epcisQueryDocumentSchema)
  async find(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: epcisQuerySchema }) query: EpcisQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EpcisQueryDocument> {
    const { events, nextPageToken } = await this.events.find(principal, query);
    if (nextPageToken !== undefined) void reply.header('link', `<${pageAfter(request.url, nextPageToken)}>; rel="next"`);
    return epcisQueryDocument(events, this.clock.now());
  }

  /** An event by its eventID, as the log last told it. */
  @Get('events/:eventId')
  @Access('produce:read')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(200, epcisEventSchema)
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('eventId', { schema: z.string().max(400) }) eventId: string,
  ): Promise<EpcisEvent> {
    return alone(await this.events.get(principal, eventId));
  }
}

function pageAfter(url: string, token: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('nextPageToken', token);
  return `${path}?${parameters.toString()}`;
}
