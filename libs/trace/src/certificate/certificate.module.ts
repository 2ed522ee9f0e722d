import { Module } from '@nestjs/common';
import { CertificateCollectionService } from './certificate.collection.service.js';
import { CertificateController } from './certificate.controller.js';
import { CertificatePrintService } from './certificate.print.service.js';
import { CertificateRepository } from './certificate.repository.js';
import { CertificateService } from './certificate.service.js';
import { CertificateViews } from './certificate.view.js';
import { LotPageMarks } from './lot.page.marks.js';

/** Certificates: issued, kept, printed, collected. */
@Module({
  controllers: [CertificateController],
  providers: [
    LotPageMarks,
    CertificateRepository,
    CertificateViews,
    CertificateService,
    CertificateCollectionService,
    CertificatePrintService,
  ],
  exports: [LotPageMarks, CertificateRepository, CertificateViews, CertificateService],
})
export class CertificateModule {}
