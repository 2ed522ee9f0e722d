/** The yardstick of pages: a Fastify server of its own process that answers every request with the same bytes. Started by `test/load/trace.ts`. */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

const [file = '', type = 'text/html; charset=utf-8'] = process.argv.slice(2);
const bytes = readFileSync(file);
const server = Fastify();
server.get('/*', (_request, reply) => reply.header('content-type', type).header('cache-control', 'no-store').send(bytes));
process.on('disconnect', () => process.exit());
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
process.send?.('ready');
