import { Injectable } from '@nestjs/common';
import { Database, DomainError, type Principal } from '#platform';
import { CodeKeys } from './code.keys.js';
import { CodeRepository, type CodeRow } from './code.repository.js';
import { codeOf } from './code.text.js';
import { LotAccess } from './lot.access.js';

/** Codes that somebody named, as far as they are ours and the caller's to handle. */
export interface ResolvedCodes {
  readonly rows: CodeRow[];
  /** The text that was given for each serial. */
  readonly textOf: ReadonlyMap<number, string>;
  /** Texts that are no code of ours, or of a lot that is not the caller's. */
  readonly unknown: string[];
}

/** Finds the codes behind what was typed or scanned. */
@Injectable()
export class CodeResolver {
  constructor(
    private readonly database: Database,
    private readonly codes: CodeRepository,
    private readonly keys: CodeKeys,
    private readonly access: LotAccess,
  ) {}

  /**
   * The codes behind some texts; each may be a code or one of its links. A wrong HMAC costs no query. Without a principal every code counts, for who
   * decides by other means what may be done with it.
   */
  async resolve(principal: Principal | null, texts: readonly string[]): Promise<ResolvedCodes> {
    const textOf = new Map<number, string>();
    const unknown: string[] = [];
    for (const text of texts) {
      const serial = await this.keys.checkFresh(codeOf(text) ?? '');
      if (serial === undefined) unknown.push(text);
      else textOf.set(serial, text);
    }
    const found = await this.codes.find(this.database, [...textOf.keys()]);
    const lots = principal && (await this.access.lots(principal, [...new Set(found.map(({ lotId }) => lotId))]));
    const rows = lots ? found.filter(({ lotId }) => lots.has(lotId)) : found;
    const known = new Set(rows.map(({ serial }) => serial));
    unknown.push(...[...textOf].flatMap(([serial, text]) => (known.has(serial) ? [] : [text])));
    return { rows, textOf, unknown };
  }

  /** As `resolve`, all or nothing. @throws DomainError `code_unknown` 404 */
  async resolveAll(principal: Principal | null, texts: readonly string[]): Promise<ResolvedCodes> {
    const resolved = await this.resolve(principal, texts);
    const [code] = resolved.unknown;
    if (code !== undefined) throw new DomainError('code_unknown', 404, { code });
    return resolved;
  }
}
