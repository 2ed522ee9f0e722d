import { atHome, inOrder, keepsBy, paceOf, parcelTo, staffTries, type History, type Sale } from './copies.honest.js';
import { DAY_MS, HOUR_MS, housemate, person, Stage } from './copies.people.js';
import { buyersCity, cityOf, homeCounty, otherCity, type City } from './copies.places.js';
import { between, chance, exponential, logUniform, pick, poisson, weighted, whole, type Random } from './copies.random.js';

type Source = 'bought' | 'before sale' | 'photo';
type Market = 'city' | 'province' | 'nation';

/** How labels are copied: per cent of copied labels. A handful sells where its forger lives; a shop on the net sells everywhere. */
const KINDS: readonly { readonly source: Source; readonly market: Market; readonly few: boolean; readonly share: number }[] = [
  { source: 'bought', market: 'city', few: false, share: 18 },
  { source: 'bought', market: 'city', few: true, share: 7 },
  { source: 'bought', market: 'province', few: false, share: 15 },
  { source: 'bought', market: 'nation', few: false, share: 25 },
  { source: 'before sale', market: 'city', few: false, share: 4 },
  { source: 'before sale', market: 'province', few: false, share: 4 },
  { source: 'before sale', market: 'nation', few: false, share: 6 },
  { source: 'photo', market: 'city', few: false, share: 5 },
  { source: 'photo', market: 'city', few: true, share: 3 },
  { source: 'photo', market: 'province', few: false, share: 4 },
  { source: 'photo', market: 'nation', few: false, share: 9 },
];

const START_MS = Date.UTC(2026, 5, 1);
const SCANS_KEPT = 14;

interface Forgery {
  readonly sale: Sale;
  readonly forger: City;
  readonly fromMs: number;
}

/** The genuine label's sale, where the forger is and when copies are first sold. */
function forgery(stage: Stage, source: Source): Forgery {
  const { random } = stage;
  const home = homeCounty(random);
  const packedAtMs = START_MS + random() * 30 * DAY_MS;
  const buyer = buyersCity(random, home);
  const sale = parcelTo(random, buyer, home, packedAtMs);
  if (source === 'bought') {
    // The forger buys one, by parcel to his own city or over a counter near the producer.
    const byParcel = chance(random, 0.8);
    const known = byParcel ? sale : { ...sale, packedAtMs: null, deliveredAtMs: null, destination: null };
    const forgersLooks = chance(random, 0.7) ? whole(random, 1, 2) : 0;
    const forger = person(random, buyer, stage.noise);
    for (let left = forgersLooks; left > 0; left -= 1) stage.scan(forger, sale.inHandMs + exponential(random, 2) * DAY_MS);
    return { sale: known, forger: buyer, fromMs: sale.inHandMs + between(random, 5, 40) * DAY_MS };
  }
  // The genuine one is in somebody's hands too, and that somebody may scan it.
  const looked = chance(random, 0.4);
  if (source === 'photo') {
    // Who posts a photo of a label is likely to have scanned it.
    const postedMs =
      looked || chance(random, 0.5) ? atHome(stage, person(random, buyer, stage.noise), sale.inHandMs) : sale.inHandMs;
    return { sale, forger: buyersCity(random, home), fromMs: postedMs + between(random, 7, 60) * DAY_MS };
  }
  if (looked) atHome(stage, person(random, buyer, stage.noise), sale.inHandMs);
  const activated = chance(random, 0.5);
  return {
    sale: { ...sale, activated },
    forger: chance(random, 0.4) ? cityOf(random, home.city.province) : buyersCity(random, home),
    fromMs: packedAtMs - between(random, -10, 60) * DAY_MS,
  };
}

/** One buyer of a copy does what buyers do. */
function copyBuyer(stage: Stage, city: City, atMs: number): void {
  const { random, noise } = stage;
  const buyer = person(random, city, noise);
  const label = 'copy' as const;
  stage.copies += 1;
  if (chance(random, 0.04)) {
    stage.scan(buyer, atMs, { label });
    stage.scan(person(random, otherCity(random, city), noise), atMs + between(random, 1, 6) * DAY_MS, { label });
    return;
  }
  const lastMs = atHome(stage, buyer, atMs, 0.15, label);
  if (chance(random, 0.12)) stage.scan(housemate(random, buyer, noise), lastMs + exponential(random, 1) * DAY_MS, { label });
}

function marketCity(random: Random, market: Market, forger: City): () => City {
  // Who sells in one city sells where he lives, or on a wholesale market elsewhere.
  const stall = chance(random, 0.75) ? forger : otherCity(random, forger);
  const home = homeCounty(random);
  switch (market) {
    case 'city':
      return () => stall;
    case 'province':
      return () => cityOf(random, forger.province);
    case 'nation':
      return () => buyersCity(random, home);
  }
}

/** The looks at a label and at its copies; `undefined` when copies are scanned fewer than three times, as most small forgeries are. */
export function forgedHistory(random: Random, noise = 1): History | undefined {
  const { source, market, few } = weighted(random, KINDS, ({ share }) => share);
  const stage = new Stage(random, noise, paceOf(random));
  const { sale, forger, fromMs } = forgery(stage, source);
  const copies = few ? logUniform(random, 20, 60) : logUniform(random, 20, 2000);
  const spanMs = logUniform(random, 5, 90) * DAY_MS;
  if (chance(random, 0.3)) {
    const him = person(random, forger, noise);
    for (let left = whole(random, 1, 3); left > 0; left -= 1) stage.scan(him, fromMs - random() * 3 * DAY_MS, { label: 'tried' });
  }
  if (chance(random, 0.05)) staffTries(stage, sale);
  const cityOfSale = marketCity(random, market, forger);
  const soldMs = Array.from(
    { length: Math.min(400, poisson(random, copies * logUniform(random, 0.02, 0.15))) },
    () => fromMs + random() * spanMs,
  );
  for (const atMs of soldMs.sort((left, right) => left - right).slice(0, SCANS_KEPT))
    copyBuyer(stage, cityOfSale(), atMs + pick(random, [0, 2, 6]) * HOUR_MS);
  const looks = inOrder(stage.looks);
  if (looks.filter(({ label, main }) => label === 'copy' && main).length < 3) return undefined;
  return { kind: `${source}, ${market}${few ? ', few' : ''}`, sale, keeps: keepsBy(random, stage.pace), looks };
}
