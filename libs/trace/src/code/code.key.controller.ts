import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { codeKeyViewSchema, type CodeKeyView } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { CodeKeys, type CodeKeyRow } from './code.keys.js';

/** Keys of the codes: told by number and date, never by secret. */
@ApiTags('trace')
@Controller('api/code-keys')
export class CodeKeyController {
  constructor(private readonly keys: CodeKeys) {}

  /** The keys, newest first. */
  @Get()
  @Access('code-key:rotate')
  @Answers(200, z.array(codeKeyViewSchema))
  async list(): Promise<CodeKeyView[]> {
    const rows = await this.keys.list();
    return rows.map((row, index) => view(row, index === 0));
  }

  /** Makes a new key, which signs from now on. Labels that were printed before stay valid. */
  @Post('rotate')
  @HttpCode(201)
  @Access('code-key:rotate')
  @Answers(201, codeKeyViewSchema)
  async rotate(@CurrentPrincipal() principal: Principal): Promise<CodeKeyView> {
    return view(await this.keys.rotate(principal), true);
  }
}

const view = (row: CodeKeyRow, signs: boolean): CodeKeyView => ({
  id: row.id,
  signs,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
});
