import type { SecretBox, Tx } from '#platform';
import { textColumn } from '../ledger/array.literal.js';

/** What was learnt of a parcel's recipient at one time; what is absent was not said. */
export interface RecipientWord {
  readonly waybill: string;
  readonly at: Date;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly consent?: string | undefined;
}

/** Columns that keep what was said last, by the time that it was said; a word that does not name them has no time for them. */
const keepLatest = (field: 'name' | 'phone' | 'consent', ...columns: readonly string[]): string =>
  columns
    .map((column) => {
      const isLater = `excluded.${field}_at >= coalesce(r.${field}_at, '-infinity')`;
      return `${column} = case when ${isLater} then excluded.${column} else r.${column} end`;
    })
    .join(', ');

const UPSERT = `
  insert into logistics.recipient as r (county_code, waybill, name, name_at, phone, phone_tail, phone_at, consent, consent_at, updated_at)
  select $1, waybill, name, case when name is not null then at end, phone, phone_tail, case when phone is not null then at end, consent,
    case when consent is not null then at end, $8
  from unnest($2::text[], $3::timestamptz[], $4::bytea[], $5::bytea[], $6::text[], $7::text[]) as w (waybill, at, name, phone, phone_tail, consent)
  on conflict (county_code, waybill) do update set
    ${keepLatest('name', 'name', 'name_at')}, ${keepLatest('phone', 'phone', 'phone_tail', 'phone_at')},
    ${keepLatest('consent', 'consent', 'consent_at')}, updated_at = greatest(r.updated_at, excluded.updated_at)`;

/** Stores what was learnt, sealed. Of each parcel one word at a time: a statement cannot change a row twice. */
export async function storeRecipients(
  tx: Tx,
  secrets: SecretBox,
  countyCode: string,
  words: readonly RecipientWord[],
  receivedAt: Date,
): Promise<void> {
  const sealed = (text: string | undefined) => (text === undefined ? null : Buffer.from(secrets.encrypt(text)));
  for (let left = [...words]; left.length > 0;) {
    const first = new Map<string, RecipientWord>();
    for (const word of left) if (!first.has(word.waybill)) first.set(word.waybill, word);
    // In one order, so that two writers of the same parcels cannot wait for each other.
    const round = [...first.values()].sort((a, b) => (a.waybill < b.waybill ? -1 : 1));
    left = left.filter((word) => first.get(word.waybill) !== word);
    await tx.query(UPSERT, [
      countyCode,
      textColumn(round, (word) => word.waybill),
      round.map((word) => word.at),
      round.map((word) => sealed(word.name)),
      round.map((word) => sealed(word.phone)),
      round.map((word) => (word.phone === undefined ? null : secrets.tail(word.phone))),
      round.map((word) => word.consent ?? null),
      receivedAt,
    ]);
  }
}
