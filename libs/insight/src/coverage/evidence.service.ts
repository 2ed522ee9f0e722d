import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  addDays,
  addMonths,
  dayOf,
  daySchema,
  firstDayOf,
  PARCEL_DAY_COUNTS,
  type CoverageEvidenceRow,
  type CoverageMetric,
  type Day,
  type Page,
  type Period,
} from '#contracts';
import { Database, type Principal } from '#platform';
import { CoverageDirectory } from './coverage.directory.js';
import { cutDayOf } from './coverage.facts.js';
import { CoverageScope, STORED_LEVELS, type CoverageQuestion } from './coverage.scope.js';
import { summaryOf } from './coverage.service.js';
import { listSection, pageOf, type Section } from './evidence.page.js';
import { EvidenceRepository, type EvidenceSpan } from './evidence.repository.js';
import { bucketEvidence, countNames, VILLAGE_EVIDENCE, villageRow, type VillageEvidence } from './evidence.rows.js';
import { UnitMonthRepository, type StoredMonth } from './unit.month.repository.js';

type Rows = Section<CoverageEvidenceRow>;

/** Where the rows of one county behind a figure are. */
interface Place {
  readonly directory: CoverageDirectory;
  readonly span: EvidenceSpan;
  readonly stationCode: (id: string | null) => string | null;
}

const dayAndId = z.tuple([daySchema, z.guid()]);
const parcelKey = z.tuple([daySchema, z.string().regex(/^[\w-]{1,64}$/), z.guid()]);
const EXPORT_PAGE = 1000;

/** Opens a figure: the villages behind a town's or county's, the parcels, check-ins and relations behind a village's. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly database: Database,
    private readonly scope: CoverageScope,
    private readonly months: UnitMonthRepository,
    private readonly evidence: EvidenceRepository,
  ) {}

  /**
   * A page of the rows behind a figure.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async page(
    principal: Principal,
    metric: CoverageMetric,
    query: { unit: string; period: Period; cursor?: string | undefined; limit: number },
  ): Promise<Page<CoverageEvidenceRow>> {
    const sections = await this.sections(await this.scope.question(principal, query.unit, query.period), metric);
    return await pageOf(sections, query.cursor, query.limit);
  }

  /** All rows behind a figure, for an export. @throws DomainError as `page`, before the first row */
  async all(
    principal: Principal,
    metric: CoverageMetric,
    query: { unit: string; period: Period },
  ): Promise<AsyncIterable<CoverageEvidenceRow>> {
    const sections = await this.sections(await this.scope.question(principal, query.unit, query.period), metric);
    return (async function* () {
      let cursor: string | undefined;
      do {
        const page: Page<CoverageEvidenceRow> = await pageOf(sections, cursor, EXPORT_PAGE);
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor);
    })();
  }

  private async sections(question: CoverageQuestion, metric: CoverageMetric): Promise<Rows[]> {
    const { unit, period, countyCodes } = question;
    if (unit.level === 'village') {
      const [month] = await this.months.read(this.database, countyCodes, period, period, { unitIds: [unit.id] });
      return month ? this.rowsOf(question, [month], VILLAGE_EVIDENCE[metric]) : [];
    }
    const months = (await this.months.read(this.database, countyCodes, period, period)).filter((month) =>
      isPartOf(question, month),
    );
    const buckets = countyCodes.flatMap((countyCode) => {
      const groups = months.filter((month) => month.level !== 'village' && month.countyCode === countyCode);
      return this.rowsOf(question, groups, bucketEvidence(metric));
    });
    return [villageSection(question, metric, months), ...buckets];
  }

  /** What stands behind the figure of a village, or behind what towns' own parcels add to a figure: units of one county. */
  private rowsOf(question: CoverageQuestion, months: readonly StoredMonth[], wanted: VillageEvidence): Rows[] {
    const [month] = months;
    if (!month) return [];
    const { snapshot, period } = question;
    const directory = new CoverageDirectory(snapshot, month.countyCode);
    const asOfDay = dayOf(month.asOf);
    const to = cutDayOf(period, asOfDay);
    const unitIds = [...new Set(months.flatMap(({ unitId }) => directory.membersOf(unitId, to)))];
    const span: EvidenceSpan = { countyCode: month.countyCode, unitIds, from: firstDayOf(period), to };
    const place: Place = { directory, span, stationCode: (id) => (id === null ? null : (snapshot.station(id)?.code ?? null)) };
    const sections: Rows[] = [];
    if (wanted.relations) sections.push(this.relations(place, month.unitId, wanted.relations));
    if (wanted.service) sections.push(...this.serviceDays(place, month, wanted.service));
    if (wanted.cases) sections.push(this.cases(place));
    if (wanted.parcels) {
      const matured = addDays(asOfDay, -directory.parameters.toVillageMaturityDays);
      const until = wanted.mature && matured < to ? matured : to;
      sections.push(this.parcels({ ...place, span: { ...span, to: until } }, wanted.parcels));
    }
    return sections;
  }

  private relations({ directory, span, stationCode }: Place, villageId: string, which: 'all' | 'resident'): Rows {
    const services = directory.relationsOf(villageId, span.to);
    const wanted = services.filter((service) => which === 'all' || (service.mode === 'resident_station' && service.ownStation));
    return listSection(
      wanted.map(({ relation: { id, carrierCode, mode, stationId, validFrom, validTo } }) => ({
        row: { kind: 'relation', carrierCode, mode, stationCode: stationCode(stationId) ?? '', validFrom, validTo },
        key: [carrierCode, id],
      })),
    );
  }

  /** The days that count as service days: none outside of the village's life. */
  private serviceDays(place: Place, month: StoredMonth, which: 'month' | 'with_last_month'): Rows[] {
    const life = place.directory.lifeSpanOf(month.unitId, place.span.to);
    const from = which === 'month' ? place.span.from : firstDayOf(addMonths(month.period, -1));
    const span = { ...place.span, from: later(from, life.from), to: earlier(place.span.to, life.to) };
    return [
      this.checkIns({ ...place, span }),
      this.parcels({ ...place, span }, { numerator: PARCEL_DAY_COUNTS.service, denominator: 0 }),
    ];
  }

  private checkIns({ span, stationCode }: Place): Rows {
    return {
      keys: dayAndId,
      read: async (after, limit) =>
        (await this.evidence.checkIns(span, after, limit)).map(({ day, stationId }) => ({
          row: { kind: 'check_in', day, stationCode: stationCode(stationId) ?? '' },
          key: [day, stationId],
        })),
    };
  }

  private cases({ span, stationCode }: Place): Rows {
    return {
      keys: dayAndId,
      read: async (after, limit) =>
        (await this.evidence.cases(span, after, limit)).map(({ id, day, waybill, stationId }) => ({
          row: {
            kind: 'parcel',
            day,
            waybill,
            carrierCode: null,
            stationCode: stationCode(stationId),
            counts: ['extra_charge'],
            inNumerator: true,
            inDenominator: false,
          },
          key: [day, id],
        })),
    };
  }

  private parcels({ span, stationCode }: Place, { numerator, denominator }: { numerator: number; denominator: number }): Rows {
    return {
      keys: parcelKey,
      read: async (after, limit) =>
        (await this.evidence.parcels(span, numerator | denominator, after, limit)).map(
          ({ day, waybill, carrierCode, stationId, unitId, counts }) => ({
            row: {
              kind: 'parcel',
              day,
              waybill,
              carrierCode,
              stationCode: stationCode(stationId),
              counts: countNames(counts),
              inNumerator: numerator !== 0 && (counts & numerator) === numerator,
              inDenominator: (counts & denominator) !== 0,
            },
            key: [day, waybill, unitId],
          }),
        ),
    };
  }
}

/** Whether a stored month is of the unit, or of a unit below it in that month. */
function isPartOf({ unit }: CoverageQuestion, month: StoredMonth): boolean {
  if (!STORED_LEVELS.has(unit.level) || unit.level === 'county') return true;
  return month.unitId === unit.id || month.parentId === unit.id;
}

/** Villages on either side of a figure, in code order. */
function villageSection({ snapshot, cut }: CoverageQuestion, metric: CoverageMetric, months: readonly StoredMonth[]): Rows {
  return listSection(
    months
      .filter((month) => month.level === 'village')
      .flatMap((month) => {
        const unit = snapshot.unit(month.unitId, cut) ?? snapshot.unit(month.unitId);
        const row = unit && villageRow(metric, summaryOf(unit), month);
        return row ? [{ row, key: [row.unit.code, row.unit.id] }] : [];
      }),
  );
}

const later = (a: Day, b: Day): Day => (a > b ? a : b);
const earlier = (a: Day, b: Day): Day => (a < b ? a : b);
