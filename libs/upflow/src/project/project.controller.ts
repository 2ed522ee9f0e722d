import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  pageSchema,
  participantInputSchema,
  projectInputSchema,
  projectListQuerySchema,
  projectViewSchema,
  type ParticipantInput,
  type ProjectInput,
  type ProjectListQuery,
  type ProjectView,
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
import { walk } from '../page.walk.js';
import { ProjectService } from './project.service.js';

/** Branch projects of villages. */
@ApiTags('upflow')
@Controller('api/projects')
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  /** Adds a project; sent again, it answers the same project. */
  @Post()
  @Access('produce:write')
  @Answers(201, projectViewSchema)
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: projectInputSchema }) input: ProjectInput,
  ): Promise<ProjectView> {
    return this.projects.add(principal, input);
  }

  /** Projects below a unit, as JSON, CSV or XLSX by Accept. */
  @Get()
  @Access('produce:read')
  @Answers(200, pageSchema(projectViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: projectListQuerySchema }) query: ProjectListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.projects.list(principal, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.projects.list(principal, { ...query, cursor: undefined, ...at }));
    await sendTable(reply, form, { name: 'projects', columns: columns(languageOf(request.headers['accept-language'])), rows });
  }

  @Get(':id')
  @Access('produce:read')
  @Answers(200, projectViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<ProjectView> {
    return this.projects.get(principal, id);
  }

  /** A producer takes part; told again with a day of leaving, its time ends. */
  @Post(':id/participants')
  @Access('produce:write')
  @Answers(201, projectViewSchema)
  async take(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: participantInputSchema }) input: ParticipantInput,
  ): Promise<ProjectView> {
    return this.projects.take(principal, id, input);
  }
}

function columns(language: Language) {
  const title = (column: string) => message(language, `upflow.column.${column}`);
  return [
    { title: title('id'), value: (row: ProjectView) => row.id },
    { title: title('name'), value: (row: ProjectView) => row.name },
    { title: title('branchName'), value: (row: ProjectView) => row.branchName },
    { title: title('villageCode'), value: (row: ProjectView) => row.village.code },
    { title: title('villageName'), value: (row: ProjectView) => row.village.name },
    { title: title('startedOn'), value: (row: ProjectView) => row.startedOn },
    { title: title('endedOn'), value: (row: ProjectView) => row.endedOn },
    {
      title: title('participants'),
      value: (row: ProjectView) => row.participants.map(({ producer }) => producer.name).join('; '),
    },
  ];
}
