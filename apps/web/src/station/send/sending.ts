/** The page of taking a parcel in at work: a form in steps that outlives a reload, a sender who came before, a record on the phone. */
import { computed, onMounted, reactive, ref, watch } from 'vue';
import { v7 as uuidv7 } from 'uuid';
import { recognise } from '#contracts';
import { keep } from '../outbox/outbox.js';
import { readLabel } from '../scan/label.reading.js';
import { station } from '../station.session.js';
import {
  consignmentOf,
  emptyDraft,
  nextOf,
  openStep,
  problemsOf,
  SEND_STEPS,
  type ConsignmentDraft,
  type SendProblem,
  type SendStep,
} from './consignment.draft.js';
import { readNote, writeNote } from './sealed.note.js';
import { SENDERS_NOTE, senderOf, withSender, type KnownSender } from './sender.book.js';

const DRAFT_NOTE = 'sending';
const SAVE_MS = 600;

/** What was kept last, for the label and for the next parcel. */
export interface Sent {
  readonly id: string;
  readonly waybill: string;
}

/** State and actions of the page; call it in `setup`. */
export function useSending() {
  const draft = reactive<ConsignmentDraft>(emptyDraft());
  const step = ref<SendStep>('waybill');
  /** Whether going on was tried: what is missing is said only then, and goes as it is filled in. */
  const tried = ref(false);
  const problem = computed<SendProblem | undefined>(() =>
    tried.value ? problemsOf(draft, step.value, Date.now())[0] : undefined,
  );
  const sent = ref<Sent>();
  const senders = ref<readonly KnownSender[]>([]);
  const returning = computed(() => {
    const known = senderOf(senders.value, draft.sender.phone);
    return known && known.identityNumber !== draft.sender.identityNumber ? known : undefined;
  });
  const candidates = computed(() => (draft.waybill ? recognise(draft.waybill) : undefined));
  let timer: ReturnType<typeof setTimeout> | undefined;

  onMounted(async () => {
    senders.value = (await readNote<readonly KnownSender[]>(SENDERS_NOTE)) ?? [];
    const former = await readNote<ConsignmentDraft>(DRAFT_NOTE);
    if (!former || draft.waybill) return;
    Object.assign(draft, former);
    step.value = openStep(draft, Date.now()) ?? 'freight';
  });
  watch(draft, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void writeNote(DRAFT_NOTE, draft.waybill || draft.sender.name ? { ...draft } : undefined), SAVE_MS);
  });

  /** Takes the number of a label. False when it is none. */
  function takeWaybill(line: string): boolean {
    const reading = readLabel(line);
    if (reading.kind !== 'waybill') return false;
    if (draft.waybill !== reading.waybill) draft.carrierCode = recognise(reading.waybill).decided ?? '';
    draft.waybill = reading.waybill;
    return true;
  }

  function goTo(next: SendStep): void {
    tried.value = false;
    step.value = next;
  }

  /** Goes to the next step, or stays and says what is missing. False when it stayed. */
  function next(): boolean {
    tried.value = true;
    if (problem.value) return false;
    const following = SEND_STEPS[SEND_STEPS.indexOf(step.value) + 1];
    if (following) goTo(following);
    return true;
  }

  /** Keeps the record on the phone. False when something is missing; throws as `keep`. */
  async function keepParcel(): Promise<boolean> {
    const occurredAt = new Date().toISOString();
    const open = openStep(draft, Date.parse(occurredAt));
    const record = consignmentOf(draft, { id: uuidv7(), occurredAt, stationCode: station.value?.code });
    if (!record) {
      step.value = open ?? step.value;
      tried.value = true;
      return false;
    }
    await keep('consignments', record);
    clearTimeout(timer);
    sent.value = { id: record.id, waybill: record.waybill };
    senders.value = withSender(senders.value, draft.sender);
    await Promise.all([writeNote(SENDERS_NOTE, senders.value), writeNote(DRAFT_NOTE, undefined)]);
    return true;
  }

  /** Begins the next parcel: of the same sender, or of somebody else. */
  function begin(same: boolean): void {
    Object.assign(draft, same ? nextOf(draft) : emptyDraft());
    sent.value = undefined;
    goTo('waybill');
  }

  return { draft, step, problem, sent, returning, candidates, takeWaybill, goTo, next, keepParcel, begin };
}
