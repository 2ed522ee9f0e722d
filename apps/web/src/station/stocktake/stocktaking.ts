/** The stock-take page at work: from a code in view or a typed line to a find on the disk, and from the last find to what is sent. */
import { computed, ref, shallowRef, triggerRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { v7 as uuidv7 } from 'uuid';
import { dayOf, type Scan } from '#contracts';
import { session } from '../../shared/session/session.js';
import { keepAll, type Kept } from '../outbox/outbox.js';
import { readLabel } from '../scan/label.reading.js';
import { proposeShelfCode } from '../shelf/shelf.book.js';
import { book, noteScan, shelfAsOf, startShelf } from '../shelf/shelf.js';
import { play } from '../sound/verdict.sound.js';
import { say, spokenCode } from '../sound/spoken.js';
import { station } from '../station.session.js';
import { codeInArea, stocktakeDifference, stocktakeRecords, type FoundParcel, type OpenStocktake } from './stocktake.count.js';
import {
  readStocktake,
  removeFound,
  writeEnd,
  writeFound,
  writeOpen,
  writeResult,
  type StocktakePlace,
  type StocktakeResult,
} from './stocktake.storage.js';

/** What the card says of the last code: found in its place, found elsewhere, more than expected, counted before, no parcel, not kept. */
export type FindKind = 'found' | 'moved' | 'surplus' | 'again' | 'unknown' | 'storage';
export interface FindAnswer {
  readonly kind: FindKind;
  readonly text: string;
  readonly shelfCode?: string;
}
const TONES = { found: 'good', moved: 'warn', surplus: 'warn', again: 'good', unknown: 'bad', storage: 'bad' } as const;
/** Where a surplus parcel goes when no area was named. */
const FIRST_AREA = '1-1';
/** As many as the county takes in one record. */
const MOST_FOUND = 5000;

/** The tone of an answer: colour, sound and vibration. */
export const toneOf = (kind: FindKind) => TONES[kind];

/** The state and actions of a stock-take at the station in use; call it in `setup`. */
export function useStocktaking() {
  const { t } = useI18n();
  const open = shallowRef<OpenStocktake>();
  const found = shallowRef(new Map<string, FoundParcel>());
  const result = shallowRef<StocktakeResult>();
  const answer = ref<FindAnswer>();
  const area = ref('');
  const ready = ref(false);
  startShelf();

  const place = (): StocktakePlace => `${session.me?.id ?? ''}|${station.value?.code ?? ''}`;
  const difference = computed(() => open.value && stocktakeDifference(open.value, book.value, found.value));
  const dayOfMonth = () => Number(dayOf(Date.now()).slice(8));

  async function resume(): Promise<void> {
    ready.value = false;
    const asked = place();
    const left = await readStocktake(asked).catch(() => ({ found: new Map<string, FoundParcel>() }));
    if (asked !== place()) return;
    open.value = 'open' in left ? left.open : undefined;
    result.value = 'result' in left ? left.result : undefined;
    found.value = left.found;
    answer.value = undefined;
    ready.value = true;
  }
  watch(place, resume, { immediate: true });

  function tell(kind: FindKind, text: string, shelfCode?: string): void {
    answer.value = { kind, text, ...(shelfCode !== undefined && { shelfCode }) };
    play(TONES[kind]);
    if (kind === 'surplus' || kind === 'storage') say(t(`stocktake.spoken.${kind}`));
    else if (kind === 'moved' && shelfCode !== undefined) say(t('stocktake.spoken.moved', { code: spokenCode(shelfCode) }));
  }

  async function start(): Promise<void> {
    const code = station.value?.code;
    if (!code) return;
    const before = shelfAsOf.value === undefined ? null : [...book.value.parcels.keys()];
    const begun = { id: uuidv7(), stationCode: code, startedAt: new Date().toISOString(), before };
    try {
      await writeOpen(place(), begun);
      await writeResult(place(), undefined);
    } catch {
      return tell('storage', '');
    }
    result.value = undefined;
    found.value = new Map();
    answer.value = undefined;
    open.value = begun;
  }

  function placed(waybill: string): FoundParcel {
    const at = new Date().toISOString();
    const named = area.value.trim().replace(/-+$/, '');
    const shelfCode = named ? codeInArea(book.value, found.value, waybill, named, dayOfMonth()) : undefined;
    const scanId = found.value.get(waybill)?.scanId ?? uuidv7();
    return { waybill, at, scanId, ...(shelfCode !== undefined && { shelfCode }) };
  }

  /** Takes one code. It counts, and sounds, when it is on the disk. */
  async function take(text: string): Promise<void> {
    const { value: now } = open;
    if (!now || !text.trim()) return;
    const reading = readLabel(text);
    if (reading.kind !== 'waybill') return tell('unknown', text.trim());
    const { waybill } = reading;
    const former = found.value.get(waybill);
    if (former === undefined && found.value.size >= MOST_FOUND) return tell('storage', waybill);
    const find = placed(waybill);
    if (former && (find.shelfCode === undefined || find.shelfCode === former.shelfCode)) return tell('again', waybill);
    found.value.set(waybill, find);
    try {
      await writeFound(now.id, find);
    } catch {
      if (former) found.value.set(waybill, former);
      else found.value.delete(waybill);
      triggerRef(found);
      return tell('storage', waybill);
    }
    triggerRef(found);
    const known = book.value.parcels.get(waybill);
    if (!known && now.before !== null && !now.before.includes(waybill)) tell('surplus', waybill, find.shelfCode);
    else if (known && find.shelfCode !== undefined && find.shelfCode !== known.shelfCode) tell('moved', waybill, find.shelfCode);
    else tell('found', waybill, find.shelfCode ?? known?.shelfCode ?? undefined);
  }

  async function takeBack(waybill: string): Promise<void> {
    if (!open.value) return;
    await removeFound(open.value.id, waybill);
    found.value.delete(waybill);
    triggerRef(found);
    if (answer.value?.text === waybill) answer.value = undefined;
  }

  /** Writes everything down at once. Power that fails in between costs nothing: the ids are those of the beginning. */
  async function finish(): Promise<boolean> {
    const { value: now } = open;
    if (!now) return false;
    const finishedAt = new Date().toISOString();
    const { scans, record } = stocktakeRecords(now, found.value, finishedAt);
    const ended = { id: now.id, finishedAt, found: found.value.size, difference: difference.value ?? null, handled: [] };
    try {
      await keepAll([...scans.map((scan): Kept => ['scans', scan]), ['stocktakes', record]]);
      await writeEnd(place(), now.id, ended);
    } catch {
      tell('storage', '');
      return false;
    }
    open.value = undefined;
    result.value = ended;
    // Only what changes the shelf; a thousand parcels in their places change nothing.
    for (const scan of scans) {
      const known = book.value.parcels.get(scan.waybill ?? '');
      if (!known || (scan.shelfCode !== undefined && scan.shelfCode !== known.shelfCode)) noteScan(scan);
    }
    found.value = new Map();
    play('good');
    const { missing = [], surplus = [] } = ended.difference ?? {};
    say(t('stocktake.spoken.done', { found: ended.found, missing: missing.length, surplus: surplus.length }));
    return true;
  }

  async function giveUp(): Promise<void> {
    if (!open.value) return;
    await writeEnd(place(), open.value.id, undefined);
    open.value = undefined;
    found.value = new Map();
    answer.value = undefined;
  }

  async function keepFor(
    waybills: readonly string[],
    scanOf: (waybill: string) => Partial<Scan> & Pick<Scan, 'kind'>,
  ): Promise<void> {
    const { value: ended } = result;
    const code = station.value?.code;
    if (!ended || waybills.length === 0) return;
    const scans: Scan[] = [];
    for (const waybill of waybills) {
      const scan = {
        id: uuidv7(),
        waybill,
        occurredAt: new Date().toISOString(),
        ...(code !== undefined && { stationCode: code }),
      };
      const made: Scan = { ...scan, ...scanOf(waybill) };
      scans.push(made);
    }
    const now = { ...ended, handled: [...ended.handled, ...waybills] };
    try {
      await keepAll(scans.map((scan): Kept => ['scans', scan]));
      await writeResult(place(), now);
    } catch {
      return tell('storage', '');
    }
    for (const scan of scans) noteScan(scan);
    result.value = now;
    play('good');
  }

  /** Reports parcels as missing. */
  const reportMissing = (waybills: readonly string[]) =>
    keepFor(waybills, () => ({ kind: 'exception_open', exception: 'missing' }));

  /** Scans a surplus parcel in, under the code that it was found under or the next free one. */
  const scanIn = (waybill: string) =>
    keepFor([waybill], () => ({
      kind: 'shelved',
      shelfCode:
        book.value.parcels.get(waybill)?.shelfCode ?? proposeShelfCode(book.value, area.value.trim() || FIRST_AREA, dayOfMonth()),
    }));

  async function putAway(): Promise<void> {
    await writeResult(place(), undefined);
    result.value = undefined;
    answer.value = undefined;
  }

  return {
    open,
    found,
    result,
    answer,
    area,
    ready,
    difference,
    start,
    take,
    takeBack,
    finish,
    giveUp,
    reportMissing,
    scanIn,
    putAway,
  };
}
