import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  idSchema,
  certificateCollectionSchema,
  certificateInputSchema,
  certificateListQuerySchema,
  certificateViewSchema,
  lotCertificateSchema,
  pageSchema,
  type CertificateCollectionInput,
  type CertificateInput,
  type CertificateListQuery,
  type CertificateView,
  type LotCertificate,
} from '#contracts';
import {
  Access,
  Answers,
  CurrentPrincipal,
  languageOf,
  message,
  sendTable,
  tableForm,
  type Language,
  type Principal,
} from '#platform';
import { CertificateCollectionService } from './certificate.collection.service.js';
import { CertificatePrintService } from './certificate.print.service.js';
import { CertificateService } from './certificate.service.js';

const TABLE_PAGE = 200;

/** 承诺达标合格证: issued, kept, printed, collected. */
@ApiTags('trace')
@Controller('api')
export class CertificateController {
  constructor(
    private readonly certificates: CertificateService,
    private readonly collections: CertificateCollectionService,
    private readonly prints: CertificatePrintService,
  ) {}

  /** Issues a certificate for a lot; it supersedes the lot's former one. Sent again, it answers the same certificate. */
  @Post('lots/:id/certificate')
  @Access('produce:write')
  @Answers(201, certificateViewSchema)
  async issue(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) lotId: string,
    @Body({ schema: certificateInputSchema }) input: CertificateInput,
  ): Promise<CertificateView> {
    return this.certificates.issue(principal, lotId, input);
  }

  /** The newest certificate of a lot, with all of them. */
  @Get('lots/:id/certificate')
  @Access('produce:read')
  @Answers(200, lotCertificateSchema)
  async ofLot(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) lotId: string,
  ): Promise<LotCertificate> {
    return this.certificates.ofLot(principal, lotId);
  }

  /** Certificates below a unit, newest first, as JSON, CSV or XLSX by Accept. */
  @Get('certificates')
  @Access('produce:read')
  @Answers(200, pageSchema(certificateViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: certificateListQuerySchema }) query: CertificateListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = tableForm(request);
    const first = await this.certificates.list(principal, form ? { ...query, cursor: undefined, limit: TABLE_PAGE } : query);
    if (!form) return void (await reply.send(first));
    const { certificates } = this;
    const rows = (async function* () {
      let page = first;
      yield* page.items;
      while (page.nextCursor !== undefined) {
        page = await certificates.list(principal, { ...query, cursor: page.nextCursor, limit: TABLE_PAGE });
        yield* page.items;
      }
    })();
    await sendTable(reply, form, {
      name: 'certificates',
      columns: columns(languageOf(request.headers['accept-language'])),
      rows,
    });
  }

  /** A buyer takes a certificate in, by its number or the link of its QR: no certificate, no purchase. */
  @Post('certificates/collect')
  @Access('produce:write')
  @Answers(201, certificateViewSchema)
  async collect(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: certificateCollectionSchema }) input: CertificateCollectionInput,
  ): Promise<CertificateView> {
    return this.collections.collect(principal, input);
  }

  @Get('certificates/:id')
  @Access('produce:read')
  @Answers(200, certificateViewSchema)
  async get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: idSchema }) id: string): Promise<CertificateView> {
    return this.certificates.get(principal, id);
  }

  /** The sheet that goes with the goods: a PDF of one page, 100 × 70 mm. */
  @Get('certificates/:id/print')
  @Access('produce:write')
  @Answers(200, undefined, 'application/pdf')
  async print(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name, pdf } = await this.prints.print(principal, id);
    await reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${name}"`)
      .header('cache-control', 'private, no-store')
      .send(pdf);
  }
}

function columns(language: Language) {
  const title = (column: string) => message(language, `trace.certificate.column.${column}`);
  const yes = (value: boolean) => message(language, `trace.certificate.${value ? 'yes' : 'no'}`);
  const basis = (row: CertificateView) =>
    row.content.basis.map((name) => message(language, `trace.certificate.basis.${name}`)).join('、');
  return [
    { title: title('number'), value: (row: CertificateView) => row.number },
    { title: title('product'), value: (row: CertificateView) => row.content.productName },
    { title: title('quantityG'), value: (row: CertificateView) => row.content.quantityG },
    { title: title('origin'), value: (row: CertificateView) => row.content.origin },
    { title: title('producer'), value: (row: CertificateView) => row.content.producer },
    { title: title('lotNo'), value: (row: CertificateView) => row.content.lotNo },
    { title: title('basis'), value: basis },
    { title: title('issuedOn'), value: (row: CertificateView) => row.content.issuedOn },
    { title: title('keepUntil'), value: (row: CertificateView) => row.keepUntil },
    { title: title('superseded'), value: (row: CertificateView) => yes(row.supersededBy !== null) },
    { title: title('collections'), value: (row: CertificateView) => row.collections.length },
  ];
}
