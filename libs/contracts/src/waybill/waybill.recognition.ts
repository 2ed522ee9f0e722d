/** Whose parcel a number says it is. Here, and not with the server's parcels, because a keeper's phone asks it without a network. */
import { checkS10, checkSscc, s10Service, type CheckResult } from './waybill.check.js';
import { WAYBILL_PATTERNS } from './waybill.patterns.js';

/** Why a carrier is a candidate, strongest first; this order decides. */
export const CANDIDATE_REASONS = ['manifest', 'label', 'check_digit', 'prefix', 'provider', 'shape'] as const;
export type CandidateReason = (typeof CANDIDATE_REASONS)[number];

/** A carrier that the number may belong to. */
export interface Candidate {
  readonly carrierCode: string;
  readonly reason: CandidateReason;
  /** 0–1; shapes share at most 0.6 between them, because 16 of 23 real numbers fit more than one. */
  readonly confidence: number;
}

/** What is known about a waybill besides its number. */
export interface CarrierEvidence {
  /** Carrier of the manifest that announced it. */
  readonly manifest?: string | undefined;
  /** Carrier that the label's own code, or the keeper, named. */
  readonly label?: string | undefined;
  /** Carrier that a tracking provider answered. */
  readonly provider?: string | undefined;
}

/** What a waybill number shows. */
export interface Recognition {
  readonly waybill: string;
  /** `s10` and `sscc` carry a check digit; an SSCC names a box, not a carrier. */
  readonly format: 's10' | 'sscc' | 'plain';
  readonly checkDigit: CheckResult | 'none';
  /** Ranked, best first. */
  readonly candidates: readonly Candidate[];
  /** The carrier, when the evidence decides; `null` means: ask the keeper. There is no default. */
  readonly decided: string | null;
}

const CONFIDENCE: Readonly<Record<Exclude<CandidateReason, 'shape'>, number>> = {
  manifest: 0.99,
  label: 0.97,
  check_digit: 0.95,
  prefix: 0.9,
  provider: 0.85,
};
const SHAPE_SHARE = 0.6;

/** Normalises what a person typed or a scanner read: upper case, no blanks. */
export const normaliseWaybill = (text: string): string => text.replace(/\s+/g, '').toUpperCase();

/**
 * Recognises a waybill number: ranked candidates with their reasons, and a decision only by manifest, label, check digit, unambiguous
 * prefix or a provider's answer, in that order (docs/domain/carriers.md, "Waybill recognition").
 */
export function recognise(text: string, evidence: CarrierEvidence = {}): Recognition {
  const waybill = normaliseWaybill(text);
  const s10 = checkS10(waybill);
  const sscc = checkSscc(waybill);
  const format = s10 ? 's10' : sscc ? 'sscc' : 'plain';
  const candidates = best([
    ...fromEvidence(evidence),
    ...(s10 === 'valid'
      ? [{ carrierCode: postalOf(waybill), reason: 'check_digit' as const, confidence: CONFIDENCE.check_digit }]
      : []),
    ...(format === 'plain' ? fromPatterns(waybill) : []),
  ]);
  const first = candidates[0];
  return {
    waybill,
    format,
    checkDigit: s10 ?? sscc ?? 'none',
    candidates,
    decided: first && first.reason !== 'shape' ? first.carrierCode : null,
  };
}

function fromEvidence(evidence: CarrierEvidence): Candidate[] {
  return (['manifest', 'label', 'provider'] as const).flatMap((reason) => {
    const carrierCode = evidence[reason];
    return carrierCode ? [{ carrierCode, reason, confidence: CONFIDENCE[reason] }] : [];
  });
}

/** S10 numbers are the post's; a service indicator E… is EMS. */
const postalOf = (waybill: string): string => (s10Service(waybill).startsWith('E') ? 'EMS' : 'POSTAL');

function fromPatterns(waybill: string): Candidate[] {
  const matching = WAYBILL_PATTERNS.filter(({ pattern }) => pattern.test(waybill));
  const prefixed = matching.filter(({ by }) => by === 'prefix');
  const owners = new Set(prefixed.map(({ carrierCode }) => carrierCode));
  const [owner] = owners;
  const unambiguous = owners.size === 1;
  const weights = new Map<string, number>();
  for (const { carrierCode, by, weight } of matching)
    if (by === 'shape' || !unambiguous) weights.set(carrierCode, (weights.get(carrierCode) ?? 0) + weight);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const shapes = [...weights].map(([carrierCode, weight]): Candidate => ({
    carrierCode,
    reason: 'shape',
    confidence: round((SHAPE_SHARE * weight) / total),
  }));
  return unambiguous && owner ? [{ carrierCode: owner, reason: 'prefix', confidence: CONFIDENCE.prefix }, ...shapes] : shapes;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** One entry a carrier, by its strongest reason; ranked by reason, then confidence, then code. */
function best(all: readonly Candidate[]): Candidate[] {
  const rank = (candidate: Candidate) => CANDIDATE_REASONS.indexOf(candidate.reason);
  const ranked = [...all].sort(
    (a, b) => rank(a) - rank(b) || b.confidence - a.confidence || (a.carrierCode < b.carrierCode ? -1 : 1),
  );
  const seen = new Set<string>();
  return ranked.filter(({ carrierCode }) => !seen.has(carrierCode) && seen.add(carrierCode));
}
