/** What must not be in any committed file: secrets, paths of one machine, narrowed tests, switched-off rules, broken links. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { at, ROOT } from './workspace.mjs';

const EVERYWHERE = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
  ['an access token', /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{36})\b/],
  ['a path of one machine', /(?<![\w.$}])\/(?:root|home\/[a-z]\w*|Users\/[A-Za-z]\w*|work)\/\w/],
];
const IN_CODE = [
  ['a narrowed or skipped test', /\b(?:it|test|describe)\.(?:only|skip)\b|\bx(?:it|describe)\(/],
  ['a rule or type switched off', /eslint-disable|@ts-(?:ignore|nocheck|expect-error)/],
];
const CODE = /\.(?:ts|vue|mjs|js)$/;
const SELF = 'scripts/run/tidy.mjs';
const LARGEST_BYTES = 2_000_000;

function committedFiles() {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return list
    .split('\0')
    .filter((file) => file && file !== SELF && existsSync(at(file)) && statSync(at(file)).size < LARGEST_BYTES);
}

/** Links of a document to files that are not there. */
function brokenLinks(file, text) {
  const targets = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^\w+:/.test(target));
  return targets
    .filter((target) => !existsSync(at(path.dirname(file), target)))
    .map((target) => `${file} links to ${target}, which is not there`);
}

/** Every finding, as `file:line what`. Nothing is checked where there is no git work tree (an unpacked archive). */
export function tidyProblems() {
  if (!existsSync(at('.git'))) return [];
  const problems = [];
  for (const file of committedFiles()) {
    const text = readFileSync(at(file), 'latin1');
    if (text.includes('\0')) continue;
    if (file.endsWith('.md')) problems.push(...brokenLinks(file, text));
    const patterns = CODE.test(file) ? [...EVERYWHERE, ...IN_CODE] : EVERYWHERE;
    for (const [what, pattern] of patterns) {
      const found = pattern.exec(text);
      if (found) problems.push(`${file}:${text.slice(0, found.index).split('\n').length} holds ${what}`);
    }
  }
  return problems;
}
