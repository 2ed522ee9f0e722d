import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { scanBatchDocSchema, scanBatchResultSchema, scanBatchSchema, type ScanResult } from '#contracts';
import { DeviceRegistry } from '#directory';
import { Access, Answers, CurrentPrincipal, languageOf, type Principal } from '#platform';
import { ScanService } from './scan.service.js';

/** Checked as a list of anything, because each scan is answered by itself; documented with the form of a scan. */
const bodySchema: typeof scanBatchSchema = Object.create(scanBatchSchema, {
  '~standard': { value: { ...scanBatchSchema['~standard'], jsonSchema: scanBatchDocSchema['~standard'].jsonSchema } },
}) as typeof scanBatchSchema;

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
