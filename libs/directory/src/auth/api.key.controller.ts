import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  idSchema,
  apiKeyInputSchema,
  apiKeyViewSchema,
  newApiKeySchema,
  pageQuerySchema,
  pageSchema,
  type ApiKeyView,
  type NewApiKey,
  type Page,
  type PageQuery,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { cursorKey, isIdKey } from '../http/list.answer.js';
import { ApiKeyService } from './api.key.service.js';

/** API keys of carriers and county systems. */
@ApiTags('directory')
@Controller('api/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  /** Keys within the caller's unit, without their secrets. */
  @Get()
  @Access('user:write')
  @Answers(200, pageSchema(apiKeyViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<ApiKeyView>> {
    return await this.keys.list(principal, cursorKey(query, isIdKey), query.limit);
  }

  /** Makes a key; it is shown in this answer only. */
  @Post()
  @Access('user:write')
  @Answers(201, newApiKeySchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: apiKeyInputSchema }) input: z.infer<typeof apiKeyInputSchema>,
  ): Promise<NewApiKey> {
    return await this.keys.create(principal, input);
  }

  /** Revokes a key. */
  @Post(':id/revoke')
  @HttpCode(200)
  @Access('user:write')
  @Answers(200, apiKeyViewSchema)
  async revoke(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<ApiKeyView> {
    return await this.keys.revoke(principal, id);
  }
}
