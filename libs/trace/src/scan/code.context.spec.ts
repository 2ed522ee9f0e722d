import { keepsLong } from './code.context.js';

describe('produce', () => {
  it('is eaten soon when it is fruit or vegetables, and keeps when it is grain, nuts, tubers, tea or not known', () => {
    expect(['010301', '0104', '01040901'].map(keepsLong)).toEqual([false, false, false]);
    expect(['010101', '010307', '010410', '010701', '02', '99'].map(keepsLong)).toEqual([true, true, true, true, true, true]);
  });
});
