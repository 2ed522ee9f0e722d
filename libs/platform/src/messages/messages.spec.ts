import { languageOf, message, registerMessages } from './messages.js';

describe('messages', () => {
  it('fill their placeholders and keep an unknown code readable', () => {
    registerMessages({ 'zh-CN': { spec_greeting: '{name}，您好' }, en: { spec_greeting: 'Hello {name}' } });
    expect(message('zh-CN', 'spec_greeting', { name: '老王' })).toBe('老王，您好');
    expect(message('en', 'spec_greeting', { name: 'Wang' })).toBe('Hello Wang');
    expect(message('en', 'spec_nobody')).toBe('spec_nobody');
  });

  it('must exist in both languages', () => {
    expect(() => registerMessages({ 'zh-CN': { spec_only: '有' }, en: {} })).toThrow('spec_only');
    expect(() => registerMessages({ 'zh-CN': {}, en: { spec_other: 'x' } })).toThrow('spec_other');
  });

  it.each([
    [undefined, 'zh-CN'],
    ['', 'zh-CN'],
    ['en', 'en'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['fr;q=0.9, en;q=0.1, zh;q=0.5', 'zh-CN'],
    ['fr', 'zh-CN'],
  ])('for Accept-Language %p are in %s', (header, expected) => {
    expect(languageOf(header)).toBe(expected);
  });
});
