import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { scanBatchDocSchema, scanBatchResultSchema, scanBatchSchema, type ScanResult } from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, type Principal } from '#platform';
import { ScanService } from './scan.service.js';

/** `POST /api/scans`: what stations, sorting centres and carriers report. */
@ApiTags('logistics')
@Controller('api/scans')
export class ScanController {
  constructor(private readonly scans: ScanService) {}

  @Post()
  @HttpCode(200)
  @Access('scan:write')
  @ApiOperation({ summary: 'Scans, 1–500 a call; each is answered by itself, `accepted` means committed' })
  @ApiBody({ standardSchema: scanBatchDocSchema } as never)
  @Answers(200, scanBatchResultSchema, 'Results in the order of the scans')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: scanBatchSchema }) batch: z.infer<typeof scanBatchSchema>,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: ScanResult[] }> {
    return { results: await this.scans.ingest(principal, batch.deviceId?.replaceAll('\0', '') ?? null, batch.scans, undefined, languageOf(language)) };
  }
}
