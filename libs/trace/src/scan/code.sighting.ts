import type { CodeLevel, CodeState, RiskGrade, RiskReason } from '#contracts';

/** Where and with what somebody looked at a code: coarse on purpose. */
export interface ScanPoint {
  /** City or greater area, when it is known. */
  readonly place: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Coarse network (first two parts of an IPv4 address, first two groups of an IPv6 one), salted and hashed; `null` when unknown. */
  readonly network: string | null;
  /** Salted hash of what the browser tells of the phone; `null` when it tells nothing. */
  readonly device: Uint8Array | null;
  /** Over a mobile network, as the browser says; absent or `null` when it does not. */
  readonly mobile?: boolean | null;
}

/** What is known of a registered code after a look at it was recorded: this look is counted. */
export interface CodeSighting {
  readonly serial: number;
  readonly countyCode: string;
  readonly lotId: string;
  readonly level: CodeLevel;
  readonly state: CodeState;
  readonly firstAt: Date;
  readonly firstPlace: string | null;
  /** Looks so far, this one included. */
  readonly scans: number;
  readonly risk: RiskGrade;
  readonly reasons: readonly RiskReason[];
  /** The recall in force that reaches the code's lot. */
  readonly recall: { readonly reason: string; readonly since: Date } | null;
  /** Of the lot's row and of everything else that its page shows: the page is cached under it. */
  readonly lotRevision: number;
}
