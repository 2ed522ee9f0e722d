import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  pageQuerySchema,
  pageSchema,
  quarantinedScanSchema,
  type Page,
  type PageQuery,
  type QuarantinedScan,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { QuarantineService } from './quarantine.service.js';

/** Scans that wait because they claim to be older than 45 days. */
@ApiTags('logistics')
@Controller('api/quarantine')
@Access('quarantine:release')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineService) {}

  @Get()
  @ApiOperation({ summary: 'Quarantined scans of the county, oldest first' })
  @Answers(200, pageSchema(quarantinedScanSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<QuarantinedScan>> {
    return await this.quarantine.list(principal, query);
  }

  @Post(':id/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a quarantined scan count' })
  @Answers(200, quarantinedScanSchema)
  async release(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<QuarantinedScan> {
    return await this.quarantine.release(principal, id);
  }
}
