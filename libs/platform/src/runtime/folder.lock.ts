import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../config/config.js';

/**
 * Keeps two applications off one data folder. The lock holds a process number; a lock whose process is gone (a kill, a power cut) is taken over.
 * @returns how to give the lock back
 * @throws StartError when another application runs on the folder
 */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'application.pid');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder && holder !== process.pid && isApplication(holder))
    throw new StartError(`DATA_DIR: ${folder} is in use by a running application (process ${holder})`);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isApplication(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Process numbers are used again: on Linux the command line tells whether it is still ours.
  const commandLine = `/proc/${pid}/cmdline`;
  return (
    process.platform !== 'linux' ||
    (existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(`${path.sep}apps${path.sep}`))
  );
}
