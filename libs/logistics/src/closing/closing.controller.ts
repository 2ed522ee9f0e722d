import { Body, Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  closingRecordSchema,
  stationDayQuerySchema,
  stationDaySchema,
  type RecordBatch,
  type RecordResult,
  type StationDay,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { ClosingKind } from './closing.kind.js';
import { StationDays } from './station.days.js';

const bodySchema = recordBody('ClosingBatch', closingRecordSchema);

/** A station's day and its close. */
@ApiTags('logistics')
@Controller('api')
export class ClosingController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: ClosingKind,
    private readonly days: StationDays,
  ) {}

  @Get('station-days')
  @Access('station:work')
  @ApiOperation({ summary: 'What a station did on a day, and what is still open' })
  @Answers(200, stationDaySchema)
  async day(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: stationDayQuerySchema }) query: z.infer<typeof stationDayQuerySchema>,
  ): Promise<StationDay> {
    return await this.days.get(principal, query);
  }

  @TakesRecords(
    'Closes a day with a count of the shelf; one a station and day. `count_differs` warns of another number',
    'closings',
  )
  async close(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }
}
