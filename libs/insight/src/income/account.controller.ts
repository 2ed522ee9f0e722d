import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  accountDecisionSchema,
  accountInputSchema,
  accountingRegimeSchema,
  accountListQuerySchema,
  accountListRowSchema,
  accountViewSchema,
  decodeCursor,
  encodeCursor,
  importResultSchema,
  pageSchema,
  periodSchema,
  type AccountInput,
  type AccountListQuery,
  type AccountListRow,
  type AccountView,
  type AccountingRegime,
  type ImportResult,
  type Page,
  type Period,
} from '#contracts';
import {
  Access,
  Answers,
  CurrentPrincipal,
  DomainError,
  languageOf,
  message,
  readTable,
  readUpload,
  sendTable,
  tableForm,
  type Language,
  type Principal,
} from '#platform';
import { AccountImportService } from './account.import.service.js';
import { AccountReader } from './account.reader.js';
import { accountTemplate } from './account.template.js';
import { IncomeService } from './income.service.js';

const villageCodeSchema = z.string().regex(/^\d{12}$/);
const templateQuerySchema = z.object({ regime: accountingRegimeSchema.default('2023') });
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Accounts of village collectives: entered by the village, approved by town or county (metric M12). */
@ApiTags('income')
@Controller('api/income/accounts')
export class AccountController {
  constructor(
    private readonly income: IncomeService,
    private readonly reader: AccountReader,
    private readonly imports: AccountImportService,
  ) {}

  /** Every village that owes an account of the month, with its state; as CSV or XLSX by Accept. */
  @Get()
  @Access('income:read')
  @Answers(200, pageSchema(accountListRowSchema), 'One row for each village that owes an account of the month')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: accountListQuerySchema }) query: AccountListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rows = await this.reader.list(principal, query);
    const form = tableForm(request);
    const columns = listColumns(languageOf(request.headers['accept-language']));
    if (form) await sendTable(reply, form, { name: `accounts-${query.unit}-${query.period}`, columns, rows });
    else await reply.send(pageOf(rows, query));
  }

  /** The workbook to fill in for an import. */
  @Get('template')
  @Access('income:enter')
  @Answers(200, undefined, 'An XLSX workbook')
  async template(
    @Query({ schema: templateQuerySchema }) query: { regime: AccountingRegime },
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const workbook = await accountTemplate(query.regime, languageOf(acceptLanguage));
    await reply
      .header('content-type', XLSX)
      .header('content-disposition', `attachment; filename="accounts-${query.regime}.xlsx"`)
      .send(workbook);
  }

  /** Enters the accounts of a CSV or XLSX file: all of them, or none while any row has a problem. */
  @Post('import')
  @HttpCode(200)
  @Access('income:enter')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @Answers(200, importResultSchema, 'What was entered; a file with problems is refused whole (422), row by row')
  async import(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest): Promise<ImportResult> {
    const table = await readTable(await readUpload(request));
    return this.imports.import(principal, table, languageOf(request.headers['accept-language']));
  }

  /** The latest version of a village's month. */
  @Get(':villageCode/:period')
  @Access('income:read')
  @Answers(200, accountViewSchema)
  async view(
    @CurrentPrincipal() principal: Principal,
    @Param('villageCode', { schema: villageCodeSchema }) villageCode: string,
    @Param('period', { schema: periodSchema }) period: Period,
  ): Promise<AccountView> {
    return this.reader.view(principal, villageCode, period);
  }

  /** Every version of a village's month, latest first. */
  @Get(':villageCode/:period/versions')
  @Access('income:read')
  @Answers(200, pageSchema(accountViewSchema))
  async versions(
    @CurrentPrincipal() principal: Principal,
    @Param('villageCode', { schema: villageCodeSchema }) villageCode: string,
    @Param('period', { schema: periodSchema }) period: Period,
  ): Promise<Page<AccountView>> {
    return { items: await this.reader.versions(principal, villageCode, period) };
  }

  /** Enters a village's month as a new version, which then waits for a decision. */
  @Put(':villageCode/:period')
  @Access('income:enter')
  @Answers(200, accountViewSchema)
  async enter(
    @CurrentPrincipal() principal: Principal,
    @Param('villageCode', { schema: villageCodeSchema }) villageCode: string,
    @Param('period', { schema: periodSchema }) period: Period,
    @Body({ schema: accountInputSchema }) input: AccountInput,
  ): Promise<AccountView> {
    const key = await this.reader.villageKey(principal, villageCode, period);
    await this.income.enter(principal, { ...key, ...input });
    return this.reader.view(principal, villageCode, period);
  }

  /** Approves or returns the latest version; never by the person who entered it. */
  @Post(':villageCode/:period/decision')
  @HttpCode(200)
  @Access('income:approve')
  @Answers(200, accountViewSchema)
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('villageCode', { schema: villageCodeSchema }) villageCode: string,
    @Param('period', { schema: periodSchema }) period: Period,
    @Body({ schema: accountDecisionSchema }) decision: z.infer<typeof accountDecisionSchema>,
  ): Promise<AccountView> {
    const key = await this.reader.villageKey(principal, villageCode, period);
    await this.income.decide(principal, { ...key, ...decision });
    return this.reader.view(principal, villageCode, period);
  }
}

function pageOf(
  rows: readonly AccountListRow[],
  { cursor, limit }: Pick<AccountListQuery, 'cursor' | 'limit'>,
): Page<AccountListRow> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, 2);
  if (cursor !== undefined && !after) throw new DomainError('bad_cursor', 400);
  const [code = '', id = ''] = (after ?? []).map(String);
  const rest = after ? rows.filter(({ village }) => village.code > code || (village.code === code && village.id > id)) : rows;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rest.length > limit && last ? { nextCursor: encodeCursor([last.village.code, last.village.id]) } : {}) };
}

function listColumns(language: Language) {
  const title = (column: string) => message(language, `income.column.${column}`);
  return [
    { title: title('village'), value: (row: AccountListRow) => row.village.code },
    { title: title('villageName'), value: (row: AccountListRow) => row.village.name },
    { title: title('period'), value: (row: AccountListRow) => row.period },
    { title: title('status'), value: (row: AccountListRow) => message(language, `income.status.${row.status}`) },
    { title: title('version'), value: (row: AccountListRow) => row.version },
    { title: title('approvedVersion'), value: (row: AccountListRow) => row.approvedVersion },
    { title: title('regime'), value: (row: AccountListRow) => row.regime },
    { title: title('operatingResultFen'), value: (row: AccountListRow) => row.operatingResultFen },
    { title: title('enteredAt'), value: (row: AccountListRow) => row.enteredAt },
    { title: title('reason'), value: (row: AccountListRow) => row.reason },
  ];
}
