import { Injectable } from '@nestjs/common';
import { closingRecordSchema, type ClosingRecord } from '#contracts';
import { DomainError, type Tx } from '#platform';
import { redactText } from '../carrier/trace.text.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { assertDay, tallyOf } from './station.days.js';

/** How closings are taken in: one a station and day, with the shelf as the county knew it at that moment beside the keeper's count. */
@Injectable()
export class ClosingKind implements RecordKind<ClosingRecord> {
  readonly path = 'closings';
  readonly schema = closingRecordSchema;

  /** @throws DomainError `station_required` 400, `invalid_input` 400 for a day to come */
  check({ day }: ClosingRecord, { station, receivedAt }: RecordPlace): Promise<void> {
    if (!station) return Promise.reject(new DomainError('station_required', 400));
    return Promise.resolve().then(() => assertDay(day, receivedAt));
  }

  /** @throws DomainError `day_closed` 409 when another closing of the day is there */
  async write(tx: Tx, { id, day, counted, note }: ClosingRecord, place: RecordPlace): Promise<readonly string[]> {
    const { station, countyCode, occurredAt, facts } = place;
    if (!station) throw new DomainError('station_required', 400);
    // The shelf at that moment: the day's other figures are not asked for, however long ago it was.
    const { shelfAfter } = await tallyOf(tx, facts, station, { from: occurredAt, to: new Date(occurredAt.getTime() + 1) });
    const [fresh] = await tx.query<{ id: string }>(
      `insert into logistics.station_closing (county_code, station_id, day, id, counted, on_shelf, note, closed_at, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (county_code, station_id, day) do nothing returning id`,
      [
        countyCode,
        station.id,
        day,
        id,
        counted,
        shelfAfter,
        note === undefined ? null : redactText(note.replaceAll('\0', '')),
        occurredAt,
        place.principal.id,
      ],
    );
    if (!fresh) throw new DomainError('day_closed', 409, { day });
    return counted === shelfAfter ? [] : ['count_differs'];
  }
}
