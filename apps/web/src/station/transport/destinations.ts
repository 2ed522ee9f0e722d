/** Where bags can go from here: up to the town's or the county's hall, down to villages or towns. From the phone when there is no network. */
import { computed, shallowRef } from 'vue';
import type { Page, PlaceInput, StationView, UnitDetail, UnitView } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { session } from '../../shared/session/session.js';
import { station } from '../station.session.js';
import { cached } from '../vault/cached.js';

export interface Destination {
  /** Code of the station or unit. */
  readonly key: string;
  readonly place: PlaceInput;
  readonly name: string;
  /** Code of its unit. */
  readonly unitCode: string;
  readonly way: 'up' | 'down';
}

/** Codes of counties have six digits: nothing goes above them. */
const COUNTY_DIGITS = 6;
const answer = shallowRef<readonly Destination[]>([]);

async function all<T>(path: string, query: Record<string, string | number | undefined>): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await api<Page<T>>(path, { query: { ...query, limit: 200, cursor } });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return rows;
}

async function fetchAll(unitCode: string, atStation: boolean): Promise<Destination[]> {
  const unit = await api<UnitDetail>(`/api/units/${unitCode}`);
  const above = unit.path.at(-1);
  const up: Destination[] =
    above && above.code.length >= COUNTY_DIGITS
      ? [{ key: above.code, place: { unitCode: above.code }, name: above.name, unitCode: above.code, way: 'up' }]
      : [];
  if (atStation) return up;
  const [units, stations] = await Promise.all([
    all<UnitView>('/api/units', { parent: unitCode }),
    all<StationView>('/api/stations', { unit: unitCode }),
  ]);
  const down = units.map(({ code, name }): Destination => {
    const its = stations.find((entry) => entry.unit.code === code);
    const place = its ? { stationCode: its.code } : { unitCode: code };
    return { key: its?.code ?? code, place, name, unitCode: code, way: 'down' };
  });
  return [...down, ...up];
}

/** The destinations of the place where this person works. */
export const destinations = computed(() => answer.value);

/** The destination that a key names. */
export const destinationOf = (key: string): Destination | undefined => answer.value.find((entry) => entry.key === key);

/** Reads them; a phone that never asked still knows the code of the hall above. */
export async function loadDestinations(): Promise<void> {
  const unitCode = session.me?.unit.code ?? '';
  const atStation = station.value !== undefined;
  try {
    answer.value = (await cached(`destinations/${unitCode}/${atStation}`, () => fetchAll(unitCode, atStation))).value;
  } catch {
    const above = unitCode.slice(0, unitCode.length > 9 ? 9 : COUNTY_DIGITS);
    if (above && above !== unitCode)
      answer.value = [{ key: above, place: { unitCode: above }, name: above, unitCode: above, way: 'up' }];
  }
}
