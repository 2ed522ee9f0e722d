import { Body, Controller, Get, Headers, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parametersInputSchema, parametersViewSchema, type Parameters, type ParametersView } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { entityTag } from '../http/entity.tag.js';
import { ParameterService } from './parameter.service.js';

const countyParam = { schema: z.string().regex(/^\d{6}$/) };

/** Domain parameters of a county. */
@ApiTags('directory')
@Controller('api/parameters')
export class ParameterController {
  constructor(private readonly parameters: ParameterService) {}

  /** The county's parameters; the ETag is what If-Match compares. */
  @Get(':county')
  @Access('directory:read')
  @Answers(200, parametersViewSchema)
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('county', countyParam) county: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParametersView> {
    const view = await this.parameters.get(principal, county);
    void reply.header('etag', entityTag(view));
    return view;
  }

  /** Sets them all; what is absent has its default. */
  @Put(':county')
  @Access('directory:write')
  @Answers(200, parametersViewSchema)
  async put(
    @CurrentPrincipal() principal: Principal,
    @Param('county', countyParam) county: string,
    @Body({ schema: parametersInputSchema }) input: Parameters,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ParametersView> {
    return await this.parameters.put(principal, county, input, ifMatch);
  }
}
