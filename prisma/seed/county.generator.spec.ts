import { codeFitsParent, distanceM, nameDisagreement } from '#directory';
import { addDays } from '#contracts';
import { isInside, signedArea } from './cell.geometry.js';
import type { Boundary, DemoVillage, VillageCase } from './county.model.js';
import { generateCounty } from './county.generator.js';

const TODAY = '2026-11-23';
const county = generateCounty(TODAY);
const existing = county.villages.filter(
  (village) => village.validFrom <= TODAY && (village.validTo === null || TODAY < village.validTo),
);
const upper = new Map(county.units.map((unit) => [unit.code, unit]));

const rings = (boundary: Boundary | null) =>
  (boundary?.coordinates ?? []).map((ring) => ring.slice(0, -1).map(([x, y]) => ({ x, y })));
const area = (boundary: Boundary | null) => rings(boundary).reduce((sum, ring) => sum + signedArea(ring), 0);
const holds = (boundary: Boundary | null, point: { x: number; y: number }) => isInside(rings(boundary), point);
const withCase = (wanted: VillageCase): DemoVillage[] => county.villages.filter((village) => village.case === wanted);

describe('the demo county', () => {
  it('is the same for the same day, and another for another seed', () => {
    expect(generateCounty(TODAY)).toEqual(county);
    expect(generateCounty(TODAY, 'another')).not.toEqual(county);
  });

  it.each(['2026-02-28', '2026-03-01', '2026-03-31', '2026-08-31', '2027-01-01', '2028-02-29'])(
    'keeps codes, names and borders whatever the day (%s)',
    (today) => {
      const fixed = (from: typeof county) =>
        from.villages.map(({ code, name, boundary, case: part }) => ({ code, name, boundary, part }));
      expect(fixed(generateCounty(today))).toEqual(fixed(county));
    },
  );

  it('has seven towns, one subdistrict and 160 villages today, one more before the merger', () => {
    const towns = county.units.filter((unit) => unit.level === 'town');
    expect(towns).toHaveLength(8);
    expect(towns.filter((town) => town.name.endsWith('街道'))).toHaveLength(1);
    expect(existing).toHaveLength(160);
    const before = addDays(county.merger.on, -1);
    expect(county.villages.filter((village) => village.validFrom <= before)).toHaveLength(161);
  });

  it('numbers every unit inside its parent and its range, and names each village once', () => {
    for (const village of county.villages) {
      expect(codeFitsParent(village.code, 'village', village.parentCode)).toBe(true);
      expect(upper.get(village.parentCode)?.level).toBe('town');
      expect(nameDisagreement(village.code, village.name)).toBeUndefined();
    }
    for (const unit of county.units) {
      expect(codeFitsParent(unit.code, unit.level, unit.parentCode)).toBe(true);
      expect(nameDisagreement(unit.code, unit.name)).toBeUndefined();
    }
    expect(new Set(county.villages.map((village) => village.code)).size).toBe(county.villages.length);
    expect(new Set(county.villages.map((village) => village.name)).size).toBe(county.villages.length);
  });

  it('covers the outline with villages and with towns, without overlaps', () => {
    const outline = upper.get('990101')?.boundary ?? null;
    const towns = county.units.filter((unit) => unit.level === 'town');
    expect(rings(outline)).toHaveLength(1);
    expect(existing.reduce((sum, village) => sum + area(village.boundary), 0) / area(outline)).toBeCloseTo(1, 4);
    expect(towns.reduce((sum, town) => sum + area(town.boundary), 0) / area(outline)).toBeCloseTo(1, 4);
    const [ring = []] = rings(outline);
    const xs = ring.map((point) => point.x);
    const ys = ring.map((point) => point.y);
    for (let column = 0; column < 40; column++)
      for (let row = 0; row < 40; row++) {
        const point = {
          x: Math.min(...xs) + ((Math.max(...xs) - Math.min(...xs)) * (column + 0.503)) / 40,
          y: Math.min(...ys) + ((Math.max(...ys) - Math.min(...ys)) * (row + 0.497)) / 40,
        };
        const inVillages = existing.filter((village) => holds(village.boundary, point));
        const inTowns = towns.filter((town) => holds(town.boundary, point));
        const expected = holds(outline, point) ? 1 : 0;
        expect([inVillages.length, inTowns.length]).toEqual([expected, expected]);
        if (expected) expect(inVillages[0]?.parentCode).toBe(inTowns[0]?.code);
      }
  });

  it('puts every village inside its own borders, as one piece without holes', () => {
    for (const village of county.villages) {
      expect(rings(village.boundary)).toHaveLength(1);
      expect(area(village.boundary)).toBeGreaterThan(0);
      if (village.case !== 'merged_into')
        expect(holds(village.boundary, { x: village.longitude, y: village.latitude })).toBe(true);
    }
  });

  it('shows every case', () => {
    const counts = Object.fromEntries(
      [...new Set(county.villages.map((village) => village.case))].map((part) => [part, withCase(part).length]),
    );
    expect(counts).toEqual({
      steady: 77,
      showcase: 1,
      neighbour: 20,
      far_neighbour: 2,
      mobile: 10,
      post_only: 14,
      uncovered: 7,
      relapsed_last_month: 4,
      relapsed_this_month: 2,
      flooded: 3,
      nominal_only: 5,
      long_gap: 2,
      opened_lately: 9,
      check_in_only: 3,
      merged_away: 2,
      merged_into: 1,
    });
  });

  it('has names that break careless software: long ones and a character outside the basic plane', () => {
    expect(existing.filter((village) => village.name.length >= 8).length).toBeGreaterThanOrEqual(4);
    expect(existing.filter((village) => [...village.name].some((character) => character.length > 1))).toHaveLength(1);
  });
});

describe('service in the demo county', () => {
  const stations = new Map(county.stations.map((station) => [station.code, station]));
  const villages = new Map(county.villages.map((village) => [village.code, village]));
  const relationsOf = (village: DemoVillage) => county.relations.filter((relation) => relation.villageCode === village.code);
  const metres = (village: DemoVillage) =>
    relationsOf(village).map((relation) => distanceM(village, stations.get(relation.stationCode) ?? village));

  it('goes through stations that exist while the relation lasts', () => {
    for (const relation of county.relations) {
      const station = stations.get(relation.stationCode);
      const village = villages.get(relation.villageCode);
      if (!station || !village) throw new Error(`dangling relation of ${relation.villageCode}`);
      for (const side of [station, village]) {
        expect(relation.validFrom >= side.validFrom).toBe(true);
        expect(side.validTo === null || (relation.validTo !== null && relation.validTo <= side.validTo)).toBe(true);
      }
      expect(relation.validTo === null || relation.validFrom < relation.validTo).toBe(true);
    }
  });

  it('reaches villages without a station through a neighbour within 3 km, two of them from too far away', () => {
    for (const village of withCase('neighbour')) {
      expect(relationsOf(village).every((relation) => !relation.stationCode.startsWith(village.code))).toBe(true);
      expect(Math.max(...metres(village))).toBeLessThanOrEqual(3000);
    }
    for (const village of withCase('far_neighbour')) expect(Math.min(...metres(village))).toBeGreaterThan(3000);
  });

  it('leaves uncovered villages without any relation and others with post alone', () => {
    expect(withCase('uncovered').flatMap(relationsOf)).toEqual([]);
    for (const village of withCase('post_only'))
      expect(relationsOf(village).map((relation) => relation.carrierCode)).toEqual(['POSTAL']);
  });

  it('turns 百世 into 极兔 on the day of the succession', () => {
    const best = county.relations.filter((relation) => relation.carrierCode === 'BEST');
    expect(best.length).toBeGreaterThan(5);
    for (const relation of best) {
      const after = county.relations.filter((other) => other.villageCode === relation.villageCode && other.carrierCode === 'JT');
      expect(after.map((other) => other.validFrom)).toEqual([relation.validTo]);
    }
  });
});
