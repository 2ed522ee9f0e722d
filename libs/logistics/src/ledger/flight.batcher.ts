import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { correlationId, runInContext } from '#platform';
import type { SnapshotFacts } from './directory.facts.js';
import { LedgerWriter, type WriteResults } from './ledger.writer.js';
import type { StoredEvent } from './stored.event.js';

/** Transactions at once: while one waits for its commit, the other is folded. More would only make them meet on the same pages. */
const MAX_FLIGHTS = 2;
const EVENTS_PER_FLIGHT = 1000;
const SHUTDOWN_MS = 15_000;

/** The events of one request, waiting for a flight. */
interface Passenger {
  readonly countyCode: string;
  readonly events: readonly StoredEvent[];
  readonly facts: SnapshotFacts;
  readonly correlationId: string;
  resolve(results: WriteResults): void;
  reject(error: unknown): void;
}

/** A transaction on its way, and the parcels that it is about. */
interface Flight {
  readonly countyCode: string;
  readonly keys: Set<string>;
}

/**
 * Concurrent requests share a commit: whatever waits when a flight leaves goes along, up to a size. Requests about the same parcels fly in
 * one flight or one after the other, so they do not undo each other's work. A request's promise resolves after its commit.
 */
@Injectable()
export class FlightBatcher implements BeforeApplicationShutdown {
  private waiting: Passenger[] = [];
  private readonly flights = new Set<Flight>();
  private boarding = false;

  constructor(private readonly writer: LedgerWriter) {}

  /** Writes events with whatever else is waiting; the results are those of the whole flight. @throws what the write throws; then nothing of the request is stored */
  submit(countyCode: string, events: readonly StoredEvent[], facts: SnapshotFacts): Promise<WriteResults> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ countyCode, events, facts, correlationId: correlationId(), resolve, reject });
      this.board();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const until = performance.now() + SHUTDOWN_MS;
    while ((this.waiting.length > 0 || this.flights.size > 0) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Lets the requests of this turn of the event loop come aboard before the flight leaves. */
  private board(): void {
    if (this.boarding || this.flights.size >= MAX_FLIGHTS) return;
    this.boarding = true;
    setImmediate(() => {
      this.boarding = false;
      while (this.flights.size < MAX_FLIGHTS && this.depart());
    });
  }

  private depart(): boolean {
    const passengers = this.choose();
    const [first] = passengers;
    if (!first) return false;
    const flight: Flight = { countyCode: first.countyCode, keys: new Set() };
    for (const { events } of passengers) for (const event of events) flight.keys.add(keyOf(event));
    this.flights.add(flight);
    void runInContext({ correlationId: first.correlationId }, () => this.fly(passengers)).finally(() => {
      this.flights.delete(flight);
      if (this.waiting.length > 0) this.board();
    });
    return true;
  }

  /** The longest waiting requests of one county that no present flight is in the way of. */
  private choose(): Passenger[] {
    const chosen: Passenger[] = [];
    const left: Passenger[] = [];
    let size = 0;
    for (const passenger of this.waiting) {
      const [first] = chosen;
      const fits = !first || (passenger.countyCode === first.countyCode && size + passenger.events.length <= EVENTS_PER_FLIGHT);
      if (fits && this.isFree(passenger)) {
        chosen.push(passenger);
        size += passenger.events.length;
      } else left.push(passenger);
    }
    this.waiting = left;
    return chosen;
  }

  private isFree({ countyCode, events }: Passenger): boolean {
    for (const flight of this.flights)
      if (flight.countyCode === countyCode && events.some((event) => flight.keys.has(keyOf(event)))) return false;
    return true;
  }

  private async fly(passengers: readonly Passenger[]): Promise<void> {
    try {
      const { countyCode, facts } = newest(passengers);
      const results = await this.writer.write(
        countyCode,
        passengers.flatMap(({ events }) => events),
        facts,
      );
      for (const { resolve } of passengers) resolve(results);
    } catch (error) {
      const [only, ...others] = passengers;
      if (others.length === 0) only?.reject(error);
      // Nothing was stored; one bad request must not take the others down with it.
      else for (const passenger of passengers) await this.fly([passenger]);
    }
  }
}

const newest = (passengers: readonly Passenger[]): Passenger =>
  passengers.reduce((best, passenger) => (passenger.facts.snapshot.revision > best.facts.snapshot.revision ? passenger : best));

/** What two flights must not both touch; check-ins meet by their id alone. */
const keyOf = (event: StoredEvent): string => (event.waybill === '' ? event.id : event.waybill);
