import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  firstDayOf,
  lastDayOf,
  daySchema,
  type Page,
  type SaleEntryKind,
  type SalesEvidenceQuery,
  type SalesEvidenceRow,
} from '#contracts';
import { Database, DomainError, type Principal } from '#platform';
import { CoverageDirectory } from '../coverage/coverage.directory.js';
import { STORED_LEVELS, type CoverageQuestion } from '../coverage/coverage.scope.js';
import { placeOf } from './sales.facts.js';
import { SalesReader } from './sales.reader.js';
import { SalesRepository } from './sales.repository.js';

const EXPORT_PAGE = 1000;
const keySchema = z.tuple([daySchema, z.guid()]);
type Key = z.infer<typeof keySchema>;
type EntryRow = Omit<SalesEvidenceRow, 'village'> & { villageId: string };

/** What is looked for: entries of some villages in a month. */
interface Search {
  readonly question: CoverageQuestion;
  /** Pairs of county and village. */
  readonly villages: readonly { countyCode: string; villageId: string }[];
  readonly kind: SaleEntryKind | undefined;
}

/** The entries behind a figure: the payments, refunds and payouts that add up to it. */
@Injectable()
export class SalesEvidence {
  constructor(
    private readonly database: Database,
    private readonly reader: SalesReader,
    private readonly sales: SalesRepository,
  ) {}

  /**
   * A page of entries, by day and id.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async page(principal: Principal, query: SalesEvidenceQuery): Promise<Page<SalesEvidenceRow>> {
    const search = await this.search(principal, query);
    return await this.read(search, keyOf(query.cursor), query.limit);
  }

  /** All entries, for an export. @throws DomainError as `page`, before the first row */
  async all(principal: Principal, query: SalesEvidenceQuery): Promise<AsyncIterable<SalesEvidenceRow>> {
    const search = await this.search(principal, query);
    const read = (cursor: string | undefined) => this.read(search, keyOf(cursor), EXPORT_PAGE);
    return (async function* () {
      let cursor: string | undefined;
      do {
        const page = await read(cursor);
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor);
    })();
  }

  private async search(principal: Principal, query: SalesEvidenceQuery): Promise<Search> {
    const question = await this.reader.question(principal, query);
    const { unit, snapshot, cut, countyCodes, period } = question;
    const all = await this.sales.villagesIn(this.database, countyCodes, period);
    const directories = new Map(countyCodes.map((code) => [code, new CoverageDirectory(snapshot, code)]));
    const whole = unit.level === 'county' || !STORED_LEVELS.has(unit.level);
    const villages = all.filter(({ countyCode, villageId }) => {
      const directory = directories.get(countyCode);
      if (whole || !directory) return whole;
      const { holderId, townId } = placeOf(directory, villageId, cut);
      return holderId === unit.id || townId === unit.id;
    });
    return { question, villages, kind: query.kind };
  }

  private async read(
    { question, villages, kind }: Search,
    after: Key | undefined,
    limit: number,
  ): Promise<Page<SalesEvidenceRow>> {
    const { period, snapshot, cut } = question;
    const rows = await this.database.query<EntryRow>(
      `select e.id, e.day, e.kind, e.village_id as "villageId", e.order_id as "orderId", e.producer_id as "producerId", e.household,
         e.amount_fen as "amountFen"
       from upflow.sale_entry e join unnest($1::text[], $2::uuid[]) as v (county_code, village_id) using (county_code, village_id)
       where e.day between $3::date and $4::date and ($5::text is null or e.kind = $5)
         and ($6::date is null or (e.day, e.id) > ($6::date, $7::uuid))
       order by e.day, e.id limit $8`,
      [
        villages.map(({ countyCode }) => countyCode),
        villages.map(({ villageId }) => villageId),
        firstDayOf(period),
        lastDayOf(period),
        kind ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit + 1,
      ],
    );
    const items = rows.slice(0, limit).map(({ villageId, ...row }) => {
      const village = snapshot.unit(villageId, cut) ?? snapshot.unit(villageId);
      return { ...row, village: { code: village?.code ?? '', name: village?.name ?? '' } };
    });
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.day, last.id]) } : {}) };
  }
}

/** @throws DomainError `bad_cursor` 400 */
function keyOf(cursor: string | undefined): Key | undefined {
  if (cursor === undefined) return undefined;
  const key = keySchema.safeParse(decodeCursor(cursor, 2));
  if (!key.success) throw new DomainError('bad_cursor', 400);
  return key.data;
}
