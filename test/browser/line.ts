/** A line between phone and county that can be cut, lose answers, or be answered by somebody else: an HTTP proxy that notes what the county said of each entry. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `down`: no connection. `answers lost`: the county gets every request, the phone no answer. `portal`: a hotel's page answers everything. `garbled`: the
 * county gets every batch, and its answers come back without ids.
 */
export type Condition = 'up' | 'down' | 'answers lost' | 'portal' | 'garbled';

export class Line {
  condition: Condition = 'up';
  /** Milliseconds before a batch goes on to the county. */
  delayMs = 0;
  /** How often the county said `accepted` of an entry: more than once would be a double. */
  readonly accepted = new Map<string, number>();
  /** Waybill of every scan that the county accepted. */
  readonly waybills = new Map<string, string>();
  /** Batches at the county at the same time, at most. */
  mostAtOnce = 0;
  /** Bytes of all batches, heads included, there and back. */
  bytes = 0;
  batches = 0;
  /** Changes an answer's text on its way, by path. */
  readonly rewrite = new Map<string, (text: string) => string>();
  private atOnce = 0;
  private readonly server: Server;
  private target = new URL('http://127.0.0.1');

  private constructor() {
    this.server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing).catch(() => outgoing.destroy()));
  }

  /** Opens a line to an application. */
  static async to(baseUrl: string): Promise<Line> {
    const line = new Line();
    line.target = new URL(baseUrl);
    await new Promise<void>((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Cuts the line, also what is on its way. */
  cut(): void {
    this.condition = 'down';
    this.server.closeAllConnections();
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').split('?')[0] ?? '';
    if (this.condition === 'down') return void incoming.socket.destroy();
    if (this.condition === 'portal')
      return void outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our hotel</h1>');
    const sent = await textOf(incoming);
    const isBatch = incoming.method === 'POST' && path === '/api/scans';
    if (isBatch) await this.enter();
    const answer = await this.forward(incoming, sent).finally(() => isBatch && (this.atOnce -= 1));
    if (isBatch) this.note(sent, answer);
    const now = this.condition as Condition;
    if (isBatch && (now === 'answers lost' || now === 'down')) return void incoming.socket.destroy();
    let { body } = answer;
    if (isBatch && now === 'garbled') body = Buffer.from(body.toString().replaceAll('"id"', '"nr"'));
    const rewrite = this.rewrite.get(path);
    if (rewrite) body = Buffer.from(rewrite(body.toString()));
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
    outgoing.writeHead(answer.status, { ...headers, 'content-length': body.length }).end(body);
  }

  private async enter(): Promise<void> {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    if (this.delayMs) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
  }

  private note(sent: Buffer, answer: { body: Buffer; encoded: number }): void {
    this.batches += 1;
    this.bytes += sent.length + answer.encoded;
    const scans = new Map(
      (JSON.parse(sent.toString()) as { scans: { id: string; waybill: string }[] }).scans.map((scan) => [scan.id, scan]),
    );
    const { results = [] } = JSON.parse(answer.body.toString()) as { results?: { id: string; outcome: string }[] };
    for (const { id, outcome } of results) {
      if (outcome !== 'accepted') continue;
      this.accepted.set(id, (this.accepted.get(id) ?? 0) + 1);
      this.waybills.set(id, scans.get(id)?.waybill ?? '');
    }
  }

  private forward(
    incoming: IncomingMessage,
    sent: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer; encoded: number }> {
    return new Promise((resolve, reject) => {
      // Uncompressed on this side, so that answers can be read and changed.
      const { 'if-none-match': _, 'if-modified-since': __, ...asked } = incoming.headers;
      const headers = { ...asked, 'accept-encoding': 'identity', connection: 'close' };
      const onward = request(new URL(incoming.url ?? '/', this.target), { method: incoming.method, headers }, (answer) => {
        textOf(answer).then(
          (body) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body, encoded: body.length }),
          reject,
        );
      });
      onward.setTimeout(60_000, () => onward.destroy(new Error('The application did not answer')));
      onward.on('error', reject);
      onward.end(sent);
    });
  }
}

async function textOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
