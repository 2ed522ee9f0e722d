import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  idSchema,
  complaintDecisionSchema,
  complaintInputSchema,
  complaintQuerySchema,
  complaintSchema,
  pageSchema,
  type ComplaintInput,
  type ComplaintView,
  type Page,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { ComplaintService, type ComplaintQuery } from './complaint.service.js';

/** Complaints of an extra charge (违规二次收费). */
@ApiTags('logistics')
@Controller('api/complaints')
export class ComplaintController {
  constructor(private readonly complaints: ComplaintService) {}

  @Post()
  @Access('complaint:write')
  @ApiOperation({ summary: 'Reports that a recipient was charged again; the id is the client’s own' })
  @Answers(201, complaintSchema)
  async report(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: complaintInputSchema }) input: ComplaintInput,
  ): Promise<ComplaintView> {
    return await this.complaints.report(principal, input);
  }

  @Get()
  @Access('complaint:write')
  @ApiOperation({ summary: 'Complaints of a unit, newest first' })
  @Answers(200, pageSchema(complaintSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: complaintQuerySchema }) query: ComplaintQuery,
  ): Promise<Page<ComplaintView>> {
    return await this.complaints.list(principal, query);
  }

  @Post(':id/decision')
  @HttpCode(200)
  @Access('complaint:decide')
  @ApiOperation({ summary: 'Confirms or dismisses a complaint; only confirmed ones count' })
  @Answers(200, complaintSchema)
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: complaintDecisionSchema }) body: z.infer<typeof complaintDecisionSchema>,
  ): Promise<ComplaintView> {
    return await this.complaints.decide(principal, id, body.decision);
  }
}
