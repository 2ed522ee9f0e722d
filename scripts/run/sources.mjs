/** Which source files there are and what they add up to: the basis of "build only what changed". */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { at, ROOT } from './workspace.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.data', '.cache']);

/** Files under the given folders (or the files themselves), relative to the root with `/`, in a stable order. */
export function filesUnder(paths, keep = () => true) {
  const found = [];
  const visit = (relative) => {
    const full = at(relative);
    if (!existsSync(full)) return;
    if (!statSync(full).isDirectory()) {
      if (keep(relative)) found.push(relative);
      return;
    }
    for (const entry of readdirSync(full, { withFileTypes: true })) {
      if (!SKIPPED.has(entry.name)) visit(path.posix.join(relative, entry.name));
    }
  };
  paths.forEach(visit);
  return found.sort();
}

/** One hash over names and contents. */
export function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

/** What the server is made of: TypeScript and JSON of apps, libs, the demo county and the generated client; no tests, no web. */
export const serverFiles = () => filesUnder(['apps', 'libs', 'prisma'], isServerFile);

/** Whether a file (relative to the root) becomes part of dist. */
export function isServerFile(file) {
  return !file.startsWith('apps/web/') && /\.(ts|json)$/.test(file) && !/(\.spec|\.d)\.ts$/.test(file);
}
