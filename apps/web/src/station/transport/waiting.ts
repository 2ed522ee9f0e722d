/** Parcels that lie in a town's or the county's hall, by the village that they are for: whose bag to fill next. */
import { shallowRef } from 'vue';
import type { Page, ParcelListItem } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { may, session } from '../../shared/session/session.js';
import { cached } from '../vault/cached.js';

const found = shallowRef<ReadonlyMap<string, number>>(new Map());

/** Parcels that wait, by the code of their village and of everything above it. */
export const waiting = found;

const DIVISIONS = [6, 9, 12] as const;
const MOST_PAGES = 5;

async function fetchWaiting(stage: string): Promise<[string, number][]> {
  const sums = new Map<string, number>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = { stage, direction: 'inbound', limit: 200, cursor };
    const page: Page<ParcelListItem> = await api<Page<ParcelListItem>>('/api/parcels', { query });
    for (const { village } of page.items)
      for (const digits of village ? DIVISIONS : []) {
        const code = village?.code.slice(0, digits) ?? '';
        sums.set(code, (sums.get(code) ?? 0) + 1);
      }
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return [...sums];
}

/** Reads them; without a network the phone's last answer. */
export async function loadWaiting(): Promise<void> {
  if (!may('parcel:read')) return;
  const stage = session.me?.role === 'town' ? 'at_town' : 'at_county';
  const answer = await cached(`waiting/${stage}`, () => fetchWaiting(stage)).catch(() => undefined);
  if (answer) found.value = new Map(answer.value);
}
