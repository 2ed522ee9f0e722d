import fc from 'fast-check';
import { pairingProblem } from './identifier.pairing.js';

describe('Identifiers that go together', () => {
  it.each([
    [['01', '10', '21', '17', '3103', '3922']],
    [['00', '02', '37', '400']],
    [['01', '22', '10', '21', '8030']],
    [['8018', '8019', '7253', '7254']],
    [['8010', '8011', '8030']],
    [['255', '3940', '17']],
    [['01', '3103', '3223']],
  ])('are %s', (ais) => expect(pairingProblem(ais)).toBeUndefined());

  it.each([
    [['01', '250'], 'needs', '250'],
    [['01', '7020'], 'needs', '7020'],
    [['00', '4303'], 'needs', '4303'],
    [['8018', '7258'], 'needs', '7258'],
    [['255', '01'], 'excludes', '255'],
    [['8017', '8018'], 'excludes', '8017'],
    [['8018', '7250', '7251'], 'excludes', '7250'],
    [['01', '3103', '3105'], 'excludes', '3103'],
    [['8006', '37', '02'], 'excludes', '8006'],
  ])('are not %s: %s at %s', (ais, problem, at) => expect(pairingProblem(ais)).toEqual({ problem, at }));

  it('are so in any order', () => {
    const some = fc.uniqueArray(
      fc.constantFrom('00', '01', '02', '10', '21', '37', '255', '3103', '3102', '3922', '8030', '422', '427'),
    );
    fc.assert(
      fc.property(some, (ais) =>
        expect(pairingProblem(ais) === undefined).toBe(pairingProblem([...ais].reverse()) === undefined),
      ),
    );
  });
});
