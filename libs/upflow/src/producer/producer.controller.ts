import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  memberInputSchema,
  pageSchema,
  producerInputSchema,
  producerListQuerySchema,
  producerViewSchema,
  type MemberInput,
  type ProducerInput,
  type ProducerListQuery,
  type ProducerView,
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
import { ProducerService } from './producer.service.js';

/** Producers of the county's produce. */
@ApiTags('upflow')
@Controller('api/producers')
export class ProducerController {
  constructor(private readonly producers: ProducerService) {}

  /** Adds a producer; sent again, it answers the same producer. */
  @Post()
  @Access('produce:write')
  @Answers(201, producerViewSchema)
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: producerInputSchema }) input: ProducerInput,
  ): Promise<ProducerView> {
    return this.producers.add(principal, input);
  }

  /** Producers below a unit, as JSON, CSV or XLSX by Accept. */
  @Get()
  @Access('produce:read')
  @Answers(200, pageSchema(producerViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: producerListQuerySchema }) query: ProducerListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.producers.list(principal, query);
    const form = tableForm(request);
    if (!form) return void (await reply.send(first));
    const rows = walk((at) => this.producers.list(principal, { ...query, cursor: undefined, ...at }));
    await sendTable(reply, form, { name: 'producers', columns: columns(languageOf(request.headers['accept-language'])), rows });
  }

  @Get(':id')
  @Access('produce:read')
  @Answers(200, producerViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<ProducerView> {
    return this.producers.get(principal, id);
  }

  /** Lets a user of the role `producer` act for the producer; doing it twice changes nothing. */
  @Post(':id/members')
  @Access('produce:write')
  @HttpCode(204)
  @Answers(204)
  async join(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: memberInputSchema }) input: MemberInput,
  ): Promise<void> {
    await this.producers.join(principal, id, input.username);
  }

  /** The user no longer acts for the producer. */
  @Delete(':id/members/:username')
  @Access('produce:write')
  @HttpCode(204)
  @Answers(204)
  async leave(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('username', { schema: memberInputSchema.shape.username }) username: string,
  ): Promise<void> {
    await this.producers.leave(principal, id, username);
  }
}

function columns(language: Language) {
  const title = (column: string) => message(language, `upflow.column.${column}`);
  return [
    { title: title('id'), value: (row: ProducerView) => row.id },
    { title: title('kind'), value: (row: ProducerView) => message(language, `upflow.kind.${row.kind}`) },
    { title: title('name'), value: (row: ProducerView) => row.name },
    { title: title('villageCode'), value: (row: ProducerView) => row.village.code },
    { title: title('villageName'), value: (row: ProducerView) => row.village.name },
    {
      title: title('povertyAlleviated'),
      value: (row: ProducerView) => message(language, row.povertyAlleviated ? 'upflow.yes' : 'upflow.no'),
    },
    { title: title('creditCode'), value: (row: ProducerView) => row.creditCode },
    { title: title('contactName'), value: (row: ProducerView) => row.contactName },
    { title: title('contactPhone'), value: (row: ProducerView) => row.contactPhone },
  ];
}
