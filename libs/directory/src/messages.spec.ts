import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { message } from '#platform';
import './index.js';

const FOLDER = 'libs/directory/src';
const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(path.join(FOLDER, file), 'utf8'))
  .join('\n');
const named = (pattern: RegExp): string[] => [...new Set([...sources.matchAll(pattern)].map(([, code = '']) => code))];

describe('the messages of the directory', () => {
  it('have a text for every refusal', () => {
    const codes = named(/new DomainError\(\s*'(\w+)'/g);
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => message('en', code) === code)).toEqual([]);
  });

  it('have a text for every problem of an import row', () => {
    const codes = [...named(/this\.(?:error|warn)\(row, [^']*'(\w+)', \{/g), ...named(/code: '(units_missing)'/g)];
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter((code) => message('en', `row_${code}`) === `row_${code}`)).toEqual([]);
  });
});
