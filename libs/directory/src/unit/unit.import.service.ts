import { Injectable } from '@nestjs/common';
import { dayOf, type Day } from '#contracts';
import { Clock, readTable, uuidv7, type Upload } from '#platform';
import { DirectoryWriter } from '../change/directory.writer.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { planImport, readDivisionList, type DivisionList, type ImportPlan } from './unit.import.js';
import { bearerFrom } from './unit.plan.js';
import { assertMayAdd, UnitService } from './unit.service.js';

/** How an import is to be done. */
export interface ImportOptions {
  /** Only look. */
  dryRun: boolean;
  /** First day of what the list states; default today. */
  validFrom?: Day | undefined;
}

/** Takes in a county's village list as CSV or XLSX: everything, or nothing. */
@Injectable()
export class UnitImportService {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly units: UnitService,
    private readonly clock: Clock,
  ) {}

  /**
   * Imports a list unless one of its rows has an error or it is only a look; the problems say why. The same list again changes nothing.
   * @throws DomainError `table_unreadable` 400, `import_columns_missing` 422, `forbidden` 403 when it names a county that is not the actor's
   */
  async importList(actor: Actor, upload: Upload, options: ImportOptions): Promise<ImportPlan> {
    const list = readDivisionList(await readTable(upload));
    const validFrom = options.validFrom ?? dayOf(this.clock.now());
    return await this.writer.change(async (change) => {
      assertOwnCounties(change.snapshot, actor, list, validFrom);
      const planned = planImport(change.snapshot, list, validFrom, uuidv7);
      assertMayAdd(change.snapshot, actor, planned.plan);
      if (!options.dryRun) await this.units.commit(change, actor, planned.plan, 'unit.imported');
      return planned;
    });
  }
}

function assertOwnCounties(snapshot: DirectorySnapshot, actor: Actor, list: DivisionList, day: Day): void {
  for (const unit of list.units) {
    const known = unit.level === 'county' ? bearerFrom(snapshot, unit.code, day) : undefined;
    if (known) assertScope(snapshot, actor, known.id);
  }
}
