import { Injectable } from '@nestjs/common';
import type { ScanResult } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, DomainError, localErrors, message, type Language, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { FlightBatcher } from '../ledger/flight.batcher.js';
import { WRITTEN, type WriteResult, type WriteResults } from '../ledger/ledger.writer.js';
import type { StoredEvent } from '../ledger/stored.event.js';
import { ScanReader, type ReadScan } from './scan.reader.js';

/** Takes scans in: each is read by itself, what is good is written with whatever else is waiting, and answered after the commit. */
@Injectable()
export class ScanService {
  constructor(
    private readonly directory: DirectoryReader,
    private readonly batcher: FlightBatcher,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the scans of one call; results in their order. `accepted` and `duplicate` mean: committed.
   * @param receivedAt when the scans came in; for the demo county and tests, else now
   * @param language of the problems' details
   * @throws whatever keeps the write from committing; then nothing of the call in that county is stored
   */
  async ingest(
    principal: Principal,
    deviceId: string | null,
    rawScans: readonly unknown[],
    receivedAt: Date = this.clock.now(),
    language: Language = 'zh-CN',
  ): Promise<ScanResult[]> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const reader = new ScanReader(principal, deviceId, receivedAt.getTime(), facts);
    const read = rawScans.map((raw) => reader.read(raw));
    const written = await this.write(
      read.flatMap((scan) => (scan instanceof DomainError ? [] : [scan])),
      facts,
    );
    return read.map((scan, index) => {
      if (scan instanceof DomainError) return rejected(idOf(rawScans[index]), scan, language);
      const results = written.get(scan.countyCode);
      return answer(scan.event.id, results?.get(scan.event) ?? WRITTEN, language);
    });
  }

  /** Writes the good scans, each county's in one transaction; results by county. */
  private async write(scans: readonly ReadScan[], facts: SnapshotFacts): Promise<Map<string, WriteResults>> {
    const counties = new Map<string, StoredEvent[]>();
    for (const { countyCode, event } of scans) {
      const own = counties.get(countyCode);
      if (own) own.push(event);
      else counties.set(countyCode, [event]);
    }
    const written = new Map<string, WriteResults>();
    const flights = [...counties].map(async ([countyCode, events]) => {
      written.set(countyCode, await this.batcher.submit(countyCode, events, facts));
    });
    const failure = (await Promise.allSettled(flights)).find((flight) => flight.status === 'rejected');
    if (failure) throw failure.reason;
    return written;
  }
}

function answer(id: string, { outcome, flags }: WriteResult, language: Language): ScanResult {
  switch (outcome) {
    case 'written':
      return flags.length > 0 ? { id, outcome: 'accepted', flags: [...flags] } : { id, outcome: 'accepted' };
    case 'duplicate':
      return { id, outcome: 'duplicate' };
    case 'id_reused':
      return rejected(id, new DomainError('id_reused', 409), language);
  }
}

function rejected(id: string | null, { code, params, errors }: DomainError, language: Language): ScanResult {
  return {
    id,
    outcome: 'rejected',
    problem: { code, detail: message(language, code, params), ...(errors ? { errors: localErrors(errors, language) } : {}) },
  };
}

/** The id as sent, so that the client finds its scan; bounded, because it is echoed. */
function idOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' ? id.slice(0, 64) : null;
}
