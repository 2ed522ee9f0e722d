// Where one run of the system tests keeps the loaded demo county, so that it is loaded once and not once a test file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export default function demoFolder() {
  // `cp -a` keeps the owners of the database's files; where there is none, each test file loads its own county.
  if (process.platform !== 'win32') process.env.XIANGYI_DEMO_FOLDER = mkdtempSync(path.join(tmpdir(), 'xiangyi-demo-'));
}

export function removeDemoFolder() {
  if (process.env.XIANGYI_DEMO_FOLDER) rmSync(process.env.XIANGYI_DEMO_FOLDER, { recursive: true, force: true });
}
