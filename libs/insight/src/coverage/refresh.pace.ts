import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { CoverageRefresh } from './coverage.refresh.js';

/** A county's facts rest at least this many times as long as their last refresh took, so that refreshing never eats up the machine. */
const REST_FACTOR = 2;
/** A scan is to be seen within three seconds, however long a refresh takes. */
const MAX_REST_MS = 1500;

interface Pace {
  running: Promise<void> | undefined;
  restUntilMs: number;
  /** Something was noted that the last refresh may not have seen. */
  owed: boolean;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Sets the pace of a county's refreshes. When events come faster than they can be worked off, the keys that they touch gather, and one refresh serves
 * them all; a county with little to do is refreshed at once. What a stopped process still owes is noted as stale, and the sweep finds it.
 */
@Injectable()
export class RefreshPace implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RefreshPace.name);
  private readonly counties = new Map<string, Pace>();
  private stopped = false;

  constructor(@Inject(CoverageRefresh) private readonly refresh: Pick<CoverageRefresh, 'drain'>) {}

  /** Refreshes the county now, or as soon as it has rested; resolves at once in the second case. */
  async request(countyCode: string): Promise<void> {
    const pace = this.paceOf(countyCode);
    if (pace.running || performance.now() < pace.restUntilMs) this.later(countyCode, pace);
    else await this.run(countyCode, pace);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const { timer } of this.counties.values()) clearTimeout(timer);
    await Promise.allSettled([...this.counties.values()].flatMap(({ running }) => running ?? []));
  }

  private paceOf(countyCode: string): Pace {
    const known = this.counties.get(countyCode) ?? { running: undefined, restUntilMs: 0, owed: false, timer: undefined };
    this.counties.set(countyCode, known);
    return known;
  }

  private run(countyCode: string, pace: Pace): Promise<void> {
    clearTimeout(pace.timer);
    pace.timer = undefined;
    pace.owed = false;
    const startedMs = performance.now();
    pace.running = this.refresh.drain(countyCode).finally(() => {
      const endedMs = performance.now();
      pace.running = undefined;
      pace.restUntilMs = endedMs + Math.min(MAX_REST_MS, REST_FACTOR * (endedMs - startedMs));
      if (pace.owed) this.later(countyCode, pace);
    });
    return pace.running;
  }

  private later(countyCode: string, pace: Pace): void {
    pace.owed = true;
    if (pace.running || pace.timer || this.stopped) return;
    const waitMs = Math.max(0, pace.restUntilMs - performance.now());
    const refresh = () => {
      this.run(countyCode, pace).catch((error: unknown) => this.logger.error(error));
    };
    pace.timer = setTimeout(refresh, waitMs).unref();
  }
}
