import { Inject, Injectable, Logger } from '@nestjs/common';
import { DOMAIN_EVENTS, type DeliveredEvent, type DomainEventPayload, type DomainEventTopic, type JobPayload } from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { CONFIG, Database, JobHandler, ProcessedEvents, type Config, type Handler, type Tx } from '#platform';
import { joinRecalled } from '../recall/recall.joining.js';
import { boxEvent, harvestEvent, parcelEvent, shipEvent, testEvent, transformEvent, type LotShare } from './epcis.event.js';
import { EpcisLog, type LogEntry } from './epcis.log.js';
import { EpcisUris } from './epcis.uri.js';
import { StepFacts } from './step.facts.js';

type Step = DomainEventPayload<'upflow.step.recorded'>;
type Moved = DomainEventPayload<'logistics.produce.moved'>;
type Boxed = DomainEventPayload<'trace.boxed'>;
interface Work {
  tx: Tx;
  countyCode: string;
  snapshot: DirectorySnapshot;
}

/** Writes business steps into the EPCIS log, each once; lots that come of a recalled lot join its recall. */
@Injectable()
@JobHandler('trace.step.record')
export class StepRecordHandler implements Handler<'trace.step.record'> {
  private readonly logger = new Logger(StepRecordHandler.name);
  private readonly uris: EpcisUris;

  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly processed: ProcessedEvents,
    private readonly facts: StepFacts,
    private readonly log: EpcisLog,
    @Inject(CONFIG) config: Config,
  ) {
    this.uris = new EpcisUris(config.PUBLIC_BASE_URL);
  }

  async handle({ events }: JobPayload<'trace.step.record'>): Promise<void> {
    const snapshot = await this.directory.snapshot();
    await this.database.transaction(async (tx) => {
      const fresh = await this.processed.firstTime(tx, 'trace.step.record', events);
      const counties = [...new Set(fresh.map(({ countyCode }) => countyCode))].sort();
      for (const countyCode of counties) {
        const own = fresh.filter((event) => event.countyCode === countyCode);
        await this.record({ tx, countyCode, snapshot }, own);
      }
    });
  }

  private async record(work: Work, events: readonly DeliveredEvent[]): Promise<void> {
    await this.log.lock(work.tx, work.countyCode);
    const steps = payloads('upflow.step.recorded', events);
    const entries = [
      ...(await this.produceEntries(work, steps)),
      ...(await this.parcelEntries(work, payloads('logistics.produce.moved', events))),
      ...payloads('trace.boxed', events).flatMap((boxed) => this.boxEntries(boxed)),
    ];
    entries.sort((left, right) => Date.parse(left.event.eventTime) - Date.parse(right.event.eventTime));
    await this.log.append(work.tx, work.countyCode, entries);
    const sources = steps.flatMap(({ step }) => (step.kind === 'transformed' ? step.inputs.map(({ lotId }) => lotId) : []));
    await joinRecalled(work.tx, sources);
  }

  private async produceEntries(work: Work, steps: readonly Step[]): Promise<LogEntry[]> {
    const lots = await this.facts.lots(
      work.tx,
      steps.flatMap(({ step }) => lotsOf(step)),
    );
    const tests = await this.facts.tests(
      work.tx,
      steps.flatMap(({ step }) => (step.kind === 'tested' ? [step.testId] : [])),
    );
    return steps.flatMap(({ stepId, at, step }) => {
      const ids = lotsOf(step);
      const first = lots.get(ids[0] ?? '');
      if (!first || !ids.every((id) => lots.has(id))) return this.skipped(stepId, 'a lot is unknown');
      const unit = step.kind === 'shipped' ? step.villageId : first.villageId;
      const facts = { stepId, at, place: this.unitPlace(work.snapshot, unit) };
      const shares = (list: readonly { lotId: string; quantityG: number }[]): LotShare[] =>
        list.flatMap(({ lotId, quantityG }) => {
          const lot = lots.get(lotId);
          return lot ? [{ lot, quantityG }] : [];
        });
      switch (step.kind) {
        case 'harvested':
          return [{ event: harvestEvent(this.uris, facts, first), lots: ids }];
        case 'tested': {
          const test = tests.get(step.testId);
          return test
            ? [{ event: testEvent(this.uris, facts, first, test), lots: ids }]
            : this.skipped(stepId, 'the test is unknown');
        }
        case 'transformed': {
          const { mode, inputs, outputs } = step;
          const change = { mode, inputs: shares(inputs), outputs: shares(outputs) };
          return [{ event: transformEvent(this.uris, facts, change), lots: ids }];
        }
        case 'shipped': {
          const { shipmentId, waybill } = step;
          return [{ event: shipEvent(this.uris, facts, { shipmentId, waybill, lots: shares(step.lots) }), lots: ids }];
        }
      }
    });
  }

  private async parcelEntries(work: Work, moves: readonly Moved[]): Promise<LogEntry[]> {
    const waybills = [...new Set(moves.map(({ waybill }) => waybill))];
    const parcels = await this.facts.parcels(work.tx, work.countyCode, waybills);
    return moves.flatMap(({ waybill, steps }) => {
      const parcel = parcels.get(waybill);
      // A waybill of produce that nobody allocated lots to tells nothing about a lot.
      if (!parcel) return [];
      return steps.flatMap(({ eventId, kind, occurredAt, unitId, stationId }) => {
        const place = this.stationPlace(work.snapshot, stationId) ?? this.unitPlace(work.snapshot, unitId);
        const event = parcelEvent(this.uris, { stepId: eventId, at: occurredAt, place }, kind, parcel);
        return event ? [{ event, lots: parcel.lots.map(({ lot }) => lot.id) }] : [];
      });
    });
  }

  private boxEntries(boxed: Boxed): LogEntry[] {
    const step = { stepId: boxed.id, at: boxed.at, place: null };
    return [{ event: boxEvent(this.uris, step, boxed), lots: boxed.lotIds }];
  }

  private unitPlace(snapshot: DirectorySnapshot, unitId: string | null): string | null {
    const unit = unitId === null ? undefined : snapshot.unit(unitId);
    return unit ? this.uris.place('unit', unit.code) : null;
  }

  private stationPlace(snapshot: DirectorySnapshot, stationId: string | null): string | null {
    const station = stationId === null ? undefined : snapshot.station(stationId);
    return station ? this.uris.place('station', station.code) : null;
  }

  private skipped(stepId: string, reason: string): LogEntry[] {
    this.logger.error(`Step ${stepId} is not in the log: ${reason}`);
    return [];
  }
}

function lotsOf(step: Step['step']): string[] {
  switch (step.kind) {
    case 'harvested':
    case 'tested':
      return [step.lotId];
    case 'transformed':
      return [...new Set([...step.inputs, ...step.outputs].map(({ lotId }) => lotId))];
    case 'shipped':
      return [...new Set(step.lots.map(({ lotId }) => lotId))];
  }
}

function payloads<T extends DomainEventTopic>(topic: T, events: readonly DeliveredEvent[]): DomainEventPayload<T>[] {
  return events
    .filter((event) => event.topic === topic)
    .map((event) => DOMAIN_EVENTS[topic].parse(event.payload) as DomainEventPayload<T>);
}
