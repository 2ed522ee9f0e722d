import { readFileSync } from 'node:fs';
import { generateCounty } from './county.generator.js';

const text = readFileSync('docs/DEMO.md', 'utf8');
const county = generateCounty('2026-11-23');
const named = new Set(text.split(/[\s,，。|:;()（）]+/));

describe('docs/DEMO.md', () => {
  it('names every village that shows a case', () => {
    const missing = county.villages.filter((village) => village.case !== 'steady' && !named.has(village.name));
    expect(missing.map((village) => `${village.case} ${village.name}`)).toEqual([]);
  });

  it('names no village that is not there', () => {
    const known = new Set(county.villages.map((village) => village.name));
    const strangers = [...named].filter((word) => /^\p{Script=Han}{2,}(村|嘎查)$/u.test(word) && !known.has(word));
    expect(strangers).toEqual([]);
  });

  it('has every login that is not one of a series', () => {
    const single = county.users.filter((user) => !/-\d{3}$/.test(user.username));
    expect(single).toHaveLength(6);
    for (const user of single) expect(text).toContain(`\`${user.username}\``);
  });
});
