import { Module } from '@nestjs/common';
import { ProducerModule } from '../producer/producer.module.js';
import { ProjectController } from './project.controller.js';
import { ProjectRepository } from './project.repository.js';
import { ProjectService } from './project.service.js';

/** Branch projects of villages. */
@Module({
  imports: [ProducerModule],
  controllers: [ProjectController],
  providers: [ProjectRepository, ProjectService],
  exports: [ProjectService],
})
export class ProjectModule {}
