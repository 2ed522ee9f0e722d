/** What the counter needs to know to take a parcel in, from the county or from the phone: categories, the village's lots, freight. */
import type { FreightRate, LotListItem } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { categoryList, lotList } from '../../shared/api/produce.api.js';
import { may, session } from '../../shared/session/session.js';
import { cached, type Cached } from '../vault/cached.js';
import { askedWeight } from './freight.js';

const MOST_LOTS = 100;

/** Every category of produce; none while the phone never asked. */
export async function categories(): Promise<readonly { code: string; name: string }[]> {
  if (!may('produce:read')) return [];
  return (await cached('categories', categoryList).catch(() => undefined))?.value ?? [];
}

/** Lots of the own village that are in stock, the newest first. */
export async function ownLots(): Promise<readonly LotListItem[]> {
  const unit = session.me?.unit.code;
  if (!unit || !may('produce:read')) return [];
  const fetcher = async () => (await lotList({ unit, inStock: 'true', limit: MOST_LOTS })).items;
  return (await cached(`lots/${unit}`, fetcher).catch(() => undefined))?.value ?? [];
}

/** What sending there cost lately. Throws as `cached`. */
export function freightRates(province: string, weightG: number): Promise<Cached<readonly FreightRate[]>> {
  const asked = askedWeight(weightG);
  return cached(`freight/${province}/${asked}`, async () => {
    const query = { province, weightG: asked };
    return (await api<{ items: FreightRate[] }>('/api/consignments/freight', { query })).items;
  });
}
