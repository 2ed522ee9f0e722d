/** 揽收: from what the keeper types to a record that the law and the county accept. Pure. */
import {
  consignmentRecordSchema,
  dayOf,
  isResidentId,
  phoneSchema,
  waybillSchema,
  type ConsignmentRecord,
  type IdentityKind,
  type SecurityCheck,
} from '#contracts';
import { fenOf } from '../../shared/format/figure.format.js';
import { gramsOf } from '../../shared/produce/weight.js';

/** The screens of taking a parcel in, in their order; their words are `send.step.<name>`. */
export const SEND_STEPS = ['waybill', 'sender', 'goods', 'receiver', 'freight'] as const;
export type SendStep = (typeof SEND_STEPS)[number];

export interface SenderDraft {
  name: string;
  phone: string;
  identityKind: IdentityKind;
  identityNumber: string;
}
export interface ConsignmentDraft {
  waybill: string;
  carrierCode: string;
  sender: SenderDraft;
  contents: string;
  inspected: boolean;
  securityCheck: SecurityCheck | '';
  receiver: { name: string; phone: string; province: string; city: string; detail: string };
  weightKg: string;
  freightYuan: string;
  categoryCode: string;
  lotId: string;
}

/** What keeps a step from being done; names of messages under `send.missing`. */
export type SendProblem =
  | 'waybill'
  | 'carrier'
  | 'realName'
  | 'phone'
  | 'identity'
  | 'identityWrong'
  | 'contents'
  | 'inspected'
  | 'securityCheck'
  | 'receiverName'
  | 'receiverPhone'
  | 'province'
  | 'city'
  | 'detail'
  | 'weight'
  | 'freight';

/** A parcel takes at most so much (contract). */
const MAX_G = 100_000;
const MAX_FREIGHT_FEN = 1_000_000;
const IDENTITY = /^[A-Z0-9()-]{5,30}$/;

/** An empty form. */
export function emptyDraft(): ConsignmentDraft {
  return {
    waybill: '',
    carrierCode: '',
    sender: { name: '', phone: '', identityKind: 'resident_id', identityNumber: '' },
    contents: '',
    inspected: false,
    securityCheck: '',
    receiver: { name: '', phone: '', province: '', city: '', detail: '' },
    weightKg: '',
    freightYuan: '',
    categoryCode: '',
    lotId: '',
  };
}

/** The form for the next parcel of the same sender: every parcel is inspected and checked for itself. */
export function nextOf(draft: ConsignmentDraft): ConsignmentDraft {
  return { ...emptyDraft(), sender: { ...draft.sender } };
}

/** The weight in grams, or `undefined` for none that a parcel can have. */
export function weightOf(draft: Pick<ConsignmentDraft, 'weightKg'>): number | undefined {
  const grams = gramsOf(draft.weightKg, 'kg');
  return grams !== undefined && grams <= MAX_G ? grams : undefined;
}

/** The freight in fen, or `undefined`. */
export function freightOf(draft: Pick<ConsignmentDraft, 'freightYuan'>): number | undefined {
  const fen = fenOf(draft.freightYuan);
  return fen !== undefined && fen >= 0 && fen <= MAX_FREIGHT_FEN ? fen : undefined;
}

/** Whether the number can be one of its kind; a resident identity number is checked by its check character and birth date, as the county does. */
export function identityProblem({ identityKind, identityNumber }: SenderDraft, nowMs: number): SendProblem | undefined {
  const number = identityNumber.trim().toUpperCase();
  if (!IDENTITY.test(number)) return 'identity';
  return identityKind === 'resident_id' && !isResidentId(number, dayOf(nowMs)) ? 'identityWrong' : undefined;
}

const isPhone = (text: string): boolean => phoneSchema.safeParse(text).success;
const isBlank = (text: string): boolean => text.trim() === '';

/** What a step still lacks, in the order of its fields. */
export function problemsOf(draft: ConsignmentDraft, step: SendStep, nowMs: number): SendProblem[] {
  const { sender, receiver } = draft;
  const found: (SendProblem | false | undefined)[] = [];
  switch (step) {
    case 'waybill':
      found.push(!waybillSchema.safeParse(draft.waybill).success && 'waybill', draft.carrierCode === '' && 'carrier');
      break;
    case 'sender':
      found.push(isBlank(sender.name) && 'realName', !isPhone(sender.phone) && 'phone', identityProblem(sender, nowMs));
      break;
    case 'goods':
      found.push(
        isBlank(draft.contents) && 'contents',
        !draft.inspected && 'inspected',
        draft.securityCheck === '' && 'securityCheck',
      );
      break;
    case 'receiver':
      found.push(
        isBlank(receiver.name) && 'receiverName',
        !isPhone(receiver.phone) && 'receiverPhone',
        isBlank(receiver.province) && 'province',
        isBlank(receiver.city) && 'city',
        isBlank(receiver.detail) && 'detail',
      );
      break;
    case 'freight':
      found.push(weightOf(draft) === undefined && 'weight', freightOf(draft) === undefined && 'freight');
  }
  return found.filter((problem) => typeof problem === 'string');
}

/** The first step that is not done, or `undefined` when the parcel may be taken in. */
export function openStep(draft: ConsignmentDraft, nowMs: number): SendStep | undefined {
  return SEND_STEPS.find((step) => problemsOf(draft, step, nowMs).length > 0);
}

/** The record, or `undefined` while something is missing: what the law asks for is never left out. */
export function consignmentOf(
  draft: ConsignmentDraft,
  stamp: { id: string; occurredAt: string; stationCode?: string | undefined },
): ConsignmentRecord | undefined {
  if (openStep(draft, Date.parse(stamp.occurredAt)) !== undefined) return undefined;
  const { name, phone, ...address } = draft.receiver;
  const { stationCode, ...known } = stamp;
  const parsed = consignmentRecordSchema.safeParse({
    ...known,
    ...(stationCode !== undefined && { stationCode }),
    waybill: draft.waybill,
    carrierCode: draft.carrierCode,
    sender: trimmed({ ...draft.sender, identityNumber: draft.sender.identityNumber.trim().toUpperCase() }),
    receiver: { name, phone, address },
    contents: draft.contents,
    inspected: draft.inspected,
    securityCheck: draft.securityCheck,
    weightG: weightOf(draft),
    freightFen: freightOf(draft),
    ...(draft.categoryCode && {
      produce: { categoryCode: draft.categoryCode, ...(draft.lotId && { lotId: draft.lotId }) },
    }),
  });
  return parsed.success ? parsed.data : undefined;
}

const trimmed = (sender: SenderDraft): SenderDraft => ({ ...sender, name: sender.name.trim(), phone: sender.phone.trim() });
