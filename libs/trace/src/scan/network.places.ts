import { isIPv4, isIPv6 } from 'node:net';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Audit, Database, DomainError, Notifier, readTable, type Principal, type Upload } from '#platform';
import { kilometres, type Position } from './copy.risk.js';

const CHANNEL = 'network_places';
const MAX_ROWS = 200_000;
const NEAR_KM = 60;

/** A network range and the city that it is in. */
export interface NetworkPlace {
  readonly network: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Where networks are: a table that the operator imports, looked up in memory by the longest prefix. Without it, places stay unknown. */
@Injectable()
export class NetworkPlaces implements OnApplicationBootstrap, OnApplicationShutdown {
  /** By prefix length, then by the prefix's bits. */
  private tables = new Map<string, Map<bigint, NetworkPlace>>();
  private lengths: { readonly family: 4 | 6; readonly length: number }[] = [];
  private cities: readonly NetworkPlace[] = [];
  private byName = new Map<string, NetworkPlace>();
  private readonly stopListening: () => void;

  constructor(
    private readonly database: Database,
    private readonly notifier: Notifier,
    private readonly audit: Audit,
  ) {
    this.stopListening = notifier.listen(CHANNEL, () => void this.read().catch(() => undefined));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.read();
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  /** The place of an address, or `undefined`. */
  find(address: string): NetworkPlace | undefined {
    if (this.lengths.length === 0) return undefined;
    const parsed = parseAddress(address);
    if (!parsed) return undefined;
    for (const { family, length } of this.lengths) {
      if (family !== parsed.family) continue;
      const found = this.tables.get(`${family}/${length}`)?.get(prefixOf(parsed, length));
      if (found) return found;
    }
    return undefined;
  }

  /** The nearest city that the table knows, within sixty kilometres. */
  nearest(point: { latitude: number; longitude: number }): string | null {
    let best: { city: string; km: number } | undefined;
    for (const place of this.cities) {
      const km = kilometres(point, place);
      if (km <= NEAR_KM && (!best || km < best.km)) best = { city: place.city, km };
    }
    return best?.city ?? null;
  }

  /** The position of an order's city, or of a province that is one; `null` when the table does not know it. */
  locate(province: string | null, city: string | null): Position | null {
    const found = this.byName.get(bareName(city)) ?? this.byName.get(bareName(province));
    return found ? { latitude: found.latitude, longitude: found.longitude } : null;
  }

  /**
   * Replaces the table by an uploaded one with the columns network, city, latitude, longitude.
   * @throws DomainError `network_places_invalid` 400 naming the first bad row
   */
  async import(actor: Principal, file: Upload): Promise<{ count: number }> {
    const { header, rows } = await readTable(file);
    const column = (name: string): number => header.findIndex((title) => title.toLowerCase() === name);
    const at = { network: column('network'), city: column('city'), latitude: column('latitude'), longitude: column('longitude') };
    if (Object.values(at).includes(-1) || rows.length > MAX_ROWS)
      throw new DomainError('network_places_invalid', 400, { row: 1 });
    const places = rows.map(({ number, cells }) => {
      const place = {
        network: cells[at.network] ?? '',
        city: cells[at.city] ?? '',
        latitude: Number(cells[at.latitude] || Number.NaN),
        longitude: Number(cells[at.longitude] || Number.NaN),
      };
      const right = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180;
      if (!right || !parseNetwork(place.network) || place.city === '' || place.city.length > 60)
        throw new DomainError('network_places_invalid', 400, { row: number });
      return place;
    });
    await this.replace(places, actor);
    return { count: places.length };
  }

  /** Replaces the table. */
  async replace(places: readonly NetworkPlace[], actor: Pick<Principal, 'id' | 'countyCode'>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('delete from trace.network_place');
      await tx.query(
        `insert into trace.network_place (network, city, latitude, longitude)
         select distinct on (1) * from unnest($1::text[], $2::text[], $3::float8[], $4::float8[])`,
        [
          places.map((place) => place.network),
          places.map((place) => place.city),
          places.map((place) => place.latitude),
          places.map((place) => place.longitude),
        ],
      );
      const { id: actorId, countyCode } = actor;
      const detail = { count: places.length };
      await this.audit.record(tx, { countyCode, actorId, action: 'network_places.replaced', subject: 'network_places', detail });
      await this.notifier.notify(tx, CHANNEL, '');
    });
    await this.read();
  }

  private async read(): Promise<void> {
    const rows = await this.database.query<NetworkPlace>('select network, city, latitude, longitude from trace.network_place');
    const tables = new Map<string, Map<bigint, NetworkPlace>>();
    const lengths = new Map<string, { family: 4 | 6; length: number }>();
    const cities = new Map<string, NetworkPlace>();
    for (const row of rows) {
      const network = parseNetwork(row.network);
      if (!network) continue;
      const key = `${network.family}/${network.length}`;
      lengths.set(key, { family: network.family, length: network.length });
      const table = tables.get(key) ?? new Map<bigint, NetworkPlace>();
      tables.set(key, table.set(prefixOf(network, network.length), row));
      cities.set(row.city, row);
    }
    this.tables = tables;
    this.lengths = [...lengths.values()].sort((left, right) => right.length - left.length);
    this.cities = [...cities.values()];
    this.byName = new Map(this.cities.map((place) => [bareName(place.city), place]));
    this.byName.delete('');
  }
}

/** A city's name without the word for what it is: 北京市 and 北京 are one. */
const bareName = (name: string | null): string => (name ?? '').trim().replace(/(?<=..)(市|地区|盟|自治州)$/, '');

interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

const widthOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);
const prefixOf = ({ family, bits }: Address, length: number): bigint => bits >> BigInt(widthOf(family) - length);

/** The bits of an address; an IPv4 address mapped into IPv6 is an IPv4 address. */
function parseAddress(text: string): Address | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return { family: 4, bits: plain.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
  if (!isIPv6(plain) || plain.includes('.') || plain.includes('%')) return undefined;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const all =
    tail === undefined ? left : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return { family: 6, bits: all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) };
}

function parseNetwork(text: string): (Address & { readonly length: number }) | undefined {
  const [address = '', size = ''] = text.split('/');
  const parsed = parseAddress(address);
  if (!parsed || !/^\d{1,3}$/.test(size) || Number(size) > widthOf(parsed.family)) return undefined;
  return { ...parsed, length: Number(size) };
}
