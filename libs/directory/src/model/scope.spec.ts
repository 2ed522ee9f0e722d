import { DirectorySnapshot } from './directory.snapshot.js';
import type { UnitRow, UnitVersionRow } from './directory.nodes.js';
import { assertScope, scopeAllows, SYSTEM_ACTOR } from './scope.js';

const unit = (id: string, level: UnitRow['level'], validTo: string | null = null): UnitRow => ({
  id,
  level,
  validFrom: '2020-01-01',
  validTo,
  latitude: null,
  longitude: null,
});
const version = (unitId: string, code: string, parentId: string | null, validTo: string | null = null): UnitVersionRow => ({
  unitId,
  code,
  parentId,
  validFrom: '2020-01-01',
  validTo,
  name: unitId,
  urbanRural: null,
});
const snapshot = new DirectorySnapshot({
  revision: 1,
  units: [
    unit('C', 'county'),
    unit('T1', 'town'),
    unit('T2', 'town'),
    unit('V1', 'village', '2026-01-01'),
    unit('V2', 'village'),
  ],
  versions: [
    version('C', '990101', null),
    version('T1', '990101100', 'C'),
    version('T2', '990101101', 'C'),
    version('V1', '990101100200', 'T1', '2026-01-01'),
    version('V2', '990101101200', 'T2'),
  ],
  lineage: [{ predecessorId: 'V1', successorId: 'V2', on: '2026-01-01', kind: 'merge', share: 1 }],
  stations: [],
  carriers: [],
  relations: [],
  suspensions: [],
  parameters: [],
});

describe('the scope of an actor', () => {
  it('is its unit and everything below', () => {
    expect(scopeAllows(snapshot, { unitId: 'C' }, 'V2')).toBe(true);
    expect(scopeAllows(snapshot, { unitId: 'T2' }, 'T2')).toBe(true);
    expect(scopeAllows(snapshot, { unitId: 'T2' }, 'C')).toBe(false);
    expect(scopeAllows(snapshot, { unitId: 'T2' }, 'unknown')).toBe(false);
    expect(() => assertScope(snapshot, { unitId: 'V2' }, 'T2')).toThrow('forbidden');
  });

  it('takes in what its units grew out of, and leaves it with whom it was', () => {
    expect(scopeAllows(snapshot, { unitId: 'V2' }, 'V1')).toBe(true);
    expect(scopeAllows(snapshot, { unitId: 'T2' }, 'V1')).toBe(true);
    expect(scopeAllows(snapshot, { unitId: 'T1' }, 'V1')).toBe(true);
    expect(scopeAllows(snapshot, { unitId: 'T1' }, 'V2')).toBe(false);
  });

  it('has no bound for the system', () => {
    expect(() => assertScope(snapshot, SYSTEM_ACTOR, 'V2')).not.toThrow();
  });
});
