/** Programs of the machine that some tests need: found, and where it is a server, started and stopped. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { start, stop } from './child.mjs';

/** Full path of the first of these programs on PATH; undefined when there is none. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name + suffix))).find((file) => existsSync(file));
}

const BROWSERS_ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium: CHROMIUM_PATH, else one of the usual names. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return (
    findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    BROWSERS_ELSEWHERE.find((file) => existsSync(file))
  );
}

/** A port of the loopback address that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function ping(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(500, () => answer(false));
    socket.once('data', (data) => answer(String(data).startsWith('+PONG')));
    socket.once('error', () => answer(false));
  });
}

/** Starts a Redis as production runs it, in a folder of its own. Throws when it does not answer within ten seconds. */
export async function startRedis(program) {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-redis-'));
  const settings = { port, bind: '127.0.0.1', dir: folder, 'maxmemory-policy': 'noeviction', appendonly: 'yes', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = start(program, args, { stdio: 'ignore' });
  const end = async () => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    if (await ping(port)) return { url: `redis://127.0.0.1:${port}`, stop: end };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await end();
  throw new Error('redis-server did not answer within 10 s');
}
