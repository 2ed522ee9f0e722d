import { SecretBox } from './secret.box.js';

const box = (key: string) => new SecretBox({ SECRET_KEY: key.repeat(32) } as ConstructorParameters<typeof SecretBox>[0]);

describe('the secret box', () => {
  it('gives back what it sealed, and seals the same text differently each time', () => {
    const [one, two] = [box('k').encrypt('王小明 13800001234'), box('k').encrypt('王小明 13800001234')];
    expect(box('k').decrypt(one)).toBe('王小明 13800001234');
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).toString('utf8')).not.toContain('1380000');
  });

  it('refuses what was changed or belongs to another key', () => {
    const sealed = box('k').encrypt('text');
    const changed = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte));
    expect(() => box('k').decrypt(changed)).toThrow();
    expect(() => box('j').decrypt(sealed)).toThrow();
    expect(() => box('k').decrypt(Uint8Array.of(9, 9))).toThrow('version');
  });

  it('finds a phone by its last four digits only, and not without the key', () => {
    expect(box('k').tail('+86 138-0000-1234')).toBe(box('k').tail('1234'));
    expect(box('k').tail('1234')).not.toBe(box('k').tail('1235'));
    expect(box('k').tail('1234')).not.toBe(box('j').tail('1234'));
  });
});
