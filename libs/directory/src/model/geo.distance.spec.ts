import fc from 'fast-check';
import { distanceM, positionOf } from './geo.distance.js';

describe('the distance of two positions', () => {
  it('is 111.2 km for a degree of latitude', () => {
    expect(distanceM({ latitude: 35, longitude: 110 }, { latitude: 36, longitude: 110 })).toBeCloseTo(111_195, -1);
  });

  it('is symmetric, never negative and 0 to itself', () => {
    const position = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(distanceM(a, a)).toBe(0);
        expect(distanceM(a, b)).toBeGreaterThanOrEqual(0);
        expect(distanceM(a, b)).toBeCloseTo(distanceM(b, a), 3);
      }),
    );
  });

  it('needs both coordinates', () => {
    expect(positionOf({ latitude: 1, longitude: null })).toBeUndefined();
    expect(positionOf({ latitude: 0, longitude: 0 })).toEqual({ latitude: 0, longitude: 0 });
  });
});
