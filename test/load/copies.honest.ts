import { DAY_MS, HOUR_MS, housemate, person, Stage, type Person, type WorldLook } from './copies.people.js';
import { buyersCity, cityOf, homeCounty, otherCity, CITIES, type City, type HomeCounty } from './copies.places.js';
import { between, chance, exponential, logUniform, weighted, whole, type Random } from './copies.random.js';

/** What is known of a code's sale, and since when. */
export interface Sale {
  readonly home: HomeCounty;
  readonly activated: boolean;
  readonly packedAtMs: number | null;
  readonly packingKnownMs: number;
  readonly deliveredAtMs: number | null;
  readonly deliveryKnownMs: number;
  /** Where the parcel goes, as the order says. */
  readonly destination: City | null;
  /** When somebody has the thing in hand. */
  readonly inHandMs: number;
  /** Where. */
  readonly city: City;
}

/** All requests for one code's page. */
export interface History {
  readonly kind: string;
  readonly sale: Sale;
  /** What the product's category says: it is not eaten within days. */
  readonly keeps: boolean;
  readonly looks: readonly WorldLook[];
}

const START_MS = Date.UTC(2026, 5, 1);
const ONLINE = 0.75;

function days(a: City, b: HomeCounty): number {
  const km = Math.hypot((a.latitude - b.latitude) * 111, (a.longitude - b.longitude) * 92);
  return 1 + km / 700;
}

/** A parcel to a city: packed, on its way one day and one more for each 700 km, recorded with the delays of a station and a carrier. */
export function parcelTo(random: Random, city: City, home: HomeCounty, packedAtMs: number): Sale {
  const arrivedMs = packedAtMs + (days(city, home) + exponential(random, 0.7)) * DAY_MS;
  const told = chance(random, 0.88);
  return {
    home,
    activated: chance(random, 0.995),
    packedAtMs,
    packingKnownMs: packedAtMs + (chance(random, 0.7) ? between(random, 0, 1) : between(random, 1, 8)) * HOUR_MS,
    deliveredAtMs: told ? arrivedMs : null,
    deliveryKnownMs: arrivedMs + between(random, 0, 12) * HOUR_MS,
    destination: chance(random, 0.96) ? city : null,
    // Some is fetched from the station or read before the carrier calls it delivered.
    inHandMs: arrivedMs + (chance(random, 0.1) ? -between(random, 0, 6) : exponential(random, 14)) * HOUR_MS,
    city,
  };
}

/** Sold over a counter: no parcel is known. */
function overCounter(random: Random, city: City, home: HomeCounty, atMs: number): Sale {
  return {
    home,
    activated: chance(random, 0.985),
    packedAtMs: null,
    packingKnownMs: 0,
    deliveredAtMs: null,
    deliveryKnownMs: 0,
    destination: null,
    inHandMs: atMs,
    city,
  };
}

/** A sale by parcel or over a counter. */
export function sold(random: Random, online = chance(random, ONLINE)): Sale {
  const home = homeCounty(random);
  const atMs = START_MS + random() * 30 * DAY_MS;
  if (online) return parcelTo(random, buyersCity(random, home), home, atMs);
  return overCounter(random, chance(random, 0.6) ? home.city : cityOf(random, home.city.province), home, atMs);
}

/** What keeps is opened and looked at later. */
const soon = ({ random, pace }: Stage, fromMs: number, meanDays = 1.5): number =>
  fromMs + exponential(random, meanDays * pace) * DAY_MS;

/** A buyer at home: mostly once, sometimes again. */
export function atHome(stage: Stage, who: Person, fromMs: number, again = 0.2, label: WorldLook['label'] = 'genuine'): number {
  let atMs = soon(stage, fromMs);
  stage.scan(who, atMs, { label });
  for (let left = 4; left > 0 && chance(stage.random, again); left -= 1)
    stage.scan(who, (atMs = soon(stage, atMs, 2)), { label });
  return atMs;
}

const somebody = (stage: Stage, city: City): Person => person(stage.random, city, stage.noise);

/** Several of a household, children with lines of their own. */
export function family(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const first = somebody(stage, city);
  const lastMs = atHome(stage, first, inHandMs);
  for (let left = whole(random, 1, 3); left > 0; left -= 1)
    // Grown-up children have lines of their own.
    stage.scan(
      chance(random, 0.7) ? housemate(random, first, stage.noise) : somebody(stage, city),
      soon(stage, chance(random, 0.5) ? inHandMs : lastMs, 2),
    );
}

/** Bought here, given there. */
export function gift(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const sentMs = chance(random, 0.6) ? atHome(stage, somebody(stage, city), inHandMs, 0.1) : inHandMs;
  const friend = somebody(stage, otherCity(random, city));
  const arrivedMs = sentMs + between(random, 1, 6) * DAY_MS;
  atHome(stage, friend, arrivedMs);
  if (chance(random, 0.3)) stage.scan(housemate(random, friend, stage.noise), soon(stage, arrivedMs));
}

/** A photo of the label in a family's or friends' chat: who holds a finger on it opens the page. */
export function photo(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const postedMs = atHome(stage, somebody(stage, city), inHandMs, 0.1);
  for (let left = whole(random, 1, 4); left > 0; left -= 1)
    stage.scan(
      somebody(stage, chance(random, 0.5) ? city : otherCity(random, city)),
      postedMs + exponential(random, 8) * HOUR_MS,
    );
}

/** A shop's clerk looks, customers look at the shelf, and the one who buys looks at home. */
export function shop(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const clerk = somebody(stage, city);
  if (chance(random, 0.6)) stage.scan(clerk, inHandMs);
  let atMs = inHandMs;
  for (let left = whole(random, 0, 3); left > 0; left -= 1)
    stage.scan(somebody(stage, city), (atMs = soon(stage, atMs, 3)), chance(random, 0.25) ? { line: clerk } : { mobile: true });
  atHome(stage, somebody(stage, city), atMs);
}

function groupBuy(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  stage.scan(somebody(stage, city), inHandMs + random() * 4 * HOUR_MS);
  if (chance(random, 0.5)) {
    const buyer = somebody(stage, city);
    atHome(stage, buyer, inHandMs);
    if (chance(random, 0.25)) stage.scan(housemate(random, buyer, stage.noise), soon(stage, inHandMs));
  }
}

/** One phone goes round: the same device over several lines. */
function neighbours(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const owner = somebody(stage, city);
  for (let left = whole(random, 2, 4); left > 0; left -= 1)
    stage.scan(owner, soon(stage, inHandMs, 2), chance(random, 0.5) ? { line: somebody(stage, city) } : {});
}

/** Bought on a journey, looked at there, on the way and at home; or taken along from home. */
export function traveller(stage: Stage, sale: Sale): void {
  const { random } = stage;
  const who = somebody(stage, otherCity(random, sale.city));
  stage.scan(who, soon(stage, sale.inHandMs, 0.5), { at: sale.city });
  if (chance(random, 0.25)) stage.scan(who, soon(stage, sale.inHandMs, 1), { at: otherCity(random, sale.city) });
  const backMs = sale.inHandMs + between(random, 1, 7) * DAY_MS;
  atHome(stage, who, backMs, 0.15);
  if (chance(random, 0.3)) stage.scan(housemate(random, who, stage.noise), soon(stage, backMs));
}

/** A stand at a fair for some days: visitors from everywhere, over their own mobile networks or the hall's line. */
function display(stage: Stage, { home, inHandMs }: Sale): void {
  const { random } = stage;
  const hall = weighted(
    random,
    CITIES,
    ({ people, capital, province }) => (capital ? people : 0) + (province === home.city.province ? 800 : 0),
  );
  const line = somebody(stage, hall);
  const daysLong = whole(random, 1, 5);
  for (let left = Math.round(logUniform(random, 4, 60)); left > 0; left -= 1) {
    const visitor = somebody(stage, chance(random, 0.6) ? hall : otherCity(random, hall));
    stage.scan(visitor, inHandMs + random() * daysLong * DAY_MS, { at: hall, ...(chance(random, 0.2) ? { line } : {}) });
  }
}

/** A school's kitchen or a class: parents and pupils of one city in a day or two. */
function school(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  for (let left = whole(random, 3, 20); left > 0; left -= 1)
    stage.scan(somebody(stage, city), inHandMs + exponential(random, 0.4) * DAY_MS);
}

function longAfter(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  const who = somebody(stage, city);
  if (chance(random, 0.6)) stage.scan(who, soon(stage, inHandMs));
  stage.scan(chance(random, 0.75) ? who : housemate(random, who, stage.noise), inHandMs + between(random, 40, 200) * DAY_MS);
}

/** Bought by a company for its people: at the office first, then at somebody's home, sometimes a home far away. */
function welfare(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  if (chance(random, 0.5)) stage.scan(somebody(stage, city), soon(stage, inHandMs, 0.5));
  const who = somebody(stage, city);
  const far = chance(random, 0.15);
  if (far) stage.scan(who, inHandMs + between(random, 2, 12) * DAY_MS, { at: otherCity(random, city) });
  else atHome(stage, who, soon(stage, inHandMs, 2));
}

/** The order goes to a dealer, who sends it on; or comes back and goes out again. */
function passedOn(stage: Stage, { city, inHandMs }: Sale): void {
  const { random } = stage;
  if (chance(random, 0.6)) stage.scan(somebody(stage, city), soon(stage, inHandMs, 0.5));
  const next = otherCity(random, city);
  const buyer = somebody(stage, next);
  const arrivedMs = inHandMs + between(random, 3, 14) * DAY_MS;
  atHome(stage, buyer, arrivedMs);
  if (chance(random, 0.15)) stage.scan(housemate(random, buyer, stage.noise), soon(stage, arrivedMs));
}

/** What happens to a label. */
export type Play = (stage: Stage, sale: Sale) => void;
/** One buyer, who looks again with the given chance, again and again. */
export const onlyBuyer =
  (again: number): Play =>
  (stage, { city, inHandMs }) =>
    void atHome(stage, somebody(stage, city), inHandMs, again);

/** What happens to a genuine label that is scanned at all: per cent of such labels. */
const KINDS: readonly { readonly kind: string; readonly share: number; readonly online?: boolean; readonly play: Play }[] = [
  { kind: 'one buyer', share: 50.5, play: onlyBuyer(0.15) },
  { kind: 'rescans for days', share: 7, play: onlyBuyer(0.7) },
  { kind: 'family', share: 13, play: family },
  { kind: 'gift to another city', share: 5, play: gift },
  { kind: 'photo in a chat', share: 1.5, play: photo },
  { kind: 'shop', share: 5, play: shop },
  { kind: 'group-buy leader', share: 5, online: true, play: groupBuy },
  { kind: 'neighbours, one phone', share: 2, play: neighbours },
  { kind: 'traveller', share: 3, online: false, play: traveller },
  { kind: 'company welfare', share: 2, online: true, play: welfare },
  { kind: 'dealer or return', share: 2, online: true, play: passedOn },
  { kind: 'long after', share: 3, play: longAfter },
  { kind: 'fair', share: 0.3, online: false, play: display },
  { kind: 'school', share: 0.7, play: school },
];

/** Staff try labels: some before packing, some while packing, at home or in their station. */
export function staffTries(stage: Stage, { home, packedAtMs, inHandMs }: Sale): void {
  const { random } = stage;
  const packer = somebody(stage, home.city);
  const fromMs = (packedAtMs ?? inHandMs) - exponential(random, chance(random, 0.5) ? 0.2 : 5) * DAY_MS;
  for (let left = whole(random, 1, 3); left > 0; left -= 1) stage.scan(packer, fromMs + random() * 3 * HOUR_MS);
}

const STAFF = 0.05;

/** A category tells it roughly: apples in a cellar keep, a fresh mushroom does not. */
export const keepsBy = (random: Random, pace: number): boolean => chance(random, pace > 1 ? 0.9 : 0.05);

/** Rice, tea, honey, what is dried: three in ten packs keep, and their people take eight times as long over each look. */
export const paceOf = (random: Random): number => (chance(random, 0.3) ? 8 : 1);

/** The looks at a label that nobody copied. */
export function honestHistory(random: Random, noise = 1): History {
  const { kind, online, play } = weighted(random, KINDS, ({ share }) => share);
  const sale = sold(random, online);
  const stage = new Stage(random, noise, paceOf(random));
  play(stage, sale);
  const tried = chance(random, STAFF);
  if (tried) staffTries(stage, sale);
  return { kind, sale, keeps: keepsBy(random, stage.pace), looks: inOrder(stage.looks) };
}

export const inOrder = (looks: readonly WorldLook[]): WorldLook[] => [...looks].sort((left, right) => left.atMs - right.atMs);
