import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type CodeMapping, type ExceptionKind, type ClaimedKind, type Page } from '#contracts';
import { DirectoryReader } from '#directory';
import { Audit, Clock, Database, DomainError, type Principal } from '#platform';
import type { Provider } from '../carrier/carrier.adapter.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { LedgerRefold } from '../ledger/ledger.refold.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';
import { meaningText, readMeaning } from './mapping.repository.js';

interface CodeRow {
  provider: Provider;
  code: string;
  sampleText: string;
  seen: number;
  firstSeen: Date;
  kind: string | null;
  resolvedAt: Date | null;
}

export interface MappingQuery {
  readonly state: 'open' | 'resolved' | 'all';
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const SELECT = `select provider, code, sample_text as "sampleText", seen, first_seen as "firstSeen", kind, resolved_at as "resolvedAt"
  from logistics.provider_code`;

/** The queue of provider codes that no table knows. Staff say what a code means; the events that bear it are then read that way. */
@Injectable()
export class MappingService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly refolding: LedgerRefold,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError `bad_cursor` 400 */
  async list(principal: Principal, { state, cursor, limit }: MappingQuery): Promise<Page<CodeMapping>> {
    const { countyCode } = await this.place(principal);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 2);
    if (cursor !== undefined && after === undefined) throw new DomainError('bad_cursor', 400);
    const rows = await this.database.query<CodeRow>(
      `${SELECT} where county_code = $1 and ($2 = 'all' or (kind is null) = ($2 = 'open'))
         and ($3::text is null or (provider, code) > ($3::text, $4::text)) order by provider, code limit $5`,
      [countyCode, state, after ? String(after[0]) : null, after ? String(after[1]) : null, limit + 1],
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(mappingView),
      ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.provider, last.code]) } : {}),
    };
  }

  /**
   * Gives a code its meaning, or another one, and folds the parcels again whose events bear it.
   * @throws DomainError `code_not_queued` 404, `kind_needs_exception` 400
   */
  async resolve(
    principal: Principal,
    provider: Provider,
    code: string,
    meaning: { kind: ClaimedKind; exception?: ExceptionKind | undefined },
  ): Promise<{ mapping: CodeMapping; parcels: number }> {
    const needsException = meaning.kind === 'exception_open' || meaning.kind === 'exception_close';
    if (needsException && meaning.exception === undefined) throw new DomainError('kind_needs_exception', 400);
    const { countyCode, facts } = await this.place(principal);
    const text = meaningText({ kind: meaning.kind, exception: needsException ? (meaning.exception ?? null) : null });
    const [row] = await this.database.transaction(async (tx) => {
      const found = await tx.query<CodeRow>(
        `update logistics.provider_code set kind = $4, resolved_by = $5, resolved_at = $6 where county_code = $1 and provider = $2 and code = $3
         returning provider, code, sample_text as "sampleText", seen, first_seen as "firstSeen", kind, resolved_at as "resolvedAt"`,
        [countyCode, provider, code, text, principal.id, this.clock.now()],
      );
      if (found.length > 0)
        await this.audit.record(tx, {
          countyCode,
          actorId: principal.id,
          action: 'code.mapped',
          subject: `code:${provider}:${code}`,
          detail: { kind: text },
        });
      return found;
    });
    if (!row) throw new DomainError('code_not_queued', 404, { code });
    const waybills = await this.database.query<{ waybill: string }>(
      `select distinct waybill from logistics.parcel_event where county_code = $1 and source = $2 and provider_code = $3 and kind = 'unknown'`,
      [countyCode, provider, code],
    );
    await this.refolding.refold(
      countyCode,
      waybills.map(({ waybill }) => waybill),
      facts,
    );
    return { mapping: mappingView(row), parcels: waybills.length };
  }

  private async place(principal: Principal): Promise<{ countyCode: string; facts: SnapshotFacts }> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const unit = listedUnit(facts.snapshot, principal, undefined);
    return { facts, countyCode: countyKeyOf(facts, principal, unit, this.clock.now()) };
  }
}

function mappingView(row: CodeRow): CodeMapping {
  const meaning = row.kind === null ? undefined : readMeaning(row.kind);
  return {
    provider: row.provider,
    code: row.code,
    sampleText: row.sampleText,
    seen: row.seen,
    firstSeen: row.firstSeen.toISOString(),
    kind: (meaning?.kind ?? null) as ClaimedKind | null,
    exception: meaning?.exception ?? null,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
