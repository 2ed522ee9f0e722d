import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { idSchema, instantSchema } from '#contracts';
import { Audit, Clock, CONFIG, Database, DomainError, notFound, uuidv7, type Config, type Principal, type Tx } from '#platform';
import { canonicalJson, contentId } from './epcis.chain.js';
import { EpcisLog, type LogEntry } from './epcis.log.js';
import { EPCIS_CONTEXT, type CaptureInput, type EpcisEvent, type LoggedEvent } from './epcis.schema.js';
import { EpcisUris } from './epcis.uri.js';
import { StepFacts } from './step.facts.js';

/** What became of a call of the capture interface. */
export const captureJobSchema = z
  .object({
    captureID: idSchema,
    createdAt: instantSchema,
    finishedAt: instantSchema,
    running: z.boolean(),
    success: z.boolean(),
    captureErrorBehaviour: z.literal('rollback'),
    errors: z.array(z.unknown()),
    events: z.number().int(),
    added: z.number().int().meta({ description: 'Events that the log did not have' }),
  })
  .meta({ id: 'EpcisCaptureJob' });
export type CaptureJob = z.infer<typeof captureJobSchema>;
interface CaptureRow {
  id: string;
  createdAt: Date;
  finishedAt: Date;
  events: number;
  added: number;
}

/** Takes events of other systems into a county's log: all of a call, or none. */
@Injectable()
export class EpcisCapture {
  private readonly uris: EpcisUris;

  constructor(
    private readonly database: Database,
    private readonly log: EpcisLog,
    private readonly facts: StepFacts,
    private readonly audit: Audit,
    private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.uris = new EpcisUris(config.PUBLIC_BASE_URL);
  }

  /**
   * Captures events, each once by its identity; one without an identity gets it from its content. Committed when this answers.
   * @throws DomainError `epcis_county_needed` 400 for someone above the counties, `epcis_event_id_taken` 409
   */
  async capture(actor: Principal, input: CaptureInput): Promise<CaptureJob> {
    const { countyCode } = actor;
    if (countyCode === '') throw new DomainError('epcis_county_needed', 400);
    const events = eventsOf(input).map(identified);
    const createdAt = this.clock.now();
    const id = uuidv7();
    const added = await this.database.transaction(async (tx) => {
      await this.log.lock(tx, countyCode);
      await this.refuseOther(tx, countyCode, events);
      const count = await this.log.append(tx, countyCode, await this.entries(tx, countyCode, events));
      await tx.query(
        `insert into trace.epcis_capture (id, county_code, created_by, created_at, finished_at, events, added)
         values ($1::uuid, $2, $3::uuid, $4::timestamptz, $5::timestamptz, $6, $7)`,
        [id, countyCode, actor.id, createdAt.toISOString(), this.clock.now().toISOString(), events.length, count],
      );
      const detail = { events: events.length, added: count };
      await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'epcis.captured', subject: `capture ${id}`, detail });
      return count;
    });
    return view({ id, createdAt, finishedAt: this.clock.now(), events: events.length, added });
  }

  /** A call's outcome, for the county that made it. @throws DomainError `not_found` 404 */
  async job(actor: Principal, id: string): Promise<CaptureJob> {
    const [row] = await this.database.query<CaptureRow>(
      `select id, created_at as "createdAt", finished_at as "finishedAt", events, added from trace.epcis_capture where id = $1::uuid and county_code = $2`,
      [id, actor.countyCode],
    );
    if (!row) throw notFound(id);
    return view(row);
  }

  private async refuseOther(tx: Tx, countyCode: string, events: readonly LoggedEvent[]): Promise<void> {
    const rows = await tx.query<{ body: LoggedEvent }>(
      `select body from trace.epcis_event where county_code = $1 and event_id = any($2::text[]) and not body ? 'errorDeclaration'`,
      [countyCode, events.map(({ eventID }) => eventID)],
    );
    const stored = new Map(rows.map(({ body }) => [body.eventID, canonicalJson(body)]));
    for (const event of events) {
      if (event.errorDeclaration !== undefined) continue;
      const content = canonicalJson(event);
      if ((stored.get(event.eventID) ?? content) !== content)
        throw new DomainError('epcis_event_id_taken', 409, { eventId: event.eventID });
      stored.set(event.eventID, content);
    }
  }

  private async entries(tx: Tx, countyCode: string, events: readonly LoggedEvent[]): Promise<LogEntry[]> {
    const classes = events.map(classesOf);
    const lots = await this.facts.named(tx, this.uris, countyCode, [...new Set(classes.flat())]);
    return events.map((event, index) => ({ event, lots: (classes[index] ?? []).flatMap((uri) => lots.get(uri) ?? []) }));
  }
}

/** The events of a call; vocabularies that its document declares go with each of them. */
function eventsOf(input: CaptureInput): EpcisEvent[] {
  if (Array.isArray(input)) return input;
  if (input.type !== 'EPCISDocument') return [input];
  const declared = [input['@context']].flat().filter((part) => part !== EPCIS_CONTEXT);
  const vocabulary = declared.length > 0 ? { '@context': declared } : {};
  return input.epcisBody.eventList.map((event) => ({ ...vocabulary, ...event }));
}

function identified({ recordTime: _ours, ...event }: EpcisEvent): LoggedEvent {
  return { ...event, eventID: event.eventID ?? contentId(event) };
}

function classesOf(event: EpcisEvent): string[] {
  const lists = [event['quantityList'], event['childQuantityList'], event['inputQuantityList'], event['outputQuantityList']];
  return lists.flatMap((list) => (Array.isArray(list) ? list.map(({ epcClass }: { epcClass: string }) => epcClass) : []));
}

function view({ id, createdAt, finishedAt, events, added }: CaptureRow): CaptureJob {
  return {
    captureID: id,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    running: false,
    success: true,
    captureErrorBehaviour: 'rollback',
    errors: [],
    events,
    added,
  };
}
