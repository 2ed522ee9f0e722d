import { Injectable } from '@nestjs/common';
import { dayOf, type Period } from '#contracts';
import { DirectoryReader } from '#directory';
import type { Tx } from '#platform';
import { CoverageDirectory } from '../coverage/coverage.directory.js';
import { cutDayOf } from '../coverage/coverage.facts.js';
import { countyIdOf } from '../coverage/coverage.refresh.js';
import { placeOf, type SalesMonth } from './sales.facts.js';
import { SalesRepository } from './sales.repository.js';

/** Computes a county's sales of a month from the entries alone; a refresh stores them, a rebuild compares them. */
@Injectable()
export class SalesMonths {
  constructor(
    private readonly reader: DirectoryReader,
    private readonly sales: SalesRepository,
  ) {}

  /** The month of every unit of the county that has entries in it, with units as they are seen at `asOf`. */
  async compute(tx: Tx, countyCode: string, period: Period, asOf: Date): Promise<SalesMonth[]> {
    const directory = new CoverageDirectory(await this.reader.snapshot(), countyCode);
    const cut = cutDayOf(period, dayOf(asOf));
    const villages = await this.sales.villagesIn(tx, [countyCode], period);
    const places = villages.map(({ villageId }) => placeOf(directory, villageId, cut));
    return await this.sales.compute(tx, countyCode, period, places, countyIdOf(directory, cut));
  }
}
