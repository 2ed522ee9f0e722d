import type { FastifyReply } from 'fastify';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { coverageChangeSchema, type CoverageChange } from '#contracts';
import { DirectoryReader, type UnitNode } from '#directory';
import { DomainError, Notifier, type Principal } from '#platform';
import { COVERAGE_CHANNEL } from './coverage.refresh.js';
import { STORED_LEVELS } from './coverage.scope.js';

const MAX_STREAMS = 500;
const MAX_STREAMS_EACH = 10;
const HEARTBEAT_MS = 15_000;
/** Changes within this time are told at once: a burst of scans is one redraw. */
const GATHER_MS = 150;
/** A stream ends by itself, so that the browser connects again and is checked again. */
const LIFETIME_MS = 30 * 60_000;
/** A reader that does not read is let go; it looks at everything again when it comes back. */
const MAX_UNREAD_BYTES = 256 * 1024;

interface Stream {
  readonly principalId: string;
  readonly unit: UnitNode;
  readonly reply: FastifyReply;
  readonly timers: NodeJS.Timeout[];
  pending: CoverageChange | undefined;
  gathering: NodeJS.Timeout | undefined;
}

/** Live connections (Server-Sent Events) that tell when figures of a unit, or of anything below it, have changed. */
@Injectable()
export class CoverageStream implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(CoverageStream.name);
  private readonly streams = new Set<Stream>();
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly notifier: Notifier,
    private readonly reader: DirectoryReader,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.notifier.listen(COVERAGE_CHANNEL, (payload) => {
      this.tell(payload).catch((error: unknown) => this.logger.warn(error));
    });
  }

  beforeApplicationShutdown(): void {
    this.stopListening?.();
    for (const stream of [...this.streams]) this.close(stream);
  }

  /**
   * Takes over an answer and keeps it open: `data` is a `CoverageChange`, comments are heartbeats.
   * @throws DomainError `coverage_streams_full` 503 when there are too many connections
   */
  open(principal: Principal, unit: UnitNode, reply: FastifyReply): void {
    const own = [...this.streams].filter((stream) => stream.principalId === principal.id).length;
    if (this.streams.size >= MAX_STREAMS || own >= MAX_STREAMS_EACH) throw new DomainError('coverage_streams_full', 503);
    const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined) as [string, string][];
    reply.hijack();
    reply.raw.writeHead(200, {
      ...Object.fromEntries(headers),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const stream: Stream = { principalId: principal.id, unit, reply, timers: [], pending: undefined, gathering: undefined };
    stream.timers.push(setInterval(() => this.write(stream, ': \n\n'), HEARTBEAT_MS).unref());
    stream.timers.push(setTimeout(() => this.close(stream), LIFETIME_MS).unref());
    reply.raw.on('close', () => this.close(stream));
    reply.raw.on('error', () => this.close(stream));
    this.streams.add(stream);
    this.write(stream, 'retry: 2000\n\n');
  }

  /** How many connections are open. */
  get size(): number {
    return this.streams.size;
  }

  private async tell(payload: string): Promise<void> {
    if (this.streams.size === 0) return;
    const change = payload === '' ? undefined : coverageChangeSchema.parse(JSON.parse(payload));
    const snapshot = await this.reader.snapshot();
    const changed = new Set(change?.unitIds);
    for (const stream of this.streams) {
      const { unit } = stream;
      // A notice without content means that notices were lost: whatever is looked at may have changed.
      if (!change) this.gather(stream, { countyCode: '', unitIds: [unit.id], periods: [] });
      // What changed is told with everything above it, up to the county.
      else if (
        changed.has(unit.id) ||
        (!STORED_LEVELS.has(unit.level) && change.unitIds.some((id) => snapshot.isWithin(id, unit.id)))
      )
        this.gather(stream, { ...change, unitIds: change.unitIds.filter((id) => snapshot.isWithin(id, unit.id)) });
    }
  }

  private gather(stream: Stream, change: CoverageChange): void {
    const { pending } = stream;
    stream.pending = {
      countyCode: change.countyCode,
      unitIds: [...new Set([...(pending?.unitIds ?? []), ...change.unitIds])],
      periods: [...new Set([...(pending?.periods ?? []), ...change.periods])].sort(),
    };
    stream.gathering ??= setTimeout(() => {
      this.write(stream, `data: ${JSON.stringify(stream.pending)}\n\n`);
      stream.pending = undefined;
      stream.gathering = undefined;
    }, GATHER_MS).unref();
  }

  private write(stream: Stream, text: string): void {
    const { raw } = stream.reply;
    if (raw.writableLength > MAX_UNREAD_BYTES) this.close(stream);
    else if (!raw.writableEnded) raw.write(text);
  }

  private close(stream: Stream): void {
    if (!this.streams.delete(stream)) return;
    for (const timer of stream.timers) clearTimeout(timer);
    clearTimeout(stream.gathering);
    stream.reply.raw.end();
  }
}
