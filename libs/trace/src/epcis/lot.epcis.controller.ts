import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { idSchema } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { alone, EPCIS_HEADERS } from './epcis.document.js';
import { errorInputSchema, type ErrorInput } from './epcis.error.js';
import { epcisDocumentSchema, epcisEventSchema, type EpcisEvent } from './epcis.schema.js';
import { EpcisService } from './epcis.service.js';

const lifeQuerySchema = z.object({
  descendants: z.stringbool().default(false).meta({ description: 'Also the events of everything that was made of the lot' }),
});
type LifeQuery = z.infer<typeof lifeQuerySchema>;

/** A lot's life as an EPCIS document, and corrections of the log. */
@ApiTags('trace')
@Controller('api')
export class LotEpcisController {
  constructor(private readonly events: EpcisService) {}

  /** The events of a lot and of everything that it was made of. */
  @Get('lots/:id/epcis')
  @Access('produce:read')
  @Answers(200, epcisDocumentSchema)
  async life(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: lifeQuerySchema }) { descendants }: LifeQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pieces = await this.events.lifeOf(principal, id, descendants);
    await reply.headers(EPCIS_HEADERS).header('content-type', 'application/ld+json; charset=utf-8').send(Readable.from(pieces));
  }

  /** Declares that an event of the log is wrong: a new event says so, the old one stays. */
  @Post('epcis/events/:id/error')
  @HttpCode(201)
  @Access('epcis:capture')
  @Answers(201, epcisEventSchema)
  async declareError(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: z.string().max(400) }) id: string,
    @Body({ schema: errorInputSchema }) input: ErrorInput,
  ): Promise<EpcisEvent> {
    return alone(await this.events.declareError(principal, id, input));
  }
}
