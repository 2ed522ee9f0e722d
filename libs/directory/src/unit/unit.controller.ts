import { Body, Controller, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  boundaryCollectionSchema,
  boundaryQuerySchema,
  pageSchema,
  unitCodeSchema,
  unitDetailSchema,
  unitInputSchema,
  unitListQuerySchema,
  unitMergeInputSchema,
  unitPlaceInputSchema,
  unitQuerySchema,
  unitSplitInputSchema,
  unitVersionInputSchema,
  unitViewSchema,
  type BoundaryCollection,
  type UnitDetail,
  type UnitView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, languageOf, message, type Principal } from '#platform';
import { entityTag } from '../http/entity.tag.js';
import { answerList, pageOf } from '../http/list.answer.js';
import { UnitQueries } from './unit.queries.js';
import { UnitService } from './unit.service.js';
import { unitView } from './unit.view.js';

const COLUMNS = ['code', 'name', 'level', 'urbanRural', 'validFrom', 'validTo', 'latitude', 'longitude'] as const;
const codeParam = { schema: unitCodeSchema };

/** Organisation units: what there is on a day, and how it changes. */
@ApiTags('directory')
@Controller('api/units')
export class UnitController {
  constructor(
    private readonly units: UnitService,
    private readonly queries: UnitQueries,
  ) {}

  /** Units in code order, within the caller's unit. */
  @Get()
  @Access('directory:read')
  @Answers(200, pageSchema(unitViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: unitListQuerySchema }) query: z.infer<typeof unitListQuerySchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rows = (await this.queries.list(principal, query)).map(unitView);
    const language = languageOf(request.headers['accept-language']);
    await answerList(request, reply, {
      page: () => pageOf(rows, (row) => row.code, query),
      table: () => ({
        name: 'units',
        columns: COLUMNS.map((column) => ({
          title: message(language, `column_${column}`),
          value: (row: UnitView) => row[column],
        })),
        rows,
      }),
    });
  }

  /** Areas of the units below one, as GeoJSON for the map. */
  @Get('boundaries')
  @Access('directory:read')
  @Answers(200, boundaryCollectionSchema)
  async boundaries(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: boundaryQuerySchema }) query: z.infer<typeof boundaryQuerySchema>,
  ): Promise<BoundaryCollection> {
    return await this.queries.boundaries(principal, query);
  }

  /** One unit with its history and descent; its ETag is what If-Match compares. */
  @Get(':code')
  @Access('directory:read')
  @Answers(200, unitDetailSchema)
  async detail(
    @CurrentPrincipal() principal: Principal,
    @Param('code', codeParam) code: string,
    @Query({ schema: unitQuerySchema }) query: z.infer<typeof unitQuerySchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UnitDetail> {
    const detail = await this.queries.detail(principal, code, query.day);
    void reply.header('etag', entityTag(unitViewSchema.parse(detail)));
    return detail;
  }

  /** Registers a unit; its level and parent follow from its code. */
  @Post()
  @Access('directory:write')
  @Answers(201, unitViewSchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: unitInputSchema }) input: z.infer<typeof unitInputSchema>,
  ): Promise<UnitView | undefined> {
    const [unit] = await this.units.createMany(principal, [input]);
    return unit && unitView(unit);
  }

  /** Merges villages, or towns, into a new one. */
  @Post('merge')
  @Access('directory:write')
  @Answers(201, unitViewSchema)
  async merge(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: unitMergeInputSchema }) input: z.infer<typeof unitMergeInputSchema>,
  ): Promise<UnitView> {
    return unitView(await this.units.merge(principal, input));
  }

  /** Splits a village, or a town, into new ones. */
  @Post('split')
  @Access('directory:write')
  @Answers(201, unitViewSchema.array())
  async split(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: unitSplitInputSchema }) input: z.infer<typeof unitSplitInputSchema>,
  ): Promise<UnitView[]> {
    return (await this.units.split(principal, input)).map(unitView);
  }

  /** Renames, recodes or moves a unit from a day on; the history stays. */
  @Post(':code/versions')
  @Access('directory:write')
  @Answers(201, unitViewSchema)
  async addVersion(
    @CurrentPrincipal() principal: Principal,
    @Param('code', codeParam) code: string,
    @Body({ schema: unitVersionInputSchema }) input: z.infer<typeof unitVersionInputSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<UnitView> {
    return unitView(await this.units.addVersion(principal, code, input, ifMatch));
  }

  /** Puts a unit on the map. */
  @Put(':code/place')
  @Access('directory:write')
  @Answers(200, unitViewSchema)
  async place(
    @CurrentPrincipal() principal: Principal,
    @Param('code', codeParam) code: string,
    @Body({ schema: unitPlaceInputSchema }) input: z.infer<typeof unitPlaceInputSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<UnitView> {
    return unitView(await this.units.place(principal, code, input, ifMatch));
  }
}
