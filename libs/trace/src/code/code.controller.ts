import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  boxingSchema,
  boxingViewSchema,
  codeActivationSchema,
  codeChangeResultSchema,
  codeListQuerySchema,
  codeViewSchema,
  codeVoidSchema,
  pageSchema,
  shipmentCodesSchema,
  type Boxing,
  type BoxingView,
  type CodeActivation,
  type CodeChangeResult,
  type CodeListQuery,
  type CodeView,
  type CodeVoid,
  type Page,
  type ShipmentCodes,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { BoxService } from './box.service.js';
import { CodeChangeService } from './code.change.service.js';
import { CodeReader } from './code.reader.js';
import { ShipmentCodeService } from './shipment.code.service.js';

/** Codes: listed, activated, taken out of use, boxed and shipped. */
@ApiTags('trace')
@Controller('api')
export class CodeController {
  constructor(
    private readonly reader: CodeReader,
    private readonly changes: CodeChangeService,
    private readonly boxes: BoxService,
    private readonly shipments: ShipmentCodeService,
  ) {}

  /** Codes of a lot or a batch. */
  @Get('codes')
  @Access('produce:read')
  @Answers(200, pageSchema(codeViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: codeListQuerySchema }) query: CodeListQuery,
  ): Promise<Page<CodeView>> {
    return this.reader.list(principal, query);
  }

  /** Makes codes worth something that were ordered for later. */
  @Post('codes/activate')
  @HttpCode(200)
  @Access('produce:write')
  @Answers(200, codeChangeResultSchema)
  async activate(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: codeActivationSchema }) selection: CodeActivation,
  ): Promise<CodeChangeResult> {
    return this.changes.activate(principal, selection);
  }

  /** Takes codes out of use for good. */
  @Post('codes/void')
  @HttpCode(200)
  @Access('produce:write')
  @Answers(200, codeChangeResultSchema)
  async makeVoid(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: codeVoidSchema }) selection: CodeVoid,
  ): Promise<CodeChangeResult> {
    return this.changes.makeVoid(principal, selection);
  }

  /** Puts units into a box, or takes them out. */
  @Post('boxes')
  @HttpCode(200)
  @Access('produce:write')
  @Answers(200, boxingViewSchema)
  async box(@CurrentPrincipal() principal: Principal, @Body({ schema: boxingSchema }) boxing: Boxing): Promise<BoxingView> {
    return this.boxes.pack(principal, boxing);
  }

  /** Binds codes and boxes to the parcel that they leave in. */
  @Post('shipments/:id/codes')
  @HttpCode(200)
  @Access('order:write')
  @Answers(200, codeChangeResultSchema)
  async ship(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) shipmentId: string,
    @Body({ schema: shipmentCodesSchema }) { codes }: ShipmentCodes,
  ): Promise<CodeChangeResult> {
    return this.shipments.bind(principal, shipmentId, codes);
  }
}
