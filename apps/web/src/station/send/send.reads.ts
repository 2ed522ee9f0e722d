/** What the counter needs to know to take a parcel in, from the county or from the phone: categories, the village's lots, freight. */
import type { FreightRate, LotListItem } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { categoryList, lotList } from '../../shared/api/produce.api.js';
import { may, session } from '../../shared/session/session.js';
import { cached, remembered, type Cached } from '../vault/cached.js';
import { askedWeight, nearestWeights } from './freight.js';

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

/** What sending there cost lately; without a network what the phone knows of the nearest weight. Throws as `cached`. */
export async function freightRates(province: string, weightG: number): Promise<Cached<readonly FreightRate[]>> {
  const asked = askedWeight(weightG);
  try {
    return await cached(keyOf(province, asked), async () => {
      const query = { province, weightG: asked };
      return (await api<{ items: FreightRate[] }>('/api/consignments/freight', { query })).items;
    });
  } catch (error) {
    for (const weight of nearestWeights(asked)) {
      const known = await remembered<readonly FreightRate[]>(keyOf(province, weight));
      if (known?.value.length) return known;
    }
    throw error;
  }
}

const keyOf = (province: string, weightG: number): string => `freight/${province}/${weightG}`;
