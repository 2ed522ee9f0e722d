import fc from 'fast-check';
import { maskAddress } from './address.mask.js';

describe('An address on a printed label', () => {
  it.each([
    ['文一路12号3栋2单元502室', '文一路12号3栋*单元***室'],
    ['阳光花园3号楼502', '阳光花园3号楼***'],
    ['阳光花园3-1-502', '阳光花园*******'],
    ['解放路12号国际大厦18F', '解放路12号国际大厦***'],
    ['幸福路12号', '幸福路12号'],
    ['幸福村三组', '幸福村三组'],
    ['三里屯路8号十二层A区', '三里屯路8号**层A区'],
    ['花园路502室', '花园路***室'],
    ['东山村12号', '东山村12号'],
  ])('%s shows %s', (whole, shown) => {
    expect(maskAddress(whole)).toBe(shown);
  });

  it('never shows the number of a room', () => {
    const room = fc.integer({ min: 101, max: 3999 }).map(String);
    const house = fc.constantFrom('文一路12号', '阳光花园3栋', '人民路8号院5号楼', '世纪公寓');
    const unit = fc.constantFrom('', '2单元', '一单元');
    const ending = fc.constantFrom('', '室', '户', '房');
    fc.assert(
      fc.property(house, unit, room, ending, (street, stairs, number, end) => {
        expect(maskAddress(`${street}${stairs}${number}${end}`)).not.toContain(number);
      }),
    );
  });
});
