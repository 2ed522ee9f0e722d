import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { idSchema, glnInputSchema, glnSchema, glnViewSchema, pageSchema, type GlnInput, type GlnView } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { GlnService } from './gln.service.js';

/** Global location numbers of producers and their plots. */
@ApiTags('upflow')
@Controller('api/producers/:id/glns')
export class GlnController {
  constructor(private readonly numbers: GlnService) {}

  @Get()
  @Access('produce:read')
  @Answers(200, pageSchema(glnViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<{ items: GlnView[] }> {
    return { items: await this.numbers.of(principal, id) };
  }

  /** Notes a number of the producer, or of one of its plots. */
  @Put(':gln')
  @Access('produce:write')
  @Answers(200, glnViewSchema)
  async put(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('gln', { schema: glnSchema }) gln: string,
    @Body({ schema: glnInputSchema }) input: GlnInput,
  ): Promise<GlnView> {
    return this.numbers.put(principal, id, gln, input);
  }

  @Delete(':gln')
  @HttpCode(204)
  @Access('produce:write')
  @Answers(204)
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('gln', { schema: glnSchema }) gln: string,
  ): Promise<void> {
    await this.numbers.remove(principal, id, gln);
  }
}
