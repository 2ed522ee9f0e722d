import { Module } from '@nestjs/common';
import { LotModule } from './lot/lot.module.js';
import { ProducerModule } from './producer/producer.module.js';
import { ProductModule } from './product/product.module.js';
import { ProjectModule } from './project/project.module.js';
import { SaleModule } from './sale/sale.module.js';

/** Farm produce on its way up: producers, products, lots and their sale. Needs the platform and the directory beside it. */
@Module({
  imports: [ProducerModule, ProductModule, LotModule, ProjectModule, SaleModule],
  exports: [ProducerModule, ProductModule, LotModule, ProjectModule, SaleModule],
})
export class UpflowModule {}
