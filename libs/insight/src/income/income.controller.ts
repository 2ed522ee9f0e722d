import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  incomeEvidenceQuerySchema,
  incomeEvidenceRowSchema,
  incomeLinesQuerySchema,
  incomeLinesSchema,
  incomeQuerySchema,
  incomeSchema,
  pageSchema,
  type AccountingRegime,
  type Income,
  type IncomeEvidenceQuery,
  type IncomeEvidenceRow,
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
  sendTable,
  tableForm,
  type Language,
  type Principal,
} from '#platform';
import { compareKeys, IncomeEvidence, type KeyedEvidence } from './income.evidence.js';
import { INCOME_LINES, lineMessage } from './income.lines.js';
import { IncomeReader } from './income.reader.js';

/** Collective income of villages, towns and counties, and the account lines behind it (metric M12). */
@ApiTags('income')
@Controller('api/income')
export class IncomeController {
  constructor(
    private readonly reader: IncomeReader,
    private readonly evidence: IncomeEvidence,
  ) {}

  /** The lines that accounts of a regime may have. */
  @Get('lines')
  @Access('income:read')
  @Answers(200, incomeLinesSchema)
  lines(
    @Query({ schema: incomeLinesQuerySchema }) { regime }: { regime: AccountingRegime },
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): z.infer<typeof incomeLinesSchema> {
    const language = languageOf(acceptLanguage);
    const items = INCOME_LINES[regime].map(({ code, account, lineClass, sign, modes }) => ({
      code,
      name: message(language, lineMessage(regime, code)),
      account,
      lineClass,
      negativeAllowed: sign === 'any',
      modes: [...modes],
    }));
    return { regime, items };
  }

  /** Figures of a unit, the units below it and a trend; by Accept the units below it as CSV or XLSX. */
  @Get()
  @Access('income:read')
  @Answers(200, incomeSchema)
  async income(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: incomeQuerySchema }) query: { unit: string; period: Period },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const income = await this.reader.income(principal, query.unit, query.period);
    const form = tableForm(request);
    const columns = incomeColumns(languageOf(request.headers['accept-language']));
    const rows = [...income.children, { unit: income.unit, summary: income.summary }];
    if (form) await sendTable(reply, form, { name: `income-${query.unit}-${query.period}`, columns, rows });
    else await reply.send(income);
  }

  /** The account lines behind the figures: they sum to them. */
  @Get('evidence')
  @Access('income:read')
  @Answers(200, pageSchema(incomeEvidenceRowSchema))
  async evidenceOf(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: incomeEvidenceQuerySchema }) query: IncomeEvidenceQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rows = await this.evidence.rows(principal, query);
    const form = tableForm(request);
    const columns = evidenceColumns(languageOf(request.headers['accept-language']));
    if (form)
      await sendTable(reply, form, {
        name: `income-evidence-${query.unit}-${query.period}`,
        columns,
        rows: rows.map(({ row }) => row),
      });
    else await reply.send(pageOf(rows, query));
  }
}

function pageOf(
  rows: readonly KeyedEvidence[],
  { cursor, limit }: Pick<IncomeEvidenceQuery, 'cursor' | 'limit'>,
): Page<IncomeEvidenceRow> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, 3);
  if (cursor !== undefined && !after) throw new DomainError('bad_cursor', 400);
  const key = after ? ([String(after[0]), String(after[1]), Number(after[2])] as const) : undefined;
  const rest = key ? rows.filter((row) => compareKeys(row, { key }) > 0) : rows;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(({ row }) => row), ...(rest.length > limit && last ? { nextCursor: encodeCursor(last.key) } : {}) };
}

function incomeColumns(language: Language) {
  type Row = Income['children'][number];
  const title = (column: string) => message(language, `income.column.${column}`);
  return [
    { title: title('unit'), value: ({ unit }: Row) => unit.code },
    { title: title('unitName'), value: ({ unit }: Row) => unit.name },
    { title: title('monthResultFen'), value: ({ summary }: Row) => summary.month.operatingResultFen },
    { title: title('yearResultFen'), value: ({ summary }: Row) => summary.trailingYear.operatingResultFen },
    { title: title('yearWithSubsidiesFen'), value: ({ summary }: Row) => summary.trailingYear.withSubsidiesFen },
    { title: title('approved'), value: ({ summary }: Row) => summary.trailingYear.approved },
    { title: title('expected'), value: ({ summary }: Row) => summary.trailingYear.expected },
    { title: title('villages'), value: ({ summary }: Row) => summary.villages },
    { title: title('shellVillages'), value: ({ summary }: Row) => summary.shellVillages },
    { title: title('notReported'), value: ({ summary }: Row) => summary.notReported },
    {
      title: title('band'),
      value: ({ summary }: Row) => (summary.band ? message(language, `income.band.${summary.band}`) : null),
    },
  ];
}

function evidenceColumns(language: Language) {
  const title = (column: string) => message(language, `income.column.${column}`);
  const word = (is: boolean) => message(language, is ? 'income.yes' : 'income.no');
  return [
    { title: title('village'), value: (row: IncomeEvidenceRow) => row.village.code },
    { title: title('villageName'), value: (row: IncomeEvidenceRow) => row.village.name },
    { title: title('period'), value: (row: IncomeEvidenceRow) => row.period },
    { title: title('lineCode'), value: (row: IncomeEvidenceRow) => row.line },
    { title: title('lineClass'), value: (row: IncomeEvidenceRow) => message(language, `income.class.${row.lineClass}`) },
    { title: title('mode'), value: (row: IncomeEvidenceRow) => (row.mode ? message(language, `income.mode.${row.mode}`) : null) },
    { title: title('amountFen'), value: (row: IncomeEvidenceRow) => row.amountFen },
    { title: title('oneOff'), value: (row: IncomeEvidenceRow) => word(row.oneOff) },
    { title: title('inOperatingResult'), value: (row: IncomeEvidenceRow) => word(row.inOperatingResult) },
    { title: title('version'), value: (row: IncomeEvidenceRow) => row.accountVersion },
  ];
}
