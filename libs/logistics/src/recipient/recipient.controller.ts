import { Body, Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  consentQuerySchema,
  consentsSchema,
  recipientRecordSchema,
  type ConsentView,
  type RecordBatch,
  type RecordResult,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { ConsentService } from './consent.service.js';
import { RecipientKind } from './recipient.kind.js';

const bodySchema = recordBody('RecipientBatch', recipientRecordSchema);

/** Whom parcels are for, and whether those people agree to fetch them at the station. */
@ApiTags('logistics')
@Controller('api/recipients')
export class RecipientController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: RecipientKind,
    private readonly consents: ConsentService,
  ) {}

  @TakesRecords('Name, phone and consent of recipients; the latest of each holds, they are stored encrypted')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get('consents')
  @Access('station:work')
  @ApiOperation({ summary: 'Every consent and refusal recorded for a parcel, oldest first' })
  @Answers(200, consentsSchema)
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: consentQuerySchema }) { waybill }: z.infer<typeof consentQuerySchema>,
  ): Promise<{ consents: ConsentView[] }> {
    return { consents: await this.consents.list(principal, waybill) };
  }
}
