import { Module } from '@nestjs/common';
import { ProductRecordHandler } from './product.record.handler.js';
import { ResolverController } from './resolver.controller.js';
import { ResolverService } from './resolver.service.js';
import { TracedProductRepository } from './traced.product.repository.js';

/** Tracing of farm produce: the resolver of products. Needs the platform and the directory beside it. */
@Module({
  controllers: [ResolverController],
  providers: [ProductRecordHandler, ResolverService, TracedProductRepository],
})
export class TraceModule {}
