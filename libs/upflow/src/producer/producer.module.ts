import { Module } from '@nestjs/common';
import { GlnController } from './gln.controller.js';
import { GlnService } from './gln.service.js';
import { ProducerController } from './producer.controller.js';
import { ProducerRepository } from './producer.repository.js';
import { ProducerService } from './producer.service.js';

/** Producers and who acts for them. */
@Module({
  controllers: [ProducerController, GlnController],
  providers: [GlnService, ProducerRepository, ProducerService],
  exports: [ProducerRepository, ProducerService],
})
export class ProducerModule {}
