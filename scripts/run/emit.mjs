/** TypeScript → dist, one file at a time: no type check (that is `npm run check`), so a whole build takes about a second. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder } from './sources.mjs';
import { at } from './workspace.mjs';

const OPTIONS = JSON.parse(readFileSync(at('.swcrc'), 'utf8'));
OPTIONS.jsc.experimental = { ...OPTIONS.jsc.experimental, keepImportAttributes: true };

function writeIfChanged(file, content) {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function emitFile(swc, file) {
  const target = at('dist', file);
  const source = readFileSync(at(file), 'utf8');
  if (file.endsWith('.json')) {
    writeIfChanged(target, source);
    return [target];
  }
  const script = target.replace(/\.ts$/, '.js');
  const name = path.basename(script);
  const sourceFileName = path.relative(path.dirname(script), at(file)).split(path.sep).join('/');
  const { code, map } = await swc.transform(source, {
    ...OPTIONS,
    swcrc: false,
    configFile: false,
    filename: at(file),
    sourceFileName,
  });
  writeIfChanged(`${script}.map`, map);
  writeIfChanged(script, `${code}//# sourceMappingURL=${name}.map\n`);
  return [script, `${script}.map`];
}

const isEmitted = (file) => /\.(js|js\.map|json)$/.test(file);

/**
 * Writes dist/<path>.js, its source map, and JSON as it is, for every given file; removes what no longer has a source under `roots`.
 * Throws with the compiler's message at the first file that does not parse.
 */
export async function emit(files, roots) {
  const { default: swc } = await import('@swc/core');
  const written = new Set((await Promise.all(files.map((file) => emitFile(swc, file)))).flat());
  for (const old of filesUnder(
    roots.map((root) => path.posix.join('dist', root)),
    isEmitted,
  )) {
    if (!written.has(at(old))) rmSync(at(old));
  }
}
