import { useOnce } from '../../apps/web/src/station/answer/once.js';

describe('What a keeper asks for by a tap', () => {
  it('is done once by two taps, and again by one after that', async () => {
    const done: string[] = [];
    const { busy, run } = useOnce(async (name: string) => {
      await Promise.resolve();
      done.push(name);
    });
    const [first, second] = [run('a'), run('b')];
    expect(busy.value).toBe(true);
    await Promise.all([first, second]);
    expect([done, busy.value]).toEqual([['a'], false]);
    await run('c');
    expect(done).toEqual(['a', 'c']);
  });

  it('can be asked for again when it failed', async () => {
    let tries = 0;
    const { busy, run } = useOnce(() => {
      tries += 1;
      return Promise.reject(new Error('The phone is full'));
    });
    await expect(run()).rejects.toThrow('full');
    expect(busy.value).toBe(false);
    await expect(run()).rejects.toThrow('full');
    expect(tries).toBe(2);
  });
});
