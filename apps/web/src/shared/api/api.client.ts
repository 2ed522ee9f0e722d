/**
 * The one way that pages call the API: same origin, session cookie, the language of the page. Every failure is one of two
 * errors: `ApiProblem` (the server answered no, in words) or `NetworkFailure` (no answer, or not one of ours).
 */
import { problemSchema, type Problem } from '#contracts';
import { activeLocale } from '../locale/locale.js';

/** The server refused: its problem document, already in the reader's language. */
export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds that the server asks to wait, when it does. */
    readonly retryAfterS?: number,
  ) {
    super(problem.detail ?? problem.title);
  }
}

/** No usable answer: offline, timed out, or something between us and the server answered in its place. */
export class NetworkFailure extends Error {}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  /** A file to send as multipart, instead of a body. */
  file?: File;
  accept?: string;
  signal?: AbortSignal;
  /** How long the server may be silent, until its answer begins and between the pieces of it. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
let onSignedOut: () => void = () => undefined;

/** Sets what happens when the server no longer knows the session. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

let onRefused: (problem: Problem) => void = () => undefined;
let onAnswered: (serverDate: string | null, sentAtMs: number) => void = () => undefined;

/** Sets what happens at every refusal, beside what the caller does about it. */
export function whenRefused(action: (problem: Problem) => void): void {
  onRefused = action;
}

/** Sets what happens at every answer: the server's `Date` header and when the request was sent, by this device's clock. */
export function whenAnswered(action: (serverDate: string | null, sentAtMs: number) => void): void {
  onAnswered = action;
}

/** A path with its query, empty values left out. */
export function pathOf(path: string, query: RequestOptions['query'] = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return entries.length ? `${path}?${new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()}` : path;
}

/** An answer that has come in whole. */
interface Answered {
  readonly response: Response;
  readonly body: Blob;
}

async function problemOf({ response, body }: Answered): Promise<ApiProblem | NetworkFailure> {
  const parsed = problemSchema.safeParse(await jsonOf(body).catch(() => undefined));
  if (!parsed.success) return new NetworkFailure(`HTTP ${response.status}`);
  const wait = Number(response.headers.get('retry-after'));
  return new ApiProblem(parsed.data, wait > 0 ? wait : undefined);
}

async function jsonOf(body: Blob): Promise<unknown> {
  return JSON.parse(await body.text());
}

/** What goes in the request: JSON, a file as multipart (the browser writes that header itself), or nothing. */
function payload(options: RequestOptions): { body?: BodyInit; headers: Record<string, string> } {
  const headers = { accept: options.accept ?? 'application/json', 'accept-language': activeLocale() };
  if (options.file) {
    const form = new FormData();
    form.append('file', options.file);
    return { body: form, headers };
  }
  if (options.body === undefined) return { headers };
  return { body: JSON.stringify(options.body), headers: { ...headers, 'content-type': 'application/json' } };
}

/** The whole body; `more` is told of every piece. */
async function bodyOf(response: Response, more: () => void): Promise<Blob> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    pieces.push(piece.value);
    more();
  }
  return new Blob(pieces, { type: response.headers.get('content-type') ?? '' });
}

async function send(path: string, options: RequestOptions): Promise<Answered> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Runs until the last byte, and anew with each piece: a slow line is waited for, a silent one is not.
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, options.timeoutMs ?? TIMEOUT_MS);
  };
  options.signal?.addEventListener('abort', abort);
  const sentAtMs = Date.now();
  wait();
  try {
    const response = await fetch(pathOf(path, options.query), {
      method: options.method ?? 'GET',
      ...payload(options),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: controller.signal,
    });
    onAnswered(response.headers.get('date'), sentAtMs);
    return { response, body: await bodyOf(response, wait) };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new NetworkFailure(error instanceof Error ? error.message : 'fetch failed');
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

async function answer(path: string, options: RequestOptions): Promise<Answered> {
  const answered = await send(path, options);
  if (answered.response.ok) return answered;
  const failure = await problemOf(answered);
  if (failure instanceof ApiProblem) onRefused(failure.problem);
  if (answered.response.status === 401 && !path.startsWith('/api/auth/login')) onSignedOut();
  throw failure;
}

/** Calls the API and gives its JSON. Throws `ApiProblem` or `NetworkFailure`. */
export async function api<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { response, body } = await answer(path, options);
  if (response.status === 204) return undefined as T;
  try {
    return (await jsonOf(body)) as T;
  } catch {
    throw new NetworkFailure('The answer is not JSON');
  }
}

const EXTENSIONS = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;
export type ExportFormat = keyof typeof EXTENSIONS;

/** Fetches a list as a file and hands it to the browser's downloads. Throws as `api` does. */
export async function download(path: string, query: RequestOptions['query'], format: ExportFormat, name: string): Promise<void> {
  const { body } = await answer(path, { query, accept: EXTENSIONS[format], timeoutMs: 120_000 });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(body);
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Sends a file to an import and gives its JSON answer. Throws as `api` does. */
export function upload<T>(path: string, file: File): Promise<T> {
  return api<T>(path, { method: 'POST', file, timeoutMs: 120_000 });
}
