import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  idSchema,
  pageSchema,
  personViewSchema,
  userChangeSchema,
  userInputSchema,
  userListQuerySchema,
  userViewSchema,
  type Page,
  type PersonView,
  type UserView,
} from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { cursorKey, isIdKey } from '../http/list.answer.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { UserService } from './user.service.js';

const idParam = { schema: idSchema };

/** People who sign in, and what they may do where. */
@ApiTags('directory')
@Controller('api/users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly reader: DirectoryReader,
  ) {}

  /** Users within the caller's unit; names and phones are masked. */
  @Get()
  @Access('user:write')
  @Answers(200, pageSchema(userViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: userListQuerySchema }) query: z.infer<typeof userListQuerySchema>,
  ): Promise<Page<UserView>> {
    const unitId =
      query.unit === undefined ? principal.unitId : unitWithin(await this.reader.snapshot(), principal, query.unit).id;
    return await this.users.list(unitId, query, cursorKey(query, isIdKey), query.limit);
  }

  /** Makes a user. */
  @Post()
  @Access('user:write')
  @Answers(201, userViewSchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: userInputSchema }) input: z.infer<typeof userInputSchema>,
  ): Promise<UserView | undefined> {
    const [user] = await this.users.createMany(principal, [input]);
    return user;
  }

  /** Changes a user; a new password, role or unit, and disabling, end its sessions. */
  @Patch(':id')
  @HttpCode(200)
  @Access('user:write')
  @Answers(200, userViewSchema)
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param('id', idParam) id: string,
    @Body({ schema: userChangeSchema }) input: z.infer<typeof userChangeSchema>,
  ): Promise<UserView> {
    return await this.users.change(principal, id, input);
  }

  /** The person behind a user, unmasked; each look is recorded. */
  @Get(':id/person')
  @Access('personal:unmask')
  @Answers(200, personViewSchema)
  async person(
    @CurrentPrincipal() principal: Principal,
    @Param('id', idParam) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonView> {
    void reply.header('cache-control', 'no-store');
    return await this.users.unmask(principal, id);
  }
}
