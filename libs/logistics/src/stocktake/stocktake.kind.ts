import { Injectable } from '@nestjs/common';
import { stocktakeRecordSchema, type StocktakeRecord } from '#contracts';
import { DomainError, invalid, type Tx } from '#platform';
import { readStationHistory } from '../closing/shelf.history.js';
import { foldParcel, type ParcelFold } from '../parcel/parcel.fold.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { stocktakeDifference } from './stocktake.difference.js';

/** What moved on the shelf before this is no longer told apart: a count that was left lying and taken up again is still taken in. */
const LONGEST_MS = 2 * 86_400_000;

/** How stock-takes are taken in: the differences are what the ledger says when the record comes, and stay as they were found. */
@Injectable()
export class StocktakeKind implements RecordKind<StocktakeRecord> {
  readonly path = 'stocktakes';
  readonly schema = stocktakeRecordSchema;

  /** @throws DomainError `station_required` 400, `invalid_input` 400 for an end before the beginning */
  check({ startedAt, occurredAt }: StocktakeRecord, { station }: RecordPlace): Promise<void> {
    if (!station) return Promise.reject(new DomainError('station_required', 400));
    if (Date.parse(startedAt) > Date.parse(occurredAt))
      return Promise.reject(invalid([{ path: 'startedAt', code: 'after_end', message: 'after occurredAt' }]));
    return Promise.resolve();
  }

  async write(tx: Tx, record: StocktakeRecord, place: RecordPlace): Promise<readonly string[]> {
    const { station, facts, occurredAt } = place;
    if (!station) throw new DomainError('station_required', 400);
    const startedAt = Math.min(Date.parse(record.startedAt), occurredAt.getTime());
    const span = { from: new Date(Math.max(startedAt, occurredAt.getTime() - LONGEST_MS)), to: occurredAt };
    const claimed = { from: Date.parse(record.startedAt), to: Date.parse(record.occurredAt) };
    const waybills = record.found.map(({ waybill }) => waybill);
    const folds = new Map<string, ParcelFold>();
    for (const [waybill, events] of await readStationHistory(tx, facts, station, span, waybills)) {
      // Its own scans say that everything that was found lies here: against them nothing would ever be surplus. They are known by the phone's own clock, right or not.
      const others = events.filter(
        (event) =>
          event.kind !== 'stocktake' ||
          event.stationId !== station.id ||
          event.claimedAt < claimed.from ||
          event.claimedAt > claimed.to,
      );
      const fold = foldParcel(others, facts.levelOf);
      if (fold) folds.set(waybill, fold);
    }
    const times = { fromMs: span.from.getTime(), toMs: span.to.getTime() };
    const difference = stocktakeDifference(folds, station.id, times, record.found);
    await tx.query(
      `insert into logistics.stocktake (county_code, id, station_id, started_at, finished_at, expected, found, missing, surplus, moved, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9::text[], $10::jsonb, $11)`,
      [
        place.countyCode,
        record.id,
        station.id,
        span.from,
        span.to,
        difference.expected,
        difference.found,
        difference.missing,
        difference.surplus,
        JSON.stringify(difference.moved),
        place.principal.id,
      ],
    );
    return difference.missing.length + difference.surplus.length > 0 ? ['stocktake_differs'] : [];
  }
}
