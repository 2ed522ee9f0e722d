import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { importResultSchema, unitImportQuerySchema, type ImportResult, type RowProblem } from '#contracts';
import {
  Access,
  Answers,
  CurrentPrincipal,
  DomainError,
  languageOf,
  message,
  readUpload,
  type Language,
  type Principal,
} from '#platform';
import type { ImportProblem } from './unit.import.js';
import { UnitImportService } from './unit.import.service.js';

/** A list with thousands of faults is not made clearer by all of them. */
const MAX_PROBLEMS = 500;

/** Import of a county's village list. */
@ApiTags('directory')
@Controller('api/units')
export class UnitImportController {
  constructor(private readonly imports: UnitImportService) {}

  /** Imports a list whole, or refuses it with its errors row by row; `dryRun=true` answers what would happen. */
  @Post('import')
  @HttpCode(200)
  @Access('directory:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @Answers(200, importResultSchema)
  async import(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: unitImportQuerySchema }) query: z.infer<typeof unitImportQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<ImportResult> {
    const dryRun = query.dryRun === 'true';
    const outcome = await this.imports.importList(principal, await readUpload(request), { dryRun, validFrom: query.validFrom });
    const language = languageOf(request.headers['accept-language']);
    const errors = outcome.problems.filter((problem) => problem.severity === 'error');
    // Errors come first, so that a list with a great many warnings still shows them.
    const shown = [...errors, ...outcome.problems.filter((problem) => problem.severity === 'warning')].slice(0, MAX_PROBLEMS);
    const problems = shown.map((problem) => rowProblem(problem, language));
    if (errors.length > 0 && !dryRun)
      throw new DomainError('import_refused', 422, { count: errors.length }, problems.slice(0, errors.length));
    return { rows: outcome.rows, imported: outcome.imported, unchanged: outcome.unchanged, problems };
  }
}

/** A problem in the reader's language. */
function rowProblem(problem: ImportProblem, language: Language): RowProblem {
  const { row, column, code, params, severity } = problem;
  return { row, path: `${row}:${column}`, code, message: message(language, `row_${code}`, params), severity };
}
