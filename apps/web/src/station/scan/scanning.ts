/** The scan page at work: from Enter to a stored scan, the question about its carrier, and the card that answers. */
import { computed, reactive, ref, watch } from 'vue';
import { v7 as uuidv7 } from 'uuid';
import type { CarrierCode, ParcelView } from '#contracts';
import { candidatesOf } from '../../shared/api/logistics.api.js';
import { session } from '../../shared/session/session.js';
import { station } from '../station.session.js';
import { connected, counts, itemOf, keep, release } from '../outbox/outbox.js';
import { play } from '../sound/verdict.sound.js';
import { scanOf, type Draft, type DraftProblem } from './scan.draft.js';
import { asksCarrier, kindsOf, type PageKind } from './scan.kinds.js';
import { verdictOf } from './scan.verdict.js';
import { nextShelfCode } from './shelf.code.js';

const KEY = 'xiangyi.draft';
/** A keeper does not wait longer than this for a guess about the carrier. */
const CANDIDATES_MS = 1500;

/** What the card shows: a stored scan, or words about an input that is not one. */
export type Shown = { id: string } | { problem: DraftProblem | 'storage'; text: string };
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

/** The state and actions of the scan page; call it in `setup`. */
export function useScanning() {
  const kinds = kindsOf(session.me?.role ?? 'station');
  const draft = reactive(startDraft(kinds.everyday[0] ?? 'arrived_village', [...kinds.everyday, ...kinds.more]));
  const shown = ref<Shown>();
  const question = ref<CarrierQuestion>();

  const item = computed(() => (shown.value && 'id' in shown.value ? itemOf(shown.value.id) : undefined));
  const verdict = computed(() => (item.value ? verdictOf(item.value, connected.value) : undefined));

  watch(
    () => ({ kind: draft.kind, shelfCode: draft.shelfCode }),
    (kept) => localStorage.setItem(KEY, JSON.stringify(kept)),
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

  function refuse(problem: DraftProblem | 'storage', text: string): void {
    shown.value = { problem, text };
    play('bad');
  }

  async function ask(id: string, waybill: string): Promise<void> {
    const answer = await candidatesOf(waybill, CANDIDATES_MS).catch(() => undefined);
    const open = answer && !answer.decided && answer.candidates.length > 0 && itemOf(id)?.stage === 'waiting';
    if (open) question.value = { id, waybill, candidates: answer.candidates };
    else await release([id]);
  }

  /** Takes one line from the scanner or the keyboard. */
  async function submit(text: string): Promise<void> {
    if (!text.trim()) return;
    const stamp = { id: uuidv7(), occurredAt: new Date().toISOString(), stationCode: station.value?.code };
    const made = scanOf(draft, text, stamp);
    if ('problem' in made) return refuse(made.problem, text);
    const { scan } = made;
    const asking = asksCarrier(draft.kind) && !scan.carrierCode && connected.value && !session.expired;
    if (draft.kind === 'shelved') draft.shelfCode = nextShelfCode(draft.shelfCode);
    try {
      await keep('scans', scan, { stage: asking ? 'waiting' : 'pending' });
    } catch {
      return refuse('storage', text);
    }
    // Scanning on leaves the question about the parcel before open.
    if (question.value) await answerCarrier(undefined);
    shown.value = { id: scan.id };
    if (asking && scan.waybill) await ask(scan.id, scan.waybill);
  }

  /** Sends the scan that waited, with the carrier that the keeper named, or without. */
  async function answerCarrier(carrierCode: string | undefined): Promise<void> {
    const asked = question.value;
    question.value = undefined;
    if (asked) await release([asked.id], carrierCode ? { carrierCode: carrierCode } : {});
  }

  return { kinds, draft, shown, item, verdict, question, submit, answerCarrier };
}
