import { Body, Controller, Get, Headers, Put, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { feeQuerySchema, feeRatesSchema, feeSheetSchema, type FeeSheet } from '#contracts';
import { entityTag } from '#directory';
import {
  Access,
  Answers,
  CurrentPrincipal,
  languageOf,
  message,
  sendTable,
  tableForm,
  type Language,
  type Principal,
  type TableAnswer,
} from '#platform';
import { FeeRateService, type FeeRates } from './fee.rate.service.js';
import { FeeService } from './fee.service.js';
import type { FeeRow } from './fee.sheet.js';

const FEN_PER_YUAN = 100;

/** What stations earn by the piece (派费, 揽收费): the county's rates, and each station's sheet. */
@ApiTags('logistics')
@Controller('api')
export class FeeController {
  constructor(
    private readonly rates: FeeRateService,
    private readonly fees: FeeService,
  ) {}

  @Get('fee-rates')
  @Access('station:work')
  @ApiOperation({ summary: "The county's rates; the ETag is what If-Match compares" })
  @Answers(200, feeRatesSchema)
  async read(@CurrentPrincipal() principal: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<FeeRates> {
    return tagged(reply, await this.rates.get(principal));
  }

  @Put('fee-rates')
  @Access('fee:write')
  @ApiOperation({ summary: 'Replaces all rates of the county' })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the rates that the change was made upon' })
  @Answers(200, feeRatesSchema)
  async replace(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: feeRatesSchema }) input: z.infer<typeof feeRatesSchema>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FeeRates> {
    return tagged(reply, await this.rates.put(principal, input, ifMatch));
  }

  @Get('fees')
  @Access('station:work')
  @ApiOperation({ summary: "A station's earnings of a month by carrier and direction; CSV or XLSX by Accept" })
  @Answers(200, feeSheetSchema)
  async sheet(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: feeQuerySchema }) query: z.infer<typeof feeQuerySchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sheet = await this.fees.sheet(principal, query);
    const form = tableForm(request);
    if (form) await sendTable(reply, form, feeTable(sheet, languageOf(request.headers['accept-language'])));
    else await reply.send(sheet);
  }
}

function tagged(reply: FastifyReply, rates: FeeRates): FeeRates {
  void reply.header('etag', entityTag(rates));
  return rates;
}

function feeTable({ stationCode, period, rows }: FeeSheet, language: Language): TableAnswer<FeeRow> {
  const title = (code: string) => message(language, `table_fee_${code}`);
  return {
    name: `${title('sheet')} ${stationCode} ${period}`,
    columns: [
      { title: title('carrier'), value: (row) => row.carrierCode },
      { title: title('kind'), value: (row) => title(row.kind) },
      { title: title('pieces'), value: (row) => row.pieces },
      { title: title('without_rate'), value: (row) => row.withoutRate },
      { title: title('amount'), value: (row) => row.amountFen / FEN_PER_YUAN },
    ],
    rows,
  };
}
