/** The build: Prisma client, server and web, each made again only when what it is made of has changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { node } from './child.mjs';
import { emit } from './emit.mjs';
import { filesUnder, hashOf, serverFiles } from './sources.mjs';
import { at, step } from './workspace.mjs';

const STAMP = at('dist', '.stamp.json');
const SERVER_ROOTS = ['apps', 'libs', 'prisma'];

const readStamp = () => (existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : {});

function writeStamp(part, hash) {
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(STAMP, JSON.stringify({ ...readStamp(), [part]: hash }));
}

function must(result, what) {
  if (result.code === 0) return;
  throw new Error(`${result.output.trim()}\n${what} ${result.timedOut ? 'took too long' : 'failed'}.`);
}

/** Makes the Prisma client. `generate` never runs the schema engine, so any executable keeps Prisma from fetching one. */
async function generateClient() {
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
  const args = ['node_modules/prisma/build/index.js', 'generate', '--schema', 'prisma/schema', '--no-hints'];
  must(await node(args, { timeoutMs: 120_000, env }), 'prisma generate');
}

async function bundleWeb() {
  const args = ['node_modules/vite/bin/vite.js', 'build', 'apps/web', '--logLevel', 'warn'];
  must(await node(args, { timeoutMs: 300_000, env: { NODE_ENV: 'production' } }), 'vite build');
}

const parts = {
  prisma: {
    title: 'database client made',
    files: () => filesUnder(['prisma/schema', 'prisma.config.ts', 'node_modules/prisma/package.json']),
    made: () => existsSync(at('prisma', 'generated', 'client.ts')),
    make: generateClient,
  },
  server: {
    title: 'server built',
    files: () => [...serverFiles(), '.swcrc', 'scripts/run/emit.mjs'],
    made: () => existsSync(at('dist', 'libs')),
    make: () => emit(serverFiles(), SERVER_ROOTS),
  },
  web: {
    title: 'web built',
    files: () => filesUnder(['apps/web', 'libs/contracts', 'node_modules/vite/package.json']),
    made: () => existsSync(at('dist', 'web', 'index.html')),
    make: bundleWeb,
  },
};

/** Makes one part if its sources changed. Throws an Error whose message is what the tool said. */
async function ensure(part) {
  const { title, files, made, make } = parts[part];
  const hash = hashOf(files());
  if (made() && readStamp()[part] === hash) return;
  await step(title, make);
  writeStamp(part, hash);
}

/** Builds what is out of date. The web and the server do not depend on one another and are made side by side. */
export async function ensureBuilt({ web = true } = {}) {
  await Promise.all([ensure('prisma').then(() => ensure('server')), web && ensure('web')]);
}
