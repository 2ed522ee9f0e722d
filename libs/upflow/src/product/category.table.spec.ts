import { categoryMessage, namedCategory, PRODUCE_CATEGORIES } from './category.table.js';
import { UPFLOW_MESSAGES } from '../upflow.messages.js';

describe('produce categories', () => {
  it('are known through the nearest named level above', () => {
    expect(namedCategory('010301')).toBe('0103');
    expect(namedCategory('0199')).toBe('01');
    expect(namedCategory('03')).toBe('03');
    expect(namedCategory('99')).toBeUndefined();
  });

  it('are all named in both languages', () => {
    for (const messages of Object.values(UPFLOW_MESSAGES))
      for (const code of PRODUCE_CATEGORIES) expect(messages).toHaveProperty([categoryMessage(code)]);
  });
});
