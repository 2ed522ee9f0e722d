/** Runs one of the built programs in the foreground: its output is ours, our signals are its, its end is our end. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { at } from './workspace.mjs';

/**
 * Starts `dist/<program>` and ends this process with its exit code. A signal is passed on once: on a terminal Ctrl-C has
 * already reached both, and the program stops once whatever the number of signals. The channel between the two (`ipc`) closes
 * when this process is killed outright, and the program then stops by itself.
 */
export function runProgram(program, args = []) {
  const options = { cwd: at(), stdio: ['inherit', 'inherit', 'inherit', 'ipc'] };
  const child = spawn(process.execPath, ['--enable-source-maps', at('dist', program), ...args], options);
  let passed = false;
  const pass = (name) => {
    if (passed) return;
    passed = true;
    child.kill(name);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => pass(name === 'SIGHUP' ? 'SIGTERM' : name));
  followParent(() => pass('SIGTERM'));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
}

/**
 * npm that is killed outright cannot pass a signal on. Its end shows in the process numbers above this one: npm is the parent, or the
 * parent of the shell between the two.
 */
function followParent(onEnd) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const before = ancestors();
  const watch = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(watch);
    onEnd();
  }, 500);
  watch.unref();
}

function ancestors() {
  try {
    // "pid (name) state ppid …". Only above npm's own shell: what started npm may end and leave it running.
    const [, name, above] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'));
    return `${process.ppid} ${/sh$/.test(name) ? above : ''}`;
  } catch {
    return `${process.ppid}`;
  }
}
