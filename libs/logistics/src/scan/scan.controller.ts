import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { scanBatchDocSchema, scanBatchResultSchema, scanBatchSchema, type ScanResult } from '#contracts';
import { DeviceRegistry } from '#directory';
import { Access, Answers, CurrentPrincipal, languageOf, type Principal } from '#platform';
import { documentedBy } from '../record/record.body.js';
import { ScanService } from './scan.service.js';

const bodySchema = documentedBy(scanBatchSchema, scanBatchDocSchema);

/** `POST /api/scans`: what stations, sorting centres and carriers report. */
@ApiTags('logistics')
@Controller('api/scans')
export class ScanController {
  constructor(
    private readonly scans: ScanService,
    private readonly devices: DeviceRegistry,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('scan:write')
  @ApiOperation({ summary: 'Scans, 1–500 a call; each is answered by itself, `accepted` means committed' })
  @Answers(200, scanBatchResultSchema, 'Results in the order of the scans')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: z.infer<typeof scanBatchSchema>,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: ScanResult[] }> {
    const { deviceId = null } = batch;
    if (deviceId !== null) await this.devices.admit(deviceId, principal.id);
    return { results: await this.scans.ingest(principal, deviceId, batch.scans, undefined, languageOf(language)) };
  }
}
