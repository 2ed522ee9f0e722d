import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  pageSchema,
  reachQuerySchema,
  recallEndSchema,
  recallInputSchema,
  recallListQuerySchema,
  recallReachSchema,
  recallRowSchema,
  recallRowsQuerySchema,
  recallViewSchema,
  type Page,
  type ReachQuery,
  type RecallEnd,
  type RecallInput,
  type RecallListQuery,
  type RecallReach,
  type RecallRow,
  type RecallRowsQuery,
  type RecallView,
} from '#contracts';
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
} from '#platform';
import { RecallService } from './recall.service.js';

const TABLE_PAGE = 200;

/** Recalls of lots, and what they reach. */
@ApiTags('trace')
@Controller('api')
export class RecallController {
  constructor(private readonly recalls: RecallService) {}

  /** What a recall of the lot would reach: nothing is recalled by asking. */
  @Get('lots/:id/reach')
  @Access('recall:write')
  @Answers(200, recallReachSchema)
  async reach(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: reachQuerySchema }) { scope }: ReachQuery,
  ): Promise<RecallReach> {
    return this.recalls.reach(principal, id, scope);
  }

  /** Starts a recall; sent again, it answers the same recall. */
  @Post('recalls')
  @Access('recall:write')
  @Answers(201, recallViewSchema)
  async start(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: recallInputSchema }) input: RecallInput,
  ): Promise<RecallView> {
    return this.recalls.start(principal, input);
  }

  /** Recalls that reach lots of the caller's unit or producers, the latest first. */
  @Get('recalls')
  @Access('produce:read')
  @Answers(200, pageSchema(recallViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: recallListQuerySchema }) query: RecallListQuery,
  ): Promise<Page<RecallView>> {
    return this.recalls.list(principal, query);
  }

  @Get('recalls/:id')
  @Access('produce:read')
  @Answers(200, recallViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<RecallView> {
    return this.recalls.get(principal, id);
  }

  /** Ends a recall: the pages warn no longer. */
  @Post('recalls/:id/end')
  @HttpCode(200)
  @Access('recall:write')
  @Answers(200, recallViewSchema)
  async end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: recallEndSchema }) input: RecallEnd,
  ): Promise<RecallView> {
    return this.recalls.end(principal, id, input);
  }

  /** Lots, boxes, orders, shipments, stations or buyers of a recall, as JSON, CSV or XLSX by Accept. */
  @Get('recalls/:id/rows')
  @Access('recall:write')
  @Answers(200, pageSchema(recallRowSchema))
  async rows(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: recallRowsQuerySchema }) query: RecallRowsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    if (query.unmask) await this.recalls.unmasking(principal, id);
    const form = tableForm(request);
    const page = (at: Partial<RecallRowsQuery>) => this.recalls.page(principal, id, { ...query, ...at }, language);
    const first = await page(form ? { cursor: undefined, limit: TABLE_PAGE } : {});
    if (!form) return void (await reply.send(first));
    await sendTable(reply, form, { name: `recall-${query.kind}`, columns: columns(language), rows: allRows(first, page) });
  }
}

async function* allRows(
  first: Page<RecallRow>,
  page: (at: Partial<RecallRowsQuery>) => Promise<Page<RecallRow>>,
): AsyncGenerator<RecallRow> {
  let { items, nextCursor } = first;
  yield* items;
  while (nextCursor !== undefined) {
    ({ items, nextCursor } = await page({ cursor: nextCursor, limit: TABLE_PAGE }));
    yield* items;
  }
}

function columns(language: Language) {
  const title = (column: string) => message(language, `trace.recall.column.${column}`);
  return [
    { title: title('kind'), value: (row: RecallRow) => message(language, `trace.recall.kind.${row.kind}`) },
    { title: title('key'), value: (row: RecallRow) => row.key },
    { title: title('name'), value: (row: RecallRow) => row.name },
    { title: title('detail'), value: (row: RecallRow) => row.detail },
    { title: title('quantityG'), value: (row: RecallRow) => row.quantityG },
    { title: title('at'), value: (row: RecallRow) => row.at },
  ];
}
