/**
 * The plain world: one buyer, families, gifts, shops, rescans; copies sold over the internet, each looked at by another buyer, wherever people live. Networks are placed nearly
 * always in their city or its province, SIMs are of where they are used, nobody is behind a tunnel; phones, double loads and Tencent's machines are those of
 * the harsh world.
 */
import {
  atHome,
  family,
  gift,
  inOrder,
  keepsBy,
  onlyBuyer,
  paceOf,
  photo,
  shop,
  sold,
  staffTries,
  traveller,
  type History,
  type Play,
} from './copies.honest.js';
import { DAY_MS, housemate, person, Stage } from './copies.people.js';
import { buyersCity, type City } from './copies.places.js';
import { between, chance, exponential, weighted, whole, type Random } from './copies.random.js';

/** A fifth of the harsh world's looks that come out in the province's seat or elsewhere in the province, a twenty-fifth of those that come out anywhere. */
const NOISE = 0.04;

/** Per cent of honest labels. */
const KINDS: readonly { readonly kind: string; readonly share: number; readonly online?: boolean; readonly play: Play }[] = [
  { kind: 'one buyer', share: 48, play: onlyBuyer(0.15) },
  { kind: 'rescans for days', share: 10, play: onlyBuyer(0.7) },
  { kind: 'family', share: 20, play: family },
  { kind: 'gift to another city', share: 10, play: gift },
  { kind: 'shop', share: 7, play: shop },
  { kind: 'traveller', share: 4, online: false, play: traveller },
  { kind: 'photo in a chat', share: 1, play: photo },
];
/** Labels that a keeper or packer tries first. */
const TRIED = 0.04;

/** The looks at a label that nobody copied. */
export function plainHonest(random: Random): History {
  const { kind, online, play } = weighted(random, KINDS, ({ share }) => share);
  const sale = sold(random, online);
  const stage = new Stage(random, NOISE, paceOf(random));
  play(stage, sale);
  if (chance(random, TRIED)) staffTries(stage, sale);
  return { kind, sale, keeps: keepsBy(random, stage.pace), looks: inOrder(stage.looks) };
}

/** The looks at a label and at its copies: bought and looked at, tried by its forger, sold over the internet for two months. */
export function plainForged(random: Random): History {
  const stage = new Stage(random, NOISE, paceOf(random));
  const sale = { ...sold(random), activated: true };
  const buyer = person(random, sale.city, NOISE);
  if (chance(random, 0.75)) {
    atHome(stage, buyer, sale.inHandMs);
    if (chance(random, 0.5)) stage.scan(housemate(random, buyer, NOISE), sale.inHandMs + exponential(random, 2) * DAY_MS);
  }
  const anywhere = (): City => buyersCity(random, sale.home);
  const tried = sale.inHandMs + between(random, 1, 3) * DAY_MS;
  if (chance(random, 0.9)) stage.scan(person(random, anywhere(), NOISE), tried, { label: 'tried' });
  const fromMs = sale.inHandMs + between(random, 3, 20) * DAY_MS;
  for (let left = whole(random, 20, 200); left > 0; left -= 1) {
    stage.copies += 1;
    stage.scan(person(random, anywhere(), NOISE), fromMs + random() * 60 * DAY_MS, { label: 'copy' });
  }
  return { kind: 'bought, sold nationwide', sale, keeps: keepsBy(random, stage.pace), looks: inOrder(stage.looks) };
}
