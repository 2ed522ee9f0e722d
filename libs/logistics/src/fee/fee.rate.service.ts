import { Injectable } from '@nestjs/common';
import type { FeeRate } from '#contracts';
import { assertUnchanged, DirectoryReader, type DirectorySnapshot } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, type Principal, type Tx } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';

/** All rates of a county, in one order. */
export interface FeeRates {
  rates: FeeRate[];
}

/** A county's rates: what a station earns for a piece, by carrier and direction, from a day on. */
@Injectable()
export class FeeRateService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The rates of the caller's county. @throws DomainError `county_required` 400 for a caller above several */
  async get(principal: Principal): Promise<FeeRates> {
    return await readRates(this.database, this.countyOf(await this.directory.snapshot(), principal));
  }

  /**
   * Replaces all rates. The same again changes nothing, whatever it was made upon: the answer to the first may have been lost.
   * @throws DomainError `changed_meanwhile` 412, `unknown_carrier` 400, `invalid_input` 400 for two rates of one day, `county_required` 400
   */
  async put(principal: Principal, { rates }: FeeRates, ifMatch: string | undefined): Promise<FeeRates> {
    const snapshot = await this.directory.snapshot();
    const countyCode = this.countyOf(snapshot, principal);
    assertRates(snapshot, rates);
    const wanted = { rates: [...rates].sort(inOrder).map(plainRate) };
    return await this.database.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock(hashtextextended('fee_rate ' || $1, 0))", [countyCode]);
      const present = await readRates(tx, countyCode);
      if (JSON.stringify(present) === JSON.stringify(wanted)) return present;
      assertUnchanged(ifMatch, present);
      await replaceRates(tx, countyCode, wanted.rates);
      await this.audit.record(tx, {
        countyCode,
        actorId: principal.id,
        action: 'fee_rates.replaced',
        subject: `county:${countyCode}`,
        detail: { rates: wanted.rates.length },
      });
      return wanted;
    });
  }

  private countyOf(snapshot: DirectorySnapshot, principal: Principal): string {
    return countyKeyOf(SnapshotFacts.of(snapshot), principal, listedUnit(snapshot, principal, undefined), this.clock.now());
  }
}

/** A county's rates by carrier, kind and day. */
export async function readRates(from: Tx, countyCode: string): Promise<FeeRates> {
  const rates = await from.query<FeeRate>(
    `select carrier_code as "carrierCode", kind, from_day as "from", amount_fen as "amountFen" from logistics.fee_rate where county_code = $1`,
    [countyCode],
  );
  return { rates: rates.sort(inOrder).map(plainRate) };
}

async function replaceRates(tx: Tx, countyCode: string, rates: readonly FeeRate[]): Promise<void> {
  await tx.query('delete from logistics.fee_rate where county_code = $1', [countyCode]);
  await tx.query(
    `insert into logistics.fee_rate (county_code, carrier_code, kind, from_day, amount_fen)
     select $1, carrier_code, kind, from_day, amount_fen
     from unnest($2::text[], $3::text[], $4::date[], $5::int[]) as r (carrier_code, kind, from_day, amount_fen)`,
    [
      countyCode,
      plainArray(rates.map(({ carrierCode }) => carrierCode)),
      plainArray(rates.map(({ kind }) => kind)),
      plainArray(rates.map(({ from }) => from)),
      plainArray(rates.map(({ amountFen }) => amountFen)),
    ],
  );
}

function assertRates(snapshot: DirectorySnapshot, rates: readonly FeeRate[]): void {
  const seen = new Set<string>();
  for (const [index, rate] of rates.entries()) {
    if (!snapshot.carrier(rate.carrierCode)) throw new DomainError('unknown_carrier', 400, { carrier: rate.carrierCode });
    const key = keyOf(rate);
    if (seen.has(key)) throw invalid([{ path: `rates.${index}`, code: 'rate_twice', message: key }]);
    seen.add(key);
  }
}

const keyOf = ({ carrierCode, kind, from }: FeeRate): string => `${carrierCode} ${kind} ${from}`;
const inOrder = (a: FeeRate, b: FeeRate): number => (keyOf(a) < keyOf(b) ? -1 : 1);
/** With its fields in one order, so that equal rates make equal text. */
const plainRate = ({ carrierCode, kind, from, amountFen }: FeeRate): FeeRate => ({ carrierCode, kind, from, amountFen });
