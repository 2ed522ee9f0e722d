import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import pg from 'pg';
import type { Tx } from '../database/database.js';
import { DATABASE_URL } from '../database/database.url.js';

type Listener = (payload: string) => void;
const RECONNECT_MS = 1000;
/** PostgreSQL refuses a payload of 8000 bytes or more. */
const MAX_PAYLOAD_BYTES = 7900;

/**
 * Tells every process that something changed, by PostgreSQL LISTEN/NOTIFY. A notice is a hint to look again, never the data itself: one that is
 * missed while a connection is re-made must cost nothing but time. Listeners are told once after each new connection with an empty payload.
 */
@Injectable()
export class Notifier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Notifier.name);
  private readonly listeners = new Map<string, Set<Listener>>();
  private client: pg.Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(DATABASE_URL) private readonly url: string) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  /** Sends a notice when the transaction commits. A payload that is too long is sent empty: look again at everything. */
  async notify(tx: Tx, channel: string, payload: string): Promise<void> {
    const fits = Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES;
    await tx.query('select 1 from pg_notify($1, $2)', [channel, fits ? payload : '']);
  }

  /** Calls `listener` for every notice on the channel; returns how to stop. */
  listen(channel: string, listener: Listener): () => void {
    const channelListeners = this.listeners.get(channel) ?? new Set();
    channelListeners.add(listener);
    if (!this.listeners.has(channel)) {
      this.listeners.set(channel, channelListeners);
      void this.client?.query(`listen ${pg.escapeIdentifier(channel)}`).catch((error: unknown) => this.logger.warn(error));
    }
    return () => channelListeners.delete(listener);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'xiangyi:notices', keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    client.on('error', () => undefined);
    client.on('end', () => this.reconnect());
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      this.client = client;
      for (const channel of this.listeners.keys()) this.tell(channel, '');
    } catch (error) {
      this.logger.warn(error);
      await client.end().catch(() => undefined);
      this.reconnect();
    }
  }

  private reconnect(): void {
    this.client = undefined;
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_MS).unref();
  }

  private tell(channel: string, payload: string): void {
    for (const listener of this.listeners.get(channel) ?? []) {
      try {
        listener(payload);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}
