import { Module } from '@nestjs/common';
import { ProducerController } from './producer.controller.js';
import { ProducerRepository } from './producer.repository.js';
import { ProducerService } from './producer.service.js';

/** Producers and who acts for them. */
@Module({
  controllers: [ProducerController],
  providers: [ProducerRepository, ProducerService],
  exports: [ProducerRepository, ProducerService],
})
export class ProducerModule {}
