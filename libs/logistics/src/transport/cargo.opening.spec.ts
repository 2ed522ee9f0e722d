import fc from 'fast-check';
import { afterOpening, inState, openCargo, singleCargo, type Cargo } from './cargo.opening.js';

const waybill = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const scanned = fc.array(waybill, { maxLength: 8 });
const list = fc.uniqueArray(waybill, { maxLength: 6 });
const listed = (waybills: string[]): Cargo => new Map(waybills.map((one) => [one, 'listed']));

describe('Opening a bag', () => {
  it('says of every parcel exactly one thing', () => {
    fc.assert(
      fc.property(list, scanned, (waybills, there) => {
        const { found, turnedUp, missing, excess } = openCargo(listed(waybills), there);
        expect(turnedUp).toEqual([]);
        expect([...found, ...missing].sort()).toEqual([...waybills].sort());
        expect([...found, ...excess].sort()).toEqual([...new Set(there)].sort());
      }),
    );
  });

  it('twice with the same parcels changes nothing', () => {
    fc.assert(
      fc.property(list, scanned, (waybills, there) => {
        const once = afterOpening(listed(waybills), openCargo(listed(waybills), there));
        expect(openCargo(once, there)).toEqual({ found: [], turnedUp: [], missing: [], excess: [] });
      }),
    );
  });

  it('in several goes ends the same, whatever their order', () => {
    fc.assert(
      fc.property(list, scanned, scanned, (waybills, one, other) => {
        const plain = (cargo: Cargo) => [...cargo].sort();
        expect(plain(singleCargo(waybills, [one, other], new Set()))).toEqual(
          plain(singleCargo(waybills, [other, one], new Set())),
        );
      }),
    );
  });

  it('finds a missing parcel later', () => {
    const cargo = singleCargo(['A', 'B'], [['A']], new Set());
    expect(inState(cargo, 'missing')).toEqual(['B']);
    expect(openCargo(cargo, ['A', 'B']).turnedUp).toEqual(['B']);
    expect(inState(singleCargo(['A', 'B'], [['A'], ['B']], new Set()), 'found')).toEqual(['A', 'B']);
  });

  it('of a manifest counts nothing as excess that is in one of its bags', () => {
    expect(inState(singleCargo(['A'], [['A', 'B', 'C']], new Set(['B'])), 'excess')).toEqual(['C']);
  });
});
