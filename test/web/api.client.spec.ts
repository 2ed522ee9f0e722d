import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { api, ApiProblem, NetworkFailure } from '../../apps/web/src/shared/api/api.client.js';

const SILENCE_MS = 300;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('A call of the API', () => {
  let respond: (response: ServerResponse) => void = () => undefined;
  const server = createServer((_, response) => respond(response));
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const call = (signal?: AbortSignal) => api<unknown>(`${base}/x`, { timeoutMs: SILENCE_MS, ...(signal && { signal }) });

  it.each([200, 400])('gives up an answer %s that stalls after its head', async (status) => {
    respond = (response) => response.writeHead(status, JSON_TYPE).write('{"results":');
    await expect(call()).rejects.toBeInstanceOf(NetworkFailure);
  });

  it('waits for an answer that comes slowly but comes', async () => {
    respond = (response) => {
      response.writeHead(200, JSON_TYPE);
      const pieces = ['{"a"', ':"收', '件","b"', ':[1', ',2]', '}'];
      const timer = setInterval(() => {
        const piece = pieces.shift();
        if (piece !== undefined) return response.write(piece);
        clearInterval(timer);
        return response.end();
      }, SILENCE_MS / 3);
    };
    expect(await call()).toEqual({ a: '收件', b: [1, 2] });
  });

  it('can be called off while its answer is coming in', async () => {
    respond = (response) => response.writeHead(200, JSON_TYPE).write('[');
    const caller = new AbortController();
    setTimeout(() => caller.abort(), SILENCE_MS / 3);
    await expect(call(caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tells an empty answer, a refusal in words and somebody else’s page apart', async () => {
    respond = (response) => response.writeHead(204).end();
    expect(await call()).toBeUndefined();
    const problem = { type: 'about:blank', title: 'No', status: 429, code: 'slow_down', instance: '/x', correlationId: 'c' };
    respond = (response) => response.writeHead(429, { ...JSON_TYPE, 'retry-after': '7' }).end(JSON.stringify(problem));
    const refusal = await call().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiProblem);
    expect(refusal).toMatchObject({ retryAfterS: 7, problem: { code: 'slow_down' } });
    respond = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    await expect(call()).rejects.toBeInstanceOf(NetworkFailure);
  });
});
