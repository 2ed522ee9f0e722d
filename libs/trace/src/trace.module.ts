import { Module } from '@nestjs/common';
import { CodeModule } from './code/code.module.js';
import { EpcisModule } from './epcis/epcis.module.js';

/** Tracing of farm produce. Needs the platform and the directory beside it. */
@Module({ imports: [CodeModule, EpcisModule] })
export class TraceModule {}
