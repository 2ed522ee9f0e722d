import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import { uuidv7 } from '#platform';
import { contextOf } from './code.context.js';
import { CodeScanRepository, type CodeFacts, type ScanWrite } from './code.scan.repository.js';
import type { CodeSighting, ScanPoint } from './code.sighting.js';
import { emptyMemory, judge, type CopyMemory, type LookContext } from './copy.risk.js';
import { NetworkPlaces } from './network.places.js';

const LOOKS_PER_COMMIT = 500;
/** While one lane waits for the database, the other judges. All looks at one code take the same lane, so that lanes are never in each other's way. */
const LANES = 2;
const MAX_ATTEMPTS = 6;
const SHUTDOWN_MS = 10_000;

interface Visitor {
  readonly serial: number;
  readonly point: ScanPoint;
  readonly at: Date;
  resolve(sighting: CodeSighting | undefined): void;
  reject(error: unknown): void;
}

/** Looks that are recorded one batch after the other. */
interface Lane {
  waiting: Visitor[];
  busy: boolean;
}

/**
 * Records looks at codes and tells what is known of them. Looks that come together share one commit; the answer comes after it, so that the count on a
 * page is the count in the database.
 */
@Injectable()
export class CodeScans implements BeforeApplicationShutdown {
  private readonly lanes: readonly Lane[] = Array.from({ length: LANES }, () => ({ waiting: [], busy: false }));

  constructor(
    private readonly directory: DirectoryReader,
    private readonly repository: CodeScanRepository,
    private readonly places: NetworkPlaces,
  ) {}

  /** Records a look at a code; `undefined` when no such code is registered, and then nothing is recorded. */
  look(serial: number, point: ScanPoint, at: Date): Promise<CodeSighting | undefined> {
    return new Promise((resolve, reject) => {
      const lane = this.lanes[serial % LANES] as Lane;
      lane.waiting.push({ serial, point, at, resolve, reject });
      if (lane.busy) return;
      lane.busy = true;
      setImmediate(() => void this.drain(lane));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const until = performance.now() + SHUTDOWN_MS; this.lanes.some(({ busy }) => busy) && performance.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  private async drain(lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const visitors = lane.waiting.splice(0, LOOKS_PER_COMMIT);
      try {
        await this.record(visitors);
      } catch (error) {
        for (const visitor of visitors) visitor.reject(error);
      }
    }
    lane.busy = false;
  }

  private async record(visitors: readonly Visitor[]): Promise<void> {
    let left = visitors;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > MAX_ATTEMPTS) throw new Error('Looks at a code kept colliding with those of another process');
      const facts = await this.repository.read([...new Set(left.map(({ serial }) => serial))]);
      const { writes, sightings } = await this.judgeAll(left, facts);
      const written = await this.repository.write(writes);
      const again: Visitor[] = [];
      left.forEach((visitor, index) => {
        if (facts.has(visitor.serial) && !written.has(visitor.serial)) again.push(visitor);
        else visitor.resolve(sightings[index]);
      });
      left = again;
    }
  }

  /** Looks at one code count one after the other, in the order in which they came. */
  private async judgeAll(
    visitors: readonly Visitor[],
    facts: ReadonlyMap<number, CodeFacts>,
  ): Promise<{ writes: ScanWrite[]; sightings: (CodeSighting | undefined)[] }> {
    const contexts = await this.contexts(facts);
    const writes = new Map<number, ScanWrite>();
    const sightings = visitors.map(({ serial, point, at }) => {
      const code = facts.get(serial);
      const context = contexts.get(serial);
      if (!code || !context) return undefined;
      const write = writes.get(serial) ?? begin(code, point, at);
      writes.set(serial, write);
      const device = point.device === null ? null : Buffer.from(point.device).toString('hex');
      const { latitude, longitude, network, mobile = null } = point;
      const judged = judge(write.memory, { atMs: at.getTime(), latitude, longitude, network, device, mobile }, context);
      write.memory = judged.memory;
      write.alert ||= judged.risk === 'high' && write.risk !== 'high';
      write.risk = judged.risk;
      write.reasons = judged.reasons;
      write.looks.push({ id: uuidv7(), at, point });
      return sightingOf(code, write);
    });
    return { writes: [...writes.values()], sightings };
  }

  private async contexts(facts: ReadonlyMap<number, CodeFacts>): Promise<Map<number, LookContext>> {
    const snapshot = await this.directory.snapshot();
    const contexts = new Map<number, LookContext>();
    for (const [serial, code] of facts) contexts.set(serial, contextOf(code, snapshot, this.places));
    return contexts;
  }
}

function begin(code: CodeFacts, point: ScanPoint, at: Date): ScanWrite {
  return {
    serial: code.serial,
    countyCode: code.countyCode,
    lotId: code.lotId,
    villageId: code.villageId,
    scansBefore: code.scans,
    firstAt: code.firstAt ?? at,
    firstPlace: code.firstAt ? code.firstPlace : point.place,
    memory: code.memory ?? (emptyMemory() satisfies CopyMemory),
    risk: code.risk ?? 'none',
    reasons: code.reasons ?? [],
    alert: false,
    looks: [],
  };
}

function sightingOf(code: CodeFacts, write: ScanWrite): CodeSighting {
  return {
    serial: code.serial,
    countyCode: code.countyCode,
    lotId: code.lotId,
    level: code.level,
    state: code.state,
    firstAt: write.firstAt,
    firstPlace: write.firstPlace,
    scans: write.scansBefore + write.looks.length,
    risk: write.risk,
    reasons: write.reasons,
    recall:
      code.recallReason === null || code.recallSince === null ? null : { reason: code.recallReason, since: code.recallSince },
    lotRevision: code.lotRevision,
  };
}
