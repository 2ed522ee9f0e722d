import { Body, Controller, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  dayOf,
  pageSchema,
  stationChangeSchema,
  stationInputSchema,
  stationListQuerySchema,
  stationViewSchema,
  type StationView,
} from '#contracts';
import { Access, Answers, Clock, CurrentPrincipal, languageOf, message, notFound, type Principal } from '#platform';
import { entityTag } from '../http/entity.tag.js';
import { answerList, pageOf } from '../http/list.answer.js';
import { assertScope, scopeAllows } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { StationService } from './station.service.js';
import { stationView } from './station.view.js';

const codeParam = { schema: z.string().min(1).max(40) };
const COLUMNS = ['code', 'name', 'unitCode', 'unitName', 'latitude', 'longitude', 'validFrom', 'validTo'] as const;

/** Stations of villages, and sorting centres of towns and the county. */
@ApiTags('directory')
@Controller('api/stations')
export class StationController {
  constructor(
    private readonly stations: StationService,
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Stations in code order, within the caller's unit, existing on the day. */
  @Get()
  @Access('directory:read')
  @Answers(200, pageSchema(stationViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: stationListQuerySchema }) query: z.infer<typeof stationListQuerySchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const snapshot = await this.reader.snapshot();
    const within = query.unit === undefined ? principal.unitId : unitWithin(snapshot, principal, query.unit).id;
    const rows = snapshot
      .stationsOn(query.day ?? dayOf(this.clock.now()))
      .filter((station) => scopeAllows(snapshot, { unitId: within }, station.unitId))
      .map((station) => stationView(snapshot, station));
    const language = languageOf(request.headers['accept-language']);
    await answerList(request, reply, {
      page: () => pageOf(rows, (row) => row.code, query),
      table: () => ({
        name: 'stations',
        columns: COLUMNS.map((column) => ({
          title: message(language, `column_${column}`),
          value: (row: StationView) => cell(row, column),
        })),
        rows,
      }),
    });
  }

  /** One station; its ETag is what If-Match compares. */
  @Get(':code')
  @Access('directory:read')
  @Answers(200, stationViewSchema)
  async detail(
    @CurrentPrincipal() principal: Principal,
    @Param('code', codeParam) code: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StationView> {
    const snapshot = await this.reader.snapshot();
    const station = snapshot.stationByCode(code);
    if (!station) throw notFound(code);
    assertScope(snapshot, principal, station.unitId);
    const view = stationView(snapshot, station);
    void reply.header('etag', entityTag(view));
    return view;
  }

  /** Registers a station. */
  @Post()
  @Access('directory:write')
  @Answers(201, stationViewSchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: stationInputSchema }) input: z.infer<typeof stationInputSchema>,
  ): Promise<StationView | undefined> {
    const [station] = await this.stations.createMany(principal, [input]);
    return station && stationView(await this.reader.snapshot(), station);
  }

  /** Renames, moves or closes a station. */
  @Put(':code')
  @Access('directory:write')
  @Answers(200, stationViewSchema)
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param('code', codeParam) code: string,
    @Body({ schema: stationChangeSchema }) input: z.infer<typeof stationChangeSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<StationView> {
    const station = await this.stations.change(principal, code, input, ifMatch);
    return stationView(await this.reader.snapshot(), station);
  }
}

function cell(row: StationView, column: (typeof COLUMNS)[number]): string | number | null {
  switch (column) {
    case 'unitCode':
      return row.unit.code;
    case 'unitName':
      return row.unit.name;
    default:
      return row[column];
  }
}
