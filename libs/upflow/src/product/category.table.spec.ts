import { categoryMessage, namedCategory, PRODUCE_CATEGORIES, sameGroup, sameKind } from './category.table.js';
import { UPFLOW_MESSAGES } from '../upflow.messages.js';

describe('produce categories', () => {
  it('are known through the nearest named level above', () => {
    expect(namedCategory('010301')).toBe('010301');
    expect(namedCategory('01030102')).toBe('010301');
    expect(namedCategory('0199')).toBe('01');
    expect(namedCategory('0301')).toBe('03');
    expect(namedCategory('99')).toBeUndefined();
  });

  it('are all named in both languages, each below one that is named', () => {
    for (const messages of Object.values(UPFLOW_MESSAGES))
      for (const code of PRODUCE_CATEGORIES) expect(messages).toHaveProperty([categoryMessage(code)]);
    expect(UPFLOW_MESSAGES['zh-CN']).toMatchObject({ 'upflow.category.010301': '仁果类', 'upflow.category.010701': '茶叶' });
    for (const code of PRODUCE_CATEGORIES) if (code.length > 2) expect(PRODUCE_CATEGORIES).toContain(code.slice(0, -2));
  });

  it('are compared by group and by kind', () => {
    expect(sameGroup('010301', '010302')).toBe(true);
    expect(sameGroup('010301', '0104')).toBe(false);
    expect(sameKind('010301', '01030102')).toBe(true);
    expect(sameKind('010301', '010302')).toBe(false);
    expect(sameKind('0103', '010301')).toBe(false);
  });
});
