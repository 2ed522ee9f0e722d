/** The scan page at work: from a code in view or a line of a scanner to a stored scan, its warnings, the question about its carrier, and the card that answers. */
import { computed, onScopeDispose, reactive, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { v7 as uuidv7 } from 'uuid';
import { carrierCodeSchema, dayOf, recognise, type ParcelView, type Scan } from '#contracts';
import { session } from '../../shared/session/session.js';
import { station } from '../station.session.js';
import { connected, counts, itemOf, keep, release, scanIn } from '../outbox/outbox.js';
import { intakeAlarms, isRepeat, proposeShelfCode, type IntakeAlarm } from '../shelf/shelf.book.js';
import { book, noteScan, startShelf } from '../shelf/shelf.js';
import { play } from '../sound/verdict.sound.js';
import { say, spokenCode } from '../sound/spoken.js';
import { readLabel, type LabelReading } from './label.reading.js';
import { scanOf, type Draft, type DraftProblem } from './scan.draft.js';
import { asksCarrier, kindsOf, type PageKind } from './scan.kinds.js';
import { verdictOf } from './scan.verdict.js';
import { nextShelfCode } from './shelf.code.js';

const KEY = 'xiangyi.draft';
const FIRST_AREA = '1-1';
/** Kinds by which a parcel comes in here: what the shelf knows of it is told. */
const INTAKE: ReadonlySet<PageKind> = new Set(['arrived_village', 'shelved']);

/**
 * Why nothing was stored: the input is no scan, the phone could not keep it, or the camera saw the same label again. `held`: it was stored, but its
 * carrier could not be.
 */
export type InputProblem = DraftProblem | 'storage' | 'again' | 'held';
/** What the card shows: a stored scan with the warnings of this phone, or words about an input that is not one. */
export type Shown = { id: string; alarms: readonly IntakeAlarm[] } | { problem: InputProblem; text: string };
export interface CarrierQuestion {
  id: string;
  waybill: string;
  candidates: ParcelView['candidates'];
}

function savedDraft(): Partial<Draft> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Draft>;
  } catch {
    return {};
  }
}

function startDraft(first: PageKind, kinds: readonly PageKind[]): Draft {
  const { kind, shelfCode = '' } = savedDraft();
  const draft: Draft = { kind: first, shelfCode, carrierCode: '', exception: '', proof: '' };
  if (kind && kinds.includes(kind)) draft.kind = kind;
  return draft;
}

/** The code after `code` that no parcel bears; `taken` is the shelf's. */
function freeAfter(code: string, taken: ReadonlyMap<string, string>): string {
  let next = nextShelfCode(code);
  while (next !== code && taken.has(next)) next = nextShelfCode(next);
  return next;
}

/**
 * The state and actions of the scan page; call it in `setup`.
 * @param elsewhere what to do with a code that is not a parcel's: a bag, a certificate, another phone's queue
 */
export function useScanning(elsewhere: (reading: Exclude<LabelReading, { kind: 'waybill' | 'unknown' }>) => void) {
  const { t } = useI18n();
  const kinds = kindsOf(session.me?.role ?? 'station');
  const draft = reactive(startDraft(kinds.everyday[0] ?? 'arrived_village', [...kinds.everyday, ...kinds.more]));
  const shown = ref<Shown>();
  const question = ref<CarrierQuestion>();
  startShelf();

  const item = computed(() => (shown.value && 'id' in shown.value ? itemOf(shown.value.id) : undefined));
  const verdict = computed(() => (item.value ? verdictOf(item.value, connected.value) : undefined));

  watch(
    () => ({ kind: draft.kind, shelfCode: draft.shelfCode }),
    (kept) => localStorage.setItem(KEY, JSON.stringify(kept)),
  );
  watch(
    () => draft.kind === 'shelved' && !draft.shelfCode,
    (empty) => {
      if (empty) draft.shelfCode = proposeShelfCode(book.value, FIRST_AREA, Number(dayOf(Date.now()).slice(8)));
    },
    { immediate: true },
  );
  watch(
    () => (item.value && verdict.value ? `${item.value.id} ${verdict.value.tone}` : ''),
    () => {
      const tone = verdict.value?.tone;
      if (tone && tone !== 'saved') play(tone);
    },
  );
  // A refusal must be heard even when the card already shows a later scan.
  watch(
    () => counts.value.rejected,
    (now, before) => {
      if (now > before && verdict.value?.tone !== 'bad') play('bad');
    },
  );

  function refuse(problem: InputProblem, text: string): void {
    shown.value = { problem, text };
    play(problem === 'again' ? 'warn' : 'bad');
  }

  /** Asks whose parcel it is when neither the number nor the county's list tells. Needs no network. */
  function ask(scan: Scan): void {
    const { id, waybill = '' } = scan;
    const manifest = book.value.expected.get(waybill)?.carrierCode ?? book.value.parcels.get(waybill)?.carrierCode;
    const { decided, candidates } = recognise(waybill, manifest ? { manifest } : {});
    if (decided === null && candidates.length > 0) question.value = { id, waybill, candidates: [...candidates] };
    else void letGo(id, waybill, manifest);
  }

  /** Lets a scan that waited for its carrier be sent; false, and said loudly, when the phone cannot write that down. */
  async function letGo(id: string, waybill: string, carrierCode?: string | null): Promise<boolean> {
    try {
      await release([id], carrierCode ? carrierPatch(carrierCode) : {});
      return true;
    } catch {
      refuse('held', waybill);
      return false;
    }
  }

  function tell(scan: Scan, alarms: readonly IntakeAlarm[]): void {
    const [gravest] = alarms;
    if (gravest) {
      play(gravest === 'on_shelf' || gravest === 'scanned_just_now' ? 'warn' : 'bad');
      say(t(`scan.alarm.${gravest}`));
    } else if (scan.shelfCode) say(t('scan.spoken.shelf', { code: spokenCode(scan.shelfCode) }));
  }

  /**
   * Takes one line from the camera, the scanner or the keyboard. The camera sees the same label again and again: there it is not scanned twice,
   * while a line that a person sends twice is kept, and the county flags it.
   */
  async function take(text: string, way: 'camera' | 'line'): Promise<void> {
    if (!text.trim()) return;
    const reading = readLabel(text);
    if (reading.kind !== 'waybill' && reading.kind !== 'unknown') return elsewhere(reading);
    const line = reading.kind === 'waybill' ? reading.waybill : text;
    const stamp = { id: uuidv7(), occurredAt: new Date().toISOString(), stationCode: station.value?.code };
    const made = scanOf(draft, line, stamp);
    if ('problem' in made) return refuse(made.problem, text);
    const { scan } = made;
    const alarms = INTAKE.has(draft.kind) ? intakeAlarms(book.value, scan, Date.now()) : [];
    if (way === 'camera' && isRepeat(book.value, scan, Date.now())) return refuse('again', line);
    const asking = asksCarrier(draft.kind) && !scan.carrierCode;
    if (draft.kind === 'shelved') draft.shelfCode = freeAfter(draft.shelfCode, book.value.codes);
    try {
      await keep('scans', scan, { stage: asking ? 'waiting' : 'pending' });
    } catch {
      return refuse('storage', text);
    }
    noteScan(scan);
    shown.value = { id: scan.id, alarms };
    tell(scan, alarms);
    // Scanning on leaves the question about the parcel before open.
    if (question.value) await answerCarrier(undefined);
    if (asking) ask(scan);
  }

  /** Takes one line and never rejects: the next one must be taken whatever became of this one. */
  const submit = (text: string, way: 'camera' | 'line' = 'line'): Promise<void> =>
    take(text, way).catch(() => refuse('storage', text));

  /** Sends the scan that waited, with the carrier that the keeper named, or without. What could not be written down is asked again. */
  async function answerCarrier(carrierCode: string | undefined): Promise<void> {
    const asked = question.value;
    question.value = undefined;
    if (asked && !(await letGo(asked.id, asked.waybill, carrierCode))) question.value ??= asked;
  }
  // Nobody answers on a page that is left.
  onScopeDispose(() => void answerCarrier(undefined));

  /** Takes the scan on the card back: a scan of its own, so that it holds whatever was sent already. Resolves to the waybill. */
  async function undo(): Promise<string | undefined> {
    const mistake = scanIn(item.value);
    if (!mistake?.waybill) return undefined;
    const { waybill, stationCode, shelfCode } = mistake;
    const scan: Scan = {
      id: uuidv7(),
      kind: 'undone',
      waybill,
      undoes: mistake.id,
      occurredAt: new Date().toISOString(),
      stationCode,
    };
    if (question.value?.id === mistake.id) await answerCarrier(undefined);
    try {
      await keep('scans', scan);
    } catch {
      refuse('storage', waybill);
      return undefined;
    }
    noteScan(scan);
    if (draft.kind === 'shelved' && shelfCode) draft.shelfCode = shelfCode;
    shown.value = { id: scan.id, alarms: [] };
    return waybill;
  }

  return { kinds, draft, shown, item, verdict, question, submit, answerCarrier, undo };
}

function carrierPatch(carrierCode: string): Pick<Scan, 'carrierCode'> {
  const parsed = carrierCodeSchema.safeParse(carrierCode);
  return parsed.success ? { carrierCode: parsed.data } : {};
}
