import { Module } from '@nestjs/common';
import { CertificateModule } from '../certificate/certificate.module.js';
import { CodeModule } from '../code/code.module.js';
import { CodeScanRepository } from '../scan/code.scan.repository.js';
import { ScanModule } from '../scan/scan.module.js';
import { FakeReportController } from './fake.report.controller.js';
import { FakeReportRepository } from './fake.report.repository.js';
import { FakeReportService } from './fake.report.service.js';
import { LotFactsReader } from './lot.facts.reader.js';
import { PageController } from './page.controller.js';
import { ReportController } from './report.controller.js';
import { TracePages } from './trace.pages.js';

/** The consumer's page, the view of a certificate, and reports of fakes. */
@Module({
  imports: [CertificateModule, CodeModule, ScanModule],
  controllers: [PageController, ReportController, FakeReportController],
  providers: [CodeScanRepository, FakeReportRepository, FakeReportService, LotFactsReader, TracePages],
  exports: [TracePages],
})
export class PageModule {}
