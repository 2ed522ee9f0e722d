import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  idSchema,
  pageSchema,
  suspensionDecisionSchema,
  suspensionInputSchema,
  suspensionListQuerySchema,
  suspensionViewSchema,
  type Page,
  type SuspensionView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { cursorKey, isTimeKey } from '../http/list.answer.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { SuspensionService } from './suspension.service.js';

/** Suspensions of villages: asked for by one person, decided by another. */
@ApiTags('directory')
@Controller('api/suspensions')
export class SuspensionController {
  constructor(
    private readonly suspensions: SuspensionService,
    private readonly reader: DirectoryReader,
  ) {}

  /** Requests and decisions within the caller's unit, newest first. */
  @Get()
  @Access('directory:read')
  @Answers(200, pageSchema(suspensionViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: suspensionListQuerySchema }) query: z.infer<typeof suspensionListQuerySchema>,
  ): Promise<Page<SuspensionView>> {
    const snapshot = await this.reader.snapshot();
    const unitId = query.unit === undefined ? principal.unitId : unitWithin(snapshot, principal, query.unit).id;
    return await this.suspensions.list(unitId, query, cursorKey(query, isTimeKey), query.limit);
  }

  /** Asks for a suspension. */
  @Post()
  @Access('suspension:request')
  @Answers(201, suspensionViewSchema)
  async request(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: suspensionInputSchema }) input: z.infer<typeof suspensionInputSchema>,
  ): Promise<SuspensionView> {
    return await this.suspensions.request(principal, input);
  }

  /** Approves or rejects a request of somebody else. */
  @Post(':id/decision')
  @HttpCode(200)
  @Access('suspension:approve')
  @Answers(200, suspensionViewSchema)
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: suspensionDecisionSchema }) input: z.infer<typeof suspensionDecisionSchema>,
  ): Promise<SuspensionView> {
    return await this.suspensions.decide(principal, id, input.decision);
  }
}
