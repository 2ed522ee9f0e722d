import { Module } from '@nestjs/common';
import { CertificateModule } from './certificate/certificate.module.js';
import { CodeModule } from './code/code.module.js';
import { EpcisModule } from './epcis/epcis.module.js';
import { PageModule } from './page/page.module.js';
import { RecallModule } from './recall/recall.module.js';
import { ResolverModule } from './resolver/resolver.module.js';
import { ScanModule } from './scan/scan.module.js';

/** Tracing of farm produce. Needs the platform and the directory beside it. */
@Module({ imports: [CertificateModule, CodeModule, EpcisModule, PageModule, RecallModule, ResolverModule, ScanModule] })
export class TraceModule {}
