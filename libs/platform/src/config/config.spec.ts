import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, StartError } from './config.js';

const DATA_DIR = mkdtempSync(path.join(tmpdir(), 'xiangyi-config-'));
const load = (values: Record<string, string>) => loadConfig({ DATA_DIR, ...values });

describe('the configuration', () => {
  it('has a default for everything on one machine, the demo county included', () => {
    expect(load({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      DEMO: true,
      RATE_LIMIT: true,
      DATABASE_URL: undefined,
      PUBLIC_BASE_URL: 'http://127.0.0.1:8080',
    });
  });

  it('makes a secret once and keeps it', () => {
    expect(load({}).SECRET_KEY).toHaveLength(64);
    expect(load({}).SECRET_KEY).toBe(load({}).SECRET_KEY);
  });

  it('takes an empty variable as unset', () => {
    expect(load({ PORT: '', DATABASE_URL: '' }).PORT).toBe(8080);
  });

  it.each([
    ['a port that is no number', { PORT: 'eighty' }, /PORT/],
    ['a port out of range', { PORT: '70000' }, /PORT/],
    ['a database that is not PostgreSQL', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL: must start with postgres/],
    ['a database of its own without a secret', { DATABASE_URL: 'postgres://x/y' }, /SECRET_KEY: required/],
    ['a short secret', { SECRET_KEY: 'short' }, /SECRET_KEY/],
    ['the public demo password on an open address', { HOST: '0.0.0.0' }, /DEMO_PASSWORD/],
    ['no rate limit on an open address', { HOST: '0.0.0.0', DEMO: '0', RATE_LIMIT: 'off' }, /RATE_LIMIT/],
    ['a data folder that cannot be written', { DATA_DIR: '/dev/null/data' }, /DATA_DIR: cannot write/],
    ['a gateway for messages that is no web address', { SMS_WEBHOOK_URL: 'ftp://x' }, /SMS_WEBHOOK_URL: must be an http/],
    ['a gateway for messages without a secret', { SMS_WEBHOOK_URL: 'https://x.example/sms' }, /SMS_WEBHOOK_SECRET: required/],
    ['a Redis address of another kind', { REDIS_URL: 'http://x' }, /REDIS_URL/],
  ])('refuses %s in one line', (_what, values, expected) => {
    const attempt = () => load(values);
    expect(attempt).toThrow(StartError);
    expect(attempt).toThrow(expected);
    expect(() => attempt()).toThrow(expect.objectContaining({ message: expect.not.stringContaining('\n') as string }) as Error);
  });

  it('starts the demo on an open address with a password of its own', () => {
    expect(load({ HOST: '0.0.0.0', DEMO_PASSWORD: 'a-password-of-ours' }).DEMO).toBe(true);
  });

  it('loads no demo into a database that was named, unless told to', () => {
    const named = { DATABASE_URL: 'postgres://u@h/d', SECRET_KEY: 'x'.repeat(40) };
    expect(load(named).DEMO).toBe(false);
    expect(load({ ...named, DEMO: '1' }).DEMO).toBe(true);
  });
});
