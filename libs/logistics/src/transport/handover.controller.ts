import { Body, Controller, Headers } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { handoverRecordSchema, type RecordBatch, type RecordResult } from '#contracts';
import { CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
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

  @TakesRecords('Bags and manifests given or taken; every parcel in them is scanned by that, oddities are stored with a warning')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }
}
