import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { resolverDescriptionSchema, type ResolverDescription } from '#contracts';
import { Answers, CONFIG, DomainError, languageOf, message, notFound, Public, type Config, type Language } from '#platform';
import { isLook, pageLanguage, sendPage } from '../page/page.answer.js';
import { TracePages } from '../page/trace.pages.js';
import { ScanPoints } from '../scan/scan.point.js';
import { PRIMARY_KEYS } from './application.identifier.js';
import { readDigitalLink, writeDigitalLink, type DigitalLink } from './digital.link.js';
import { LinkResolver, RESOLVED_KEYS, type LinkTarget } from './link.resolver.js';
import { askedType, linksetOf, type TypedLink } from './linkset.js';

const LINKSET = 'application/linkset+json';
const PATHS = Object.keys(PRIMARY_KEYS).flatMap((key) => [key, `${key}/*`]);

/** GS1 Digital Link resolver (docs/domain/digital-link.md). */
@ApiTags('consumer')
@Controller()
export class ResolverController {
  constructor(
    private readonly resolver: LinkResolver,
    private readonly pages: TracePages,
    private readonly points: ScanPoints,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** What this resolver can do. */
  @Get('.well-known/gs1resolver')
  @Public()
  @Answers(200, resolverDescriptionSchema)
  describe(@Req() request: FastifyRequest): ResolverDescription {
    return {
      name: message(languageOf(request.headers['accept-language']), 'trace.resolver.name'),
      resolverRoot: this.config.PUBLIC_BASE_URL,
      supportedPrimaryKeys: [...RESOLVED_KEYS],
      linkTypeDefaultCanBeLinkset: false,
    };
  }

  /** The page, the links or one link of what a Digital Link names; 400 for what is none, 404 for what is not known here. */
  @Get(PATHS)
  @Public()
  @ApiExcludeEndpoint()
  async resolve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = pageLanguage(request);
    const link = readOrRefuse(request.raw.url ?? '', language);
    const target = await this.resolver.find(link);
    if (!target) throw notFound(writeDigitalLink({ ...link, attributes: [] }));
    const anchor = `${this.config.PUBLIC_BASE_URL}${writeDigitalLink({ ...link, attributes: [] })}`;
    void reply
      .header('access-control-allow-origin', '*')
      .header('link', `<${anchor}?linkType=linkset>; rel="linkset"; type="${LINKSET}"`);
    const { linkType } = link.extras;
    const asked = linkType === undefined ? undefined : (askedType(linkType) ?? 'unknown');
    const wantsLinkset = asked === 'linkset' || (asked === undefined && (request.headers.accept ?? '').includes(LINKSET));
    if (target.kind === 'serial_unknown' || (!wantsLinkset && (asked === undefined || asked === 'defaultLink')))
      return this.show(request, reply, target);
    const links = this.linksOf(target, anchor, language);
    if (wantsLinkset) {
      void reply.header('vary', 'accept, accept-language').header('content-type', LINKSET);
      return void reply.send(Buffer.from(JSON.stringify(linksetOf(anchor, links, language))));
    }
    const found = links.find(({ type }) => type === asked);
    if (!found) throw notFound(linkType ?? '');
    void reply.header('cache-control', 'no-store').redirect(found.href, 307);
  }

  private async show(request: FastifyRequest, reply: FastifyReply, target: LinkTarget): Promise<void> {
    const language = pageLanguage(request);
    switch (target.kind) {
      case 'product':
        return sendPage(request, reply, await this.pages.showProduct(target.productId, language));
      case 'lot':
        return sendPage(request, reply, await this.pages.showLot(target.lotId, language));
      case 'code': {
        const point = isLook(request) ? this.points.of(request) : null;
        return sendPage(request, reply, await this.pages.showCode(target.code, point, language));
      }
      case 'serial_unknown':
        return sendPage(request, reply, await this.pages.showCode('', null, language));
    }
  }

  /** The links of a thing, its own page first. */
  private linksOf(target: LinkTarget, anchor: string, language: Language): TypedLink[] {
    const base = this.config.PUBLIC_BASE_URL;
    const page = {
      href: target.kind === 'code' ? `${base}/t/${target.code}` : anchor,
      title: message(language, 'trace.resolver.page'),
    };
    const links: TypedLink[] = [{ type: 'pip', ...page }];
    if (target.kind !== 'lot' && target.kind !== 'code') return links;
    links.push({ type: 'traceability', ...page }, { type: 'recallStatus', ...page });
    if (target.certificate !== null) {
      const href = `${base}/c/${encodeURIComponent(target.certificate)}`;
      links.push({ type: 'certificationInfo', href, title: message(language, 'trace.resolver.certificate') });
    }
    return links;
  }
}

function readOrRefuse(uri: string, language: Language): DigitalLink {
  const reading = readDigitalLink(uri);
  if (reading.ok) return reading.link;
  const { problem, at } = reading;
  const code = `link_${problem}`;
  const reason = message(language, `field_${code}`);
  throw new DomainError('digital_link_invalid', 400, { at, reason }, [{ path: at, code, message: reason }]);
}
