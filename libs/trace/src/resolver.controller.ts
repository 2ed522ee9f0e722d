import { Controller, Get, Headers, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { resolverDescriptionSchema, tracedProductSchema, type ResolverDescription, type TracedProduct } from '#contracts';
import { Answers, languageOf, message, Public } from '#platform';
import { ResolverService } from './resolver.service.js';

/** The first form of the GS1 Digital Link resolver: a trade item by its GTIN, as JSON. */
@ApiTags('trace')
@Controller()
export class ResolverController {
  constructor(private readonly resolver: ResolverService) {}

  /** What is known of a trade item; `gtin` of 8, 12, 13 or 14 digits. */
  @Get('01/:gtin')
  @Public()
  @Answers(200, tracedProductSchema)
  async product(@Param('gtin', { schema: z.string().max(20) }) gtin: string): Promise<TracedProduct> {
    return this.resolver.product(gtin);
  }

  /** What this resolver supports (GS1-Conformant Resolver, description file). */
  @Get('.well-known/gs1resolver')
  @Public()
  @Answers(200, resolverDescriptionSchema)
  description(@Headers('accept-language') acceptLanguage: string | undefined): ResolverDescription {
    return this.resolver.description(message(languageOf(acceptLanguage), 'trace.resolver.name'));
  }
}
