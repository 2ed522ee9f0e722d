import { Body, Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  consignmentLabelQuerySchema,
  consignmentLabelSchema,
  consignmentQuerySchema,
  consignmentRecordSchema,
  consignmentViewSchema,
  freightRateQuerySchema,
  freightRatesSchema,
  pageSchema,
  type ConsignmentLabel,
  type ConsignmentView,
  type FreightRate,
  type FreightRateQuery,
  type Page,
  type RecordBatch,
  type RecordResult,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { ConsignmentKind } from './consignment.kind.js';
import { ConsignmentReader, type ConsignmentQuery } from './consignment.reader.js';
import { FreightRates } from './freight.rates.js';

const bodySchema = recordBody('ConsignmentBatch', consignmentRecordSchema);
/** Longer than any waybill, so that a mistyped one is answered and not cut off. */
const textSchema = z.string().min(1).max(200);

/** What villagers send (揽收): real name, inspection and security check before anything leaves. */
@ApiTags('logistics')
@Controller('api/consignments')
export class ConsignmentController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: ConsignmentKind,
    private readonly reader: ConsignmentReader,
    private readonly freight: FreightRates,
  ) {}

  @TakesRecords('Parcels taken in from senders; refused without real name, inspection and security check')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get()
  @Access('station:work')
  @ApiOperation({ summary: 'Parcels taken in, newest first; `left=false` for those that still wait' })
  @Answers(200, pageSchema(consignmentViewSchema))
  async page(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: consignmentQuerySchema }) query: ConsignmentQuery,
  ): Promise<Page<ConsignmentView>> {
    return await this.reader.page(principal, query);
  }

  @Get('freight')
  @Access('station:work')
  @ApiOperation({ summary: 'What sending to a province cost in the last 90 days, median per kilogram by carrier' })
  @Answers(200, freightRatesSchema)
  async rates(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: freightRateQuerySchema }) query: FreightRateQuery,
  ): Promise<{ items: FreightRate[] }> {
    return { items: await this.freight.compare(principal, query) };
  }

  @Get(':waybill/label')
  @Access('station:work')
  @ApiOperation({ summary: 'What the label needs, masked as it is printed; `full=true` for the station’s own people, audited' })
  @Answers(200, consignmentLabelSchema)
  async label(
    @CurrentPrincipal() principal: Principal,
    @Param('waybill', { schema: textSchema }) waybill: string,
    @Query({ schema: consignmentLabelQuerySchema }) { full }: z.infer<typeof consignmentLabelQuerySchema>,
  ): Promise<ConsignmentLabel> {
    return await this.reader.label(principal, waybill, full);
  }
}
