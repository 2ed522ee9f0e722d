import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  idSchema,
  dayOf,
  pageSchema,
  relationEndSchema,
  relationListQuerySchema,
  relationViewSchema,
  serviceRelationInputSchema,
  type RelationView,
} from '#contracts';
import { Access, Answers, Clock, CurrentPrincipal, languageOf, message, notFound, type Principal } from '#platform';
import { answerList, pageOf } from '../http/list.answer.js';
import type { RelationNode } from '../model/directory.nodes.js';
import { coversDay, type DirectorySnapshot } from '../model/directory.snapshot.js';
import { scopeAllows } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { unitRefOf } from '../unit/unit.view.js';
import { RelationService } from './relation.service.js';

const COLUMNS = [
  'villageCode',
  'villageName',
  'carrierCode',
  'mode',
  'stationCode',
  'stationName',
  'distanceM',
  'validFrom',
  'validTo',
] as const;

/** How villages are served. */
@ApiTags('directory')
@Controller('api/service-relations')
export class RelationController {
  constructor(
    private readonly relations: RelationService,
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Relations of the villages within the caller's unit. */
  @Get()
  @Access('directory:read')
  @Answers(200, pageSchema(relationViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: relationListQuerySchema }) query: z.infer<typeof relationListQuerySchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const snapshot = await this.reader.snapshot();
    const unitId = query.unit === undefined ? principal.unitId : unitWithin(snapshot, principal, query.unit).id;
    const station = query.stationCode === undefined ? undefined : snapshot.stationByCode(query.stationCode);
    if (query.stationCode !== undefined && !station) throw notFound(query.stationCode);
    const rows = snapshot
      .allRelations()
      .filter((relation) => station === undefined || relation.stationId === station.id)
      .filter((relation) => query.carrierCode === undefined || relation.carrierCode === query.carrierCode)
      .filter((relation) => query.day === undefined || coversDay(relation.validFrom, relation.validTo, query.day))
      .filter((relation) => scopeAllows(snapshot, { unitId }, relation.villageId))
      .map((relation) => relationView(snapshot, relation));
    const language = languageOf(request.headers['accept-language']);
    await answerList(request, reply, {
      page: () => pageOf(rows, (row) => `${row.village.code} ${row.validFrom} ${row.id}`, query),
      table: () => ({
        name: `service-relations-${query.day ?? dayOf(this.clock.now())}`,
        columns: COLUMNS.map((column) => ({
          title: message(language, `column_${column}`),
          value: (row: RelationView) => cell(row, column),
        })),
        rows,
      }),
    });
  }

  /** Registers a relation. */
  @Post()
  @Access('directory:write')
  @Answers(201, relationViewSchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: serviceRelationInputSchema }) input: z.infer<typeof serviceRelationInputSchema>,
  ): Promise<RelationView | undefined> {
    const [relation] = await this.relations.createMany(principal, [input]);
    return relation && relationView(await this.reader.snapshot(), relation);
  }

  /** Ends a relation. */
  @Post(':id/end')
  @HttpCode(200)
  @Access('directory:write')
  @Answers(200, relationViewSchema)
  async end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: relationEndSchema }) input: z.infer<typeof relationEndSchema>,
  ): Promise<RelationView> {
    const relation = await this.relations.end(principal, id, input.validTo);
    return relationView(await this.reader.snapshot(), relation);
  }
}

function relationView(snapshot: DirectorySnapshot, relation: RelationNode): RelationView {
  const { id, villageId, carrierCode, mode, stationId, distanceM, validFrom, validTo } = relation;
  const station = snapshot.station(stationId);
  return {
    id,
    village: unitRefOf(snapshot, villageId),
    carrierCode,
    mode,
    station: { id: stationId, code: station?.code ?? '', name: station?.name ?? '' },
    distanceM,
    validFrom,
    validTo,
  };
}

function cell(row: RelationView, column: (typeof COLUMNS)[number]): string | number | null {
  switch (column) {
    case 'villageCode':
      return row.village.code;
    case 'villageName':
      return row.village.name;
    case 'stationCode':
      return row.station.code;
    case 'stationName':
      return row.station.name;
    default:
      return row[column];
  }
}
