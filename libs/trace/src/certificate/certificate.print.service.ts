import { Inject, Injectable } from '@nestjs/common';
import { Audit, CONFIG, Database, SecretBox, type Config } from '#platform';
import { certificateLink } from './certificate.number.js';
import { CertificateRepository } from './certificate.repository.js';
import { CertificateService, type CertificateActor } from './certificate.service.js';
import { certificatePdf } from './certificate.sheet.js';

/**
 * The sheet that goes with the goods. The law wants the producer's name and telephone on it, so whoever acts for the producer gets them in full; each print
 * is audited.
 */
@Injectable()
export class CertificatePrintService {
  constructor(
    private readonly database: Database,
    private readonly certificates: CertificateService,
    private readonly repository: CertificateRepository,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** A PDF of one page. @throws DomainError `not_found` 404 */
  async print(actor: CertificateActor, id: string): Promise<{ name: string; pdf: Buffer }> {
    const row = await this.certificates.row(actor, id);
    const sealedName = await this.repository.sealedName(this.database, row.producerId);
    const pdf = await certificatePdf({
      number: row.number,
      url: certificateLink(this.config.PUBLIC_BASE_URL, row.number),
      content: row.content,
      producer: sealedName ? this.secrets.decrypt(sealedName) : row.content.producer,
      phone: this.secrets.decrypt(row.contact),
    });
    const { countyCode } = row;
    await this.audit.record(this.database, {
      countyCode,
      actorId: actor.id,
      action: 'certificate.printed',
      subject: `certificate:${id}`,
    });
    return { name: `certificate-${row.number}.pdf`, pdf };
  }
}
