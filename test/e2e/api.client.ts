/** A program that uses the public HTTP interface as anybody may: nothing but addresses and a token. */

const TIMEOUT_MS = 30_000;

export interface ApiAnswer<T> {
  status: number;
  body: T;
}

export class ApiClient {
  private constructor(readonly token: string) {}

  /** Signs in. @throws Error when it is refused */
  static async signIn(baseUrl: string, username: string, password = 'xiangyi-demo'): Promise<ApiClient> {
    const answer = await new ApiClient('').post<{ accessToken: string }>(`${baseUrl}/api/auth/login`, { username, password });
    if (answer.status !== 200)
      throw new Error(`Sign-in of ${username} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return new ApiClient(answer.body.accessToken);
  }

  get<T>(url: string): Promise<ApiAnswer<T>> {
    return this.send<T>(url, {});
  }

  /** An object travels as JSON, a form as itself. */
  post<T>(url: string, body: object): Promise<ApiAnswer<T>> {
    if (body instanceof FormData || body instanceof URLSearchParams) return this.send<T>(url, { method: 'POST', body });
    return this.send<T>(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  /** Opens server-sent events; `next` waits for one that carries data. */
  async events(url: string): Promise<{ next(): Promise<unknown>; close(): void }> {
    const ending = new AbortController();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${this.token}` }, signal: ending.signal });
    if (!answer.ok || !answer.body) throw new Error(`${url} answered ${answer.status}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const next = async (): Promise<unknown> => {
      for (;;) {
        const found = /^data: (.*)\n\n/m.exec(text);
        if (found?.[1]) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1]);
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('The stream ended');
        text += value;
      }
    };
    return { next, close: () => ending.abort() };
  }

  private async send<T>(url: string, init: RequestInit): Promise<ApiAnswer<T>> {
    const headers = {
      ...(init.headers as Record<string, string>),
      ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
    };
    const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: (isJson && text ? JSON.parse(text) : text) as T };
  }
}

/** Asks again and again until the answer is the right one; the last answer is given, right or not. */
export async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean, timeoutMs: number): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ;) {
    const answer = await ask();
    if (isRight(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
