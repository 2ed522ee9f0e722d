import { Module } from '@nestjs/common';
import { CodeModule } from './code/code.module.js';
import { EpcisModule } from './epcis/epcis.module.js';
import { RecallModule } from './recall/recall.module.js';

/** Tracing of farm produce. Needs the platform and the directory beside it. */
@Module({ imports: [CodeModule, EpcisModule, RecallModule] })
export class TraceModule {}
