import { Module } from '@nestjs/common';
import { ProducerController } from './producer.controller.js';
import { ProducerRepository } from './producer.repository.js';
import { ProducerService } from './producer.service.js';
import { ProductController } from './product.controller.js';
import { ProductRepository } from './product.repository.js';
import { ProductService } from './product.service.js';
import { SaleModule } from './sale/sale.module.js';

/** Farm produce on its way up: producers and their products. Needs the platform and the directory beside it. */
@Module({
  imports: [SaleModule],
  controllers: [ProducerController, ProductController],
  providers: [ProducerRepository, ProducerService, ProductRepository, ProductService],
  exports: [ProducerService, ProductService],
})
export class UpflowModule {}
