import { Module } from '@nestjs/common';
import { StepRecordHandler } from './step.record.handler.js';

/** The log of business steps in EPCIS 2.0 terms. */
@Module({ providers: [StepRecordHandler] })
export class EpcisModule {}
