import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  shelfFindQuerySchema,
  shelfFoundSchema,
  shelfSchema,
  stationQuerySchema,
  type ShelfFindQuery,
  type ShelfParcel,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { ShelfService } from './shelf.service.js';
import { namesTag } from './shelf.view.js';

/** A station's shelf: for the phone to keep, and for the counter to ask. */
@ApiTags('logistics')
@Controller('api/shelf')
export class ShelfController {
  constructor(private readonly shelves: ShelfService) {}

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'What lies on the shelf and what is expected; has an ETag, 304 when nothing changed' })
  @Answers(200, shelfSchema)
  async one(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: stationQuerySchema }) { stationCode }: z.infer<typeof stationQuerySchema>,
    @Res() reply: FastifyReply,
    @Headers('if-none-match') ifNoneMatch?: string,
  ): Promise<void> {
    const { tag, shelf } = await this.shelves.read(principal, stationCode);
    void reply.header('etag', tag).header('cache-control', 'private, no-cache');
    if (namesTag(ifNoneMatch, tag)) await reply.status(304).send();
    else await reply.send(shelf());
  }

  @Get('find')
  @Access('station:work')
  @ApiOperation({
    summary: 'Parcels on the shelf by the last four digits of the phone, the beginning of the name, or the pickup code',
  })
  @Answers(200, shelfFoundSchema)
  async find(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: shelfFindQuerySchema }) query: ShelfFindQuery,
  ): Promise<{ parcels: ShelfParcel[] }> {
    return { parcels: await this.shelves.find(principal, query) };
  }
}
