import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  importResultSchema,
  pageSchema,
  parcelListItemSchema,
  parcelListQuerySchema,
  parcelViewSchema,
  recognitionSchema,
  type ImportResult,
  type ParcelListItem,
  type ParcelView,
  type Recognition,
} from '#contracts';
import {
  Access,
  Answers,
  CurrentPrincipal,
  languageOf,
  message,
  readUpload,
  sendTable,
  tableForm,
  type Language,
  type Principal,
  type TableAnswer,
} from '#platform';
import { ParcelImport } from './parcel.import.js';
import { ParcelList, type ParcelListQuery } from './parcel.list.js';
import { ParcelService } from './parcel.service.js';

/** Longer than any waybill, so that a mistyped one is answered and not cut off. */
const textSchema = z.string().min(1).max(200);

/** Parcels: one, many, and a carrier's file of their events. */
@ApiTags('logistics')
@Controller('api')
export class ParcelController {
  constructor(
    private readonly parcels: ParcelService,
    private readonly list: ParcelList,
    private readonly imports: ParcelImport,
  ) {}

  @Get('parcels')
  @Access('parcel:read')
  @ApiOperation({ summary: 'Parcels of a unit, newest event first; CSV or XLSX by Accept' })
  @Answers(200, pageSchema(parcelListItemSchema))
  async many(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: parcelListQuerySchema }) query: ParcelListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = tableForm(request);
    // The page is read in either case, so that a refusal comes before the first byte of a table.
    const page = await this.list.page(principal, query);
    if (form)
      await sendTable(reply, form, parcelTable(this.list.all(principal, query), languageOf(request.headers['accept-language'])));
    else await reply.send(page);
  }

  @Get('parcels/:waybill')
  @Access('parcel:read')
  @ApiOperation({ summary: 'A parcel: stage, exceptions, conflicts, proof, timeline, candidates for its carrier' })
  @Answers(200, parcelViewSchema)
  async one(
    @CurrentPrincipal() principal: Principal,
    @Param('waybill', { schema: textSchema }) waybill: string,
    @Headers('accept-language') language?: string,
  ): Promise<ParcelView> {
    return await this.parcels.view(principal, waybill, languageOf(language));
  }

  @Get('waybills/:text/candidates')
  @Access('parcel:read')
  @ApiOperation({ summary: 'Carriers that a number may belong to, ranked, with reasons' })
  @Answers(200, recognitionSchema)
  async candidates(
    @CurrentPrincipal() principal: Principal,
    @Param('text', { schema: textSchema }) text: string,
  ): Promise<Recognition> {
    return await this.parcels.candidates(principal, text);
  }

  @Post('parcels/import')
  @HttpCode(200)
  @Access('parcel:import')
  @ApiOperation({ summary: "A carrier's CSV or XLSX of parcel events; whole or not at all" })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @Answers(200, importResultSchema)
  async import(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest): Promise<ImportResult> {
    return await this.imports.import(principal, await readUpload(request), languageOf(request.headers['accept-language']));
  }
}

function parcelTable(rows: AsyncIterable<ParcelListItem>, language: Language): TableAnswer<ParcelListItem> {
  const title = (code: string) => message(language, `table_${code}`);
  return {
    name: title('parcels'),
    columns: [
      { title: title('parcel_waybill'), value: (row) => row.waybill },
      { title: title('parcel_carrier'), value: (row) => row.carrierCode },
      { title: title('parcel_direction'), value: (row) => row.direction },
      { title: title('parcel_stage'), value: (row) => row.stage },
      { title: title('parcel_village_code'), value: (row) => row.village?.code },
      { title: title('parcel_village'), value: (row) => row.village?.name },
      { title: title('parcel_last_event'), value: (row) => row.lastEventAt },
    ],
    rows,
  };
}
