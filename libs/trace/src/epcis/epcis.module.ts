import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { EpcisCapture } from './epcis.capture.js';
import { EpcisController } from './epcis.controller.js';
import { EpcisLog } from './epcis.log.js';
import { EpcisRepository } from './epcis.repository.js';
import { EpcisService } from './epcis.service.js';
import { EpcisVerifier } from './epcis.verifier.js';
import { EpcisView } from './epcis.view.js';
import { LotEpcisController } from './lot.epcis.controller.js';
import { StepFacts } from './step.facts.js';
import { StepRecordHandler } from './step.record.handler.js';

/** The log of business steps in EPCIS 2.0 terms. */
@Module({
  controllers: [EpcisController, LotEpcisController],
  providers: [EpcisCapture, EpcisLog, EpcisRepository, EpcisService, EpcisVerifier, EpcisView, StepFacts, StepRecordHandler],
  exports: [EpcisLog, EpcisVerifier, EpcisView],
})
export class EpcisModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Documents come as JSON-LD as well as plain JSON. */
  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const type = 'application/ld+json';
    if (!server.hasContentTypeParser(type))
      server.addContentTypeParser(type, { parseAs: 'string' }, server.getDefaultJsonParser('error', 'error'));
  }
}
