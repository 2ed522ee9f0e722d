import { Body, Controller, Get, Header, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idSchema } from '#contracts';
import { Access, Answers, Clock, CurrentPrincipal, DomainError, notFound, type Principal } from '#platform';
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
import {
  collectionOf,
  mayBeMember,
  membersOf,
  resourceCollectionSchema,
  TOP_RESOURCES,
  topResourceOf,
  type ResourceCollection,
} from './epcis.resources.js';
import { EpcisService } from './epcis.service.js';

const VERSION = ['GS1-EPCIS-Version', EPCIS_HEADERS['GS1-EPCIS-Version']] as const;
const VOCABULARY = ['GS1-CBV-Version', EPCIS_HEADERS['GS1-CBV-Version']] as const;
const EXTENSIONS = ['GS1-Extensions', EPCIS_HEADERS['GS1-Extensions']] as const;

const memberSchema = z
  .string()
  .max(1000)
  .regex(/^[^\0]+$/);

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
  async job(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<CaptureJob> {
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
    return this.page(principal, query, request, reply);
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

  /** The members of a top-level resource that the standard lists: event types, business steps, dispositions. */
  @Get(':resource')
  @Access('produce:read')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(200, resourceCollectionSchema)
  members(@Param('resource', { schema: z.string().max(40) }) name: string): ResourceCollection {
    const resource = topResourceOf(name);
    const members = resource && membersOf(resource);
    if (!members) throw notFound(name);
    return collectionOf(members);
  }

  /** What a member of a top-level resource has: its events. */
  @Get(':resource/:member')
  @Access('produce:read')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(200, resourceCollectionSchema)
  parts(
    @Param('resource', { schema: z.string().max(40) }) name: string,
    @Param('member', { schema: memberSchema }) member: string,
  ): ResourceCollection {
    const resource = topResourceOf(name);
    if (!resource || !mayBeMember(resource, member)) throw notFound(member);
    return collectionOf(['events']);
  }

  /** Events of a member, narrowed and paged as `events` is. */
  @Get(':resource/:member/events')
  @Access('produce:read')
  @Header(...VERSION)
  @Header(...VOCABULARY)
  @Header(...EXTENSIONS)
  @Answers(200, epcisQueryDocumentSchema)
  async eventsOf(
    @CurrentPrincipal() principal: Principal,
    @Param('resource', { schema: z.string().max(40) }) name: string,
    @Param('member', { schema: memberSchema }) member: string,
    @Query({ schema: epcisQuerySchema }) query: EpcisQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EpcisQueryDocument> {
    const resource = topResourceOf(name);
    if (!resource || !mayBeMember(resource, member)) throw notFound(member);
    return this.page(principal, { ...query, [TOP_RESOURCES[resource].query]: [member] }, request, reply);
  }

  private async page(
    principal: Principal,
    query: EpcisQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<EpcisQueryDocument> {
    const { events, nextPageToken } = await this.events.find(principal, query);
    if (nextPageToken !== undefined) void reply.header('link', `<${pageAfter(request.url, nextPageToken)}>; rel="next"`);
    return epcisQueryDocument(events, this.clock.now());
  }
}

function pageAfter(url: string, token: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('nextPageToken', token);
  return `${path}?${parameters.toString()}`;
}
