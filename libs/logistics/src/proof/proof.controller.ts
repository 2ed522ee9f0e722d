import { Body, Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { idSchema, proofRecordSchema, proofViewSchema, type ProofView, type RecordBatch, type RecordResult } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { recordBody } from '../record/record.body.js';
import { RecordIntake } from '../record/record.intake.js';
import { TakesRecords } from '../record/takes.records.js';
import { ProofKind } from './proof.kind.js';
import { ProofService } from './proof.service.js';

const bodySchema = recordBody('ProofBatch', proofRecordSchema);
const querySchema = z.object({ waybill: z.string().min(1).max(200) });

/** Proofs of how parcels were handed out, and pictures of problems. */
@ApiTags('logistics')
@Controller('api/proofs')
export class ProofController {
  constructor(
    private readonly intake: RecordIntake,
    private readonly kind: ProofKind,
    private readonly proofs: ProofService,
  ) {}

  @TakesRecords('Proofs, 1–100 a call and 4 MB in all; each is answered by itself')
  async take(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: bodySchema }) batch: RecordBatch,
    @Headers('accept-language') language?: string,
  ): Promise<{ results: RecordResult[] }> {
    return await this.intake.take(principal, this.kind, batch, language);
  }

  @Get()
  @Access('parcel:read')
  @ApiOperation({ summary: "A parcel's proofs, newest first" })
  @Answers(200, z.object({ items: z.array(proofViewSchema) }))
  async ofParcel(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: querySchema }) query: z.infer<typeof querySchema>,
  ): Promise<{ items: ProofView[] }> {
    return await this.proofs.ofParcel(principal, query.waybill);
  }

  @Get(':id/picture')
  @Access('station:work')
  @ApiOperation({ summary: "The picture: for the station's own people, and for the right personal:unmask; the look is audited" })
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @Answers(200, undefined, 'The picture')
  async picture(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { type, content } = await this.proofs.picture(principal, id);
    await reply
      .header('content-type', type)
      .header('content-disposition', 'inline')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(content);
  }
}
