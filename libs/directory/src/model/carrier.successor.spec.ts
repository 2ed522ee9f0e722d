import { DEFAULT_PARAMETERS } from '#contracts';
import { successorOf } from './carrier.successor.js';

describe('a carrier with a successor', () => {
  it('is replaced from the day on, and not before', () => {
    expect(successorOf(DEFAULT_PARAMETERS, 'BEST', '2021-11-30')).toBe('BEST');
    expect(successorOf(DEFAULT_PARAMETERS, 'BEST', '2021-12-01')).toBe('JT');
    expect(successorOf(DEFAULT_PARAMETERS, 'ZTO', '2026-01-01')).toBe('ZTO');
  });

  it('is followed through a chain and never round a circle for ever', () => {
    const chain = [
      { carrierCode: 'A1', successorCode: 'B1', from: '2020-01-01' },
      { carrierCode: 'B1', successorCode: 'A1', from: '2022-01-01' },
    ];
    const parameters = { ...DEFAULT_PARAMETERS, carrierSuccessors: chain };
    expect(successorOf(parameters, 'A1', '2021-01-01')).toBe('B1');
    expect(['A1', 'B1']).toContain(successorOf(parameters, 'A1', '2023-01-01'));
  });
});
