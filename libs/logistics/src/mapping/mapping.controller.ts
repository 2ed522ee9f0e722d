import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  codeDecisionSchema,
  codeMappingQuerySchema,
  codeMappingSchema,
  codeReplaySchema,
  pageSchema,
  providerSchema,
  type CodeMapping,
  type Page,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import type { Provider } from '../carrier/carrier.adapter.js';
import { MappingService } from './mapping.service.js';

const codeSchema = z.string().min(1).max(40);

/** Codes of tracking providers that no table knows, and what staff say they mean. */
@ApiTags('logistics')
@Controller('api/mappings')
@Access('mapping:write')
export class MappingController {
  constructor(private readonly mappings: MappingService) {}

  @Get()
  @ApiOperation({ summary: 'Unknown codes of the county, with a sample of their text' })
  @Answers(200, pageSchema(codeMappingSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: codeMappingQuerySchema }) query: z.infer<typeof codeMappingQuerySchema>,
  ): Promise<Page<CodeMapping>> {
    return await this.mappings.list(principal, query);
  }

  @Post(':provider/:code')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives a code its meaning; parcels whose events bear it are folded again' })
  @Answers(200, codeReplaySchema)
  async resolve(
    @CurrentPrincipal() principal: Principal,
    @Param('provider', { schema: providerSchema }) provider: Provider,
    @Param('code', { schema: codeSchema }) code: string,
    @Body({ schema: codeDecisionSchema }) decision: z.infer<typeof codeDecisionSchema>,
  ): Promise<z.infer<typeof codeReplaySchema>> {
    return await this.mappings.resolve(principal, provider, code, decision);
  }
}
