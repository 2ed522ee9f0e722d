import { Module } from '@nestjs/common';
import { ProducerModule } from '../producer/producer.module.js';
import { ProductController } from './product.controller.js';
import { ProductRepository } from './product.repository.js';
import { ProductService } from './product.service.js';

/** Products of producers. */
@Module({
  imports: [ProducerModule],
  controllers: [ProductController],
  providers: [ProductRepository, ProductService],
  exports: [ProductRepository, ProductService],
})
export class ProductModule {}
