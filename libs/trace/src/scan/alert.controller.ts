import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  idSchema,
  alertDecisionSchema,
  alertListQuerySchema,
  alertViewSchema,
  codeScanViewSchema,
  pageSchema,
  type AlertDecision,
  type AlertListQuery,
  type AlertView,
  type CodeScanView,
  type Page,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, readUpload, type Principal } from '#platform';
import { AlertService } from './alert.service.js';
import { NetworkPlaces } from './network.places.js';

const id = idSchema;
const imported = z.object({ count: z.number().int() });

/** Alerts of copied codes, and the table of networks and places that they are judged by. */
@ApiTags('trace')
@Controller('api')
export class AlertController {
  constructor(
    private readonly alerts: AlertService,
    private readonly places: NetworkPlaces,
  ) {}

  /** Alerts of the caller's unit, newest first. */
  @Get('alerts')
  @Access('alert:decide')
  @Answers(200, pageSchema(alertViewSchema))
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: alertListQuerySchema }) query: AlertListQuery,
  ): Promise<Page<AlertView>> {
    return this.alerts.list(principal, query);
  }

  /** The latest looks behind an alert: when, where roughly, and which of them were made by the same device. */
  @Get('alerts/:id/scans')
  @Access('alert:decide')
  @Answers(200, z.object({ items: z.array(codeScanViewSchema) }))
  async scans(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: id }) alertId: string,
  ): Promise<{ items: CodeScanView[] }> {
    return { items: await this.alerts.scans(principal, alertId) };
  }

  /** Decides an alert; a confirmed copy's code may be made void. */
  @Post('alerts/:id/decide')
  @HttpCode(200)
  @Access('alert:decide')
  @Answers(200, alertViewSchema)
  decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: id }) alertId: string,
    @Body({ schema: alertDecisionSchema }) decision: AlertDecision,
  ): Promise<AlertView> {
    return this.alerts.decide(principal, alertId, decision);
  }

  /** Replaces the table of networks and cities: CSV or XLSX with the columns network, city, latitude, longitude. */
  @Post('network-places/import')
  @HttpCode(200)
  @Access('operations:read')
  @Answers(200, imported)
  async import(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest): Promise<{ count: number }> {
    return this.places.import(principal, await readUpload(request));
  }
}
