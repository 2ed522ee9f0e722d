import { Body, Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  manifestDetailSchema,
  manifestRecordSchema,
  manifestViewSchema,
  pageSchema,
  transportQuerySchema,
  type ManifestDetail,
  type ManifestView,
  type Page,
  type RecordBatch,
  type RecordResult,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { ManifestKind } from './manifest.kind.js';
import { ManifestReader } from './manifest.reader.js';
import type { TransportQuery } from './cargo.rows.js';
const bodySchema = recordBody('ManifestBatch', manifestRecordSchema);
/** Longer than any code, so that a mistyped one is answered and not cut off. */
const textSchema = z.string().min(1).max(200);

/** Manifests of the bus: bags and single parcels. */
@ApiTags('logistics')
@Controller('api/manifests')
export class ManifestController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: ManifestKind,
    private readonly reader: ManifestReader,
  ) {}

  @TakesRecords('Manifests made here: sealed bags of this place and single parcels')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'Manifests of a place, newest first: `way=out` leave it, `way=in` come to it' })
  @Answers(200, pageSchema(manifestViewSchema))
  async page(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: transportQuerySchema }) query: TransportQuery,
  ): Promise<Page<ManifestView>> {
    return await this.reader.page(principal, query);
  }

  @Get(':code')
  @Access('station:work')
  @ApiOperation({ summary: 'A manifest with its bags, its single parcels and who handed it over' })
  @Answers(200, manifestDetailSchema)
  async one(
    @CurrentPrincipal() principal: Principal,
    @Param('code', { schema: textSchema }) code: string,
  ): Promise<ManifestDetail> {
    return await this.reader.detail(principal, code);
  }
}
