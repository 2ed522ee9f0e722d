import { answerOf, refIn } from './webhook.gateway.js';

describe("A gateway's answer", () => {
  it.each([
    [200, { state: 'sent', ref: 'r' }],
    [202, { state: 'sent', ref: 'r' }],
    [302, { state: 'later', reason: 'gateway_302' }],
    [400, { state: 'failed', reason: 'gateway_400' }],
    [404, { state: 'failed', reason: 'gateway_404' }],
    [408, { state: 'later', reason: 'gateway_408' }],
    [429, { state: 'later', reason: 'gateway_429' }],
    [500, { state: 'later', reason: 'gateway_500' }],
    [503, { state: 'later', reason: 'gateway_503' }],
  ])('of %s is %j', (status, expected) => {
    expect(answerOf(status, 'r')).toEqual(expected);
  });

  it.each([
    ['{"ref":"m-1"}', 'm-1'],
    ['{"ref":17}', null],
    ['null', null],
    ['ok', null],
    ['', null],
  ])('%j has the reference %j', (text, ref) => {
    expect(refIn(text)).toBe(ref);
  });
});
