import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { handoverRecordSchema, recordBatchResultSchema, type RecordBatch, type RecordResult } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { HandoverKind } from './handover.kind.js';

const bodySchema = recordBody('HandoverBatch', handoverRecordSchema);

/** Hand-overs of bags and manifests, scanned by each side. */
@ApiTags('logistics')
@Controller('api/handovers')
export class HandoverController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: HandoverKind,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('station:work')
  @ApiOperation({
    summary: 'Bags and manifests given or taken; every parcel in them is scanned by that, oddities are stored with a warning',
  })
  @Answers(200, recordBatchResultSchema, 'Results in the order of the records')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }
}
