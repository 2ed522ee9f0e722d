import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { problemSchema } from '#contracts';

/** Documents a route's success answer by its schema, and that every refusal is a problem. */
export function Answers(status: number, schema?: z.ZodType, description = ''): MethodDecorator {
  return applyDecorators(
    ApiResponse({ status, description, ...(schema ? { standardSchema: schema } : {}) }),
    ApiResponse({ status: 'default', description: 'application/problem+json', standardSchema: problemSchema }),
  );
}
