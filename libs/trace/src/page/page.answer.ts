/** How pages are sent: by Accept and language, under a strict policy, and kept by nobody where a verdict is in them. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, type Language } from '#platform';
import { renderPage, type ShownPage } from './page.renderer.js';
import { PAGE_POLICY } from './page.style.js';

/** The reader's language: `?lang=` of the page's own link, else what the browser asks for. */
export function pageLanguage(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown };
  return lang === 'en' || lang === 'zh-CN' ? lang : languageOf(request.headers['accept-language']);
}

/** Whether a program asks: JSON comes before HTML in Accept. */
export function prefersJson(accept: string | undefined): boolean {
  let [json, html] = [0, 0];
  for (const part of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...options] = part.split(';').map((text) => text.trim());
    const quality = Number(options.find((option) => option.startsWith('q='))?.slice(2) ?? 1) || 0;
    if (type === 'application/json' || type === 'application/*') json = Math.max(json, quality);
    if (type === 'text/html' || type === 'text/*' || type === '*/*')
      html = Math.max(html, type === 'text/html' ? quality : quality - 0.01);
  }
  return json > html;
}

const MACHINE = /bot\b|spider|crawl|slurp|externalhit|link ?preview/i;

/** Whether a request is a look of a person: a GET that no crawler sends and no browser sends ahead of need. */
export function isLook(request: FastifyRequest): boolean {
  const { headers, method } = request;
  if (method !== 'GET' || MACHINE.test(headers['user-agent'] ?? '')) return false;
  const purpose = `${String(headers['sec-purpose'] ?? '')}${String(headers['purpose'] ?? '')}${String(headers['x-moz'] ?? '')}`;
  return !/prefetch|preview/i.test(purpose);
}

/** Sends HTML. `cached` pages carry an ETag and are asked for anew each time; the others are kept by nobody. */
export function sendHtml(
  request: FastifyRequest,
  reply: FastifyReply,
  html: Buffer,
  { status = 200, language, cached = false }: { status?: number; language: Language; cached?: boolean },
): void {
  send(request, reply.header('content-security-policy', PAGE_POLICY), html, 'text/html; charset=utf-8', {
    status,
    language,
    cached,
  });
}

/** Sends the page of a code, a lot or a product, as HTML or JSON by Accept; 404 when it is unknown. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, shown: ShownPage): void {
  const { page, language } = shown;
  const status = page.verdict === 'unknown' ? 404 : 200;
  const answer = { status, language, cached: page.code === null && status === 200 };
  void reply.header('vary', 'accept, accept-language');
  if (prefersJson(request.headers.accept)) send(request, reply, JSON.stringify(page), 'application/json; charset=utf-8', answer);
  else sendHtml(request, reply, renderPage(shown), answer);
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Buffer | string,
  type: string,
  { status, language, cached }: { status: number; language: Language; cached: boolean },
): void {
  void reply.header('content-language', language).header('cache-control', cached ? 'no-cache' : 'no-store');
  if (cached) {
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    void reply.header('etag', tag);
    const known = request.headers['if-none-match']?.split(',').map((entry) => entry.trim().replace(/^W\//, ''));
    if (known?.includes(tag)) return void reply.status(304).send();
  }
  void reply.status(status).header('content-type', type).send(body);
}
