import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { recordBatchResultSchema } from '#contracts';
import { Access, Answers } from '#platform';

/** A path to which phones post records of station work: 200 with a result for each, in their order. @param path below the controller's */
export function TakesRecords(summary: string, path?: string): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    Access('station:work'),
    ApiOperation({ summary }),
    Answers(200, recordBatchResultSchema, 'Results in the order of the records'),
  );
}
