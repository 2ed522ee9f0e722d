/**
 * The station app's service worker: the app's own page and files from the phone, everything else from the network. What belongs to the app comes from the
 * build (`__WB_MANIFEST`); a version is installed whole or not at all. API answers never pass through here: what a keeper needs of them offline is kept
 * encrypted by the page.
 */

/** What this file uses of a worker's global scope: the types of pages and of workers do not go together in one project. */
interface WorkEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends WorkEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
declare const self: {
  readonly __WB_MANIFEST: readonly (string | { url: string; revision: string | null })[];
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WorkEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: WorkEvent & { readonly data: unknown }) => void): void;
};

export {};

const PAGE = '/station/index.html';
const PREFIX = 'station-';
/** This version and the one before: a page that is still open on it may yet load one of its parts. */
const VERSIONS_KEPT = 2;

const files = self.__WB_MANIFEST.map((entry) => (typeof entry === 'string' ? { url: entry, revision: null } : entry));
/** The scanner's WebAssembly is larger than all the rest: it is fetched once the app runs. */
const isLater = (url: string): boolean => url.endsWith('.wasm');
const known = new Set(files.map(({ url }) => url));
const name = PREFIX + hashOf(files.map(({ url, revision }) => `${url} ${revision ?? ''}`).join('\n'));

/** FNV-1a: tells one build from another. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** A file with its hash in its name never changes: the version before may have it already, and 2G is slow. */
async function fetchInto(cache: Cache, { url, revision }: { url: string; revision: string | null }): Promise<void> {
  const had = revision === null ? await caches.match(url) : undefined;
  const cached = revision === null ? 'default' : 'no-cache';
  const answer = had ?? (await fetch(url, { cache: cached, credentials: 'same-origin' }));
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  await cache.put(url, answer);
}

async function install(): Promise<void> {
  const cache = await caches.open(name);
  await Promise.all(files.filter(({ url }) => !isLater(url)).map((file) => fetchInto(cache, file)));
}

async function fetchLater(): Promise<void> {
  const cache = await caches.open(name);
  for (const file of files) if (isLater(file.url) && !(await cache.match(file.url))) await fetchInto(cache, file);
}

async function activate(): Promise<void> {
  const own = (await caches.keys()).filter((key) => key.startsWith(PREFIX));
  const before = own.filter((key) => key !== name);
  await Promise.all(before.slice(0, Math.max(0, before.length - VERSIONS_KEPT + 1)).map((key) => caches.delete(key)));
  await self.clients.claim();
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(name);
  return (await cache.match(PAGE)) ?? (await fetch(request));
}

async function file(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(name);
  const kept = (await cache.match(path)) ?? (await caches.match(path));
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && known.has(path)) await cache.put(path, answer.clone());
  return answer;
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(self.skipWaiting());
  // Without a network it is asked for again at the next start.
  if (event.data === 'fetch the rest') event.waitUntil(fetchLater().catch(() => undefined));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  const ofApp = pathname === '/station' || pathname.startsWith('/station/');
  if (request.mode === 'navigate' && ofApp) event.respondWith(page(request));
  else if (pathname.startsWith('/assets/') || known.has(pathname)) event.respondWith(file(request, pathname));
});
