/** How a lot came to be and to its buyers, step by step: pure. Outside of the county nothing finer than a province is told. */
import { startOfDay } from '#contracts';
import type { LotFacts } from './lot.facts.js';
import type { PageWords } from './page.words.js';

/** A step in words. */
export interface StoryStep {
  readonly at: Date;
  readonly step: string;
  readonly place: string | null;
  readonly text: string;
}

const SHOWN_PROVINCES = 3;
/** Order of steps of one instant. */
const RANK = [
  'harvested',
  'split',
  'mixed',
  'repacked',
  'tested',
  'certified',
  'packed',
  'arrived_county',
  'left_county',
  'heading',
  'delivered',
];
const MADE = { harvest: null, split: 'split', mix: 'mixed', repack: 'repacked' } as const;

/** The steps of a lot in the order of time. */
export function storyOf(words: PageWords, lot: LotFacts): StoryStep[] {
  const steps = [...fieldSteps(words, lot), ...paperSteps(words, lot), ...parcelSteps(words, lot)];
  return steps.sort((a, b) => a.at.getTime() - b.at.getTime() || RANK.indexOf(a.step) - RANK.indexOf(b.step));
}

function fieldSteps(words: PageWords, lot: LotFacts): StoryStep[] {
  const steps: StoryStep[] = [];
  const step = (at: Date, name: string) => steps.push({ at, step: name, place: lot.place, text: words.word(`step.${name}`) });
  if (lot.harvestedOn) step(startOfDay(lot.harvestedOn), 'harvested');
  const made = MADE[lot.origin];
  if (made) step(lot.createdAt, made);
  return steps;
}

function paperSteps(words: PageWords, { tests, certificate, countyName }: LotFacts): StoryStep[] {
  const steps: StoryStep[] = tests.map(({ item, result, testedOn, laboratory }) => ({
    at: startOfDay(testedOn),
    step: 'tested',
    place: laboratory,
    text: words.word(`step.tested.${result}`, { item }),
  }));
  if (certificate)
    steps.push({ at: certificate.issuedAt, step: 'certified', place: countyName, text: words.word('step.certified') });
  return steps;
}

function parcelSteps(words: PageWords, lot: LotFacts): StoryStep[] {
  const { parcels, ways, countyName, townName } = lot;
  const steps: StoryStep[] = [];
  const add = (at: Date | null | undefined, step: string, place: string | null, text = words.word(`step.${step}`)) => {
    if (at) steps.push({ at, step, place, text });
  };
  const packedAt = earliest(parcels.map((parcel) => parcel.packedAt));
  const leftAt = ways['departing'];
  add(packedAt, 'packed', townName);
  add(ways['staging_outbound'], 'arrived_county', countyName);
  add(leftAt, 'left_county', countyName);
  const provinces = [...new Set(parcels.flatMap(({ province }) => (province ? [province] : [])))];
  if (provinces.length > 0) add(leftAt ?? packedAt, 'heading', null, heading(words, provinces));
  const delivered = parcels.filter(({ deliveredAt }) => deliveredAt !== null);
  const reached = [...new Set(delivered.flatMap(({ province }) => (province ? [province] : [])))].slice(0, SHOWN_PROVINCES);
  const deliveredAt = earliest([...delivered.map((parcel) => parcel.deliveredAt), ways['retail_selling']]);
  add(deliveredAt, 'delivered', reached.length > 0 ? words.list(reached) : null);
  return steps;
}

function heading(words: PageWords, provinces: readonly string[]): string {
  const shown = words.list(provinces.slice(0, SHOWN_PROVINCES));
  if (provinces.length <= SHOWN_PROVINCES) return words.word('step.heading', { provinces: shown });
  return words.word('step.heading.more', { provinces: shown, count: provinces.length });
}

const earliest = (times: readonly (Date | null | undefined)[]): Date | undefined =>
  times.reduce<Date | undefined>((first, time) => (time && (!first || time < first) ? time : first), undefined);
