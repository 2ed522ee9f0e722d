import { LoginThrottle } from './login.throttle.js';

describe('the throttle of log-ins', () => {
  const fail = (throttle: LoginThrottle, times: number, nowMs: number): void => {
    for (let attempt = 0; attempt < times; attempt += 1) throttle.begin('keeper|::1', nowMs);
  };

  it('refuses the ninth attempt in a row, for its pair of name and address only', () => {
    const throttle = new LoginThrottle();
    fail(throttle, 8, 0);
    expect(() => throttle.begin('keeper|::1', 60_000)).toThrow('too_many_attempts');
    expect(() => throttle.begin('keeper|::2', 60_000)).not.toThrow();
  });

  it('says how long to wait and then lets through again', () => {
    const throttle = new LoginThrottle();
    fail(throttle, 8, 0);
    expect(() => throttle.begin('keeper|::1', 60_000)).toThrow(
      expect.objectContaining({ status: 429, params: { seconds: 840 } }),
    );
    expect(() => throttle.begin('keeper|::1', 900_000)).not.toThrow();
  });

  it('forgets the failures after a success', () => {
    const throttle = new LoginThrottle();
    fail(throttle, 8, 0);
    throttle.succeeded('keeper|::1');
    expect(() => fail(throttle, 8, 1)).not.toThrow();
  });
});
