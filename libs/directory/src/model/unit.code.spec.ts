import {
  codeFitsParent,
  codeInRange,
  codeRange,
  codeReadings,
  fullCode,
  levelAbove,
  levelBelow,
  levelOfCode,
  nameDisagreement,
} from './unit.code.js';

describe('a division code', () => {
  it('tells its level by its digits', () => {
    expect(['99', '9901', '990101', '990101100', '990101100200'].map(levelOfCode)).toEqual([
      'province',
      'prefecture',
      'county',
      'town',
      'village',
    ]);
    expect(levelOfCode('9901011')).toBeUndefined();
    expect(levelAbove('province')).toBeUndefined();
    expect(levelBelow('town')).toBe('village');
    expect(levelBelow('village')).toBeUndefined();
  });

  it('is read in full form as the highest unit that it can be', () => {
    expect(codeReadings('990101000000')).toEqual(['990101', '990101000', '990101000000']);
    expect(codeReadings('441900000000')[0]).toBe('4419');
    expect(codeReadings('990101100200')).toEqual(['990101100200']);
    expect(codeReadings('990101')).toEqual(['990101']);
    expect(fullCode('990101')).toBe('990101000000');
  });

  it('must begin with its parent and have the digits of its level', () => {
    expect(codeFitsParent('990101100200', 'village', '990101100')).toBe(true);
    expect(codeFitsParent('990101100200', 'village', '990101101')).toBe(false);
    expect(codeFitsParent('990101100', 'village', '990101')).toBe(false);
    expect(codeFitsParent('99010110020x', 'village', '990101100')).toBe(false);
    expect(codeFitsParent('99', 'province', null)).toBe(true);
  });

  it('says by its number what the unit is', () => {
    expect(['990101001', '990101100', '990101200', '990101400', '990101600'].map(codeRange)).toEqual([
      'subdistrict',
      'town',
      'township',
      'town_like',
      undefined,
    ]);
    expect(['990101100001', '990101100200', '990101100400'].map(codeRange)).toEqual(['residents', 'villagers', 'village_like']);
    expect(codeInRange('990101100000')).toBe(false);
    expect(codeInRange('990101')).toBe(true);
  });

  it('is held against the name, which may not tell', () => {
    expect(nameDisagreement('990101001', '晏城街道')).toBeUndefined();
    expect(nameDisagreement('990101100', '晏城街道')).toEqual({ nameSays: 'subdistrict', codeSays: 'town' });
    expect(nameDisagreement('990101200', '焦庙镇')).toEqual({ nameSays: 'town', codeSays: 'township' });
    expect(nameDisagreement('990101100201', '东村社区居委会')).toEqual({ nameSays: 'residents', codeSays: 'villagers' });
    expect(nameDisagreement('990101100201', '东村')).toBeUndefined();
    expect(nameDisagreement('990101400', '经济开发区')).toBeUndefined();
  });
});
