import { demoLoginsOf, safeNext } from '../../apps/web/src/login/demo.logins.js';

describe('the sign-in page', () => {
  it('shows the demo logins that the server tells, and no others', () => {
    expect(demoLoginsOf({ demo: true, logins: ['county', 'station', 'stranger', 7] })).toEqual([
      { username: 'county', role: 'county' },
      { username: 'station', role: 'station' },
    ]);
    expect(demoLoginsOf({ demo: true, logins: ['county'], password: 'known' })).toEqual([
      { username: 'county', role: 'county', password: 'known' },
    ]);
    for (const answer of [null, undefined, 'x', {}, { logins: 'county' }]) expect(demoLoginsOf(answer)).toEqual([]);
  });

  it('goes back to a page of this site only', () => {
    expect(safeNext('/county/coverage?unit=990101')).toBe('/county/coverage?unit=990101');
    expect(safeNext('/station/')).toBe('/station/');
    expect(safeNext('/producer/orders')).toBe('/producer/orders');
    for (const next of [
      null,
      '',
      '/',
      '//evil.example',
      'https://evil.example',
      '/countyevil',
      'javascript:alert(1)',
      '/api/auth/logout',
    ])
      expect(safeNext(next)).toBeUndefined();
  });
});
