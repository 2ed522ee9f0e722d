import { Injectable } from '@nestjs/common';
import {
  encodeCursor,
  type Page,
  type ParticipantInput,
  type ProjectInput,
  type ProjectListQuery,
  type ProjectView,
} from '#contracts';
import { assertScope, DirectoryReader, producersOf, scopeAllows, type DirectorySnapshot, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, forbidden, invalid, notFound, type Tx } from '#platform';
import { afterId } from '../page.walk.js';
import { ProducerRepository } from '../producer/producer.repository.js';
import { listedProducers, villageRef } from '../village.scope.js';
import { participationChange } from './participation.span.js';
import { ProjectRepository, type ProjectRow } from './project.repository.js';

type Writer = ProduceActor & { id: string };

/** Branch projects ("支部+企业+基地+农户") and who takes part. Staff keep them; a producer sees those that it takes part in. */
@Injectable()
export class ProjectService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly producers: ProducerRepository,
    private readonly projects: ProjectRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a project. The same project sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400, `forbidden` 403 outside the actor's unit and for the role `producer`, `project_id_taken` 409
   */
  async add(actor: Writer, input: ProjectInput): Promise<ProjectView> {
    if (producersOf(actor) !== null) throw forbidden();
    assertSpan(input.startedOn, input.endedOn, 'endedOn');
    const snapshot = await this.directory.snapshot();
    const village = snapshot.unitByCode(input.villageCode);
    if (village?.level !== 'village')
      throw invalid([{ path: 'villageCode', code: 'village_unknown', message: input.villageCode }]);
    assertScope(snapshot, actor, village.id);
    const { id, name, branchName, startedOn, endedOn } = input;
    const content = { id, villageId: village.id, name, branchName, startedOn, endedOn };
    const row = { ...content, countyCode: snapshot.countyCodeOf(village.id) };
    const stored = await this.database.transaction(async (tx) => {
      if (await this.projects.insert(tx, { ...row, createdBy: actor.id, createdAt: this.clock.now() }))
        await this.tell(tx, actor, row, 'project.added', {});
      return this.projects.find(tx, id);
    });
    const same = stored && (Object.keys(content) as (keyof typeof content)[]).every((field) => stored[field] === content[field]);
    if (!same) throw new DomainError('project_id_taken', 409);
    return view(snapshot, stored);
  }

  /**
   * A producer of the county takes part from a day on; told again with a day of leaving, its time ends.
   * @throws DomainError `not_found` 404, `forbidden` 403, `invalid_input` 400, `participation_taken` 409, `participation_overlaps` 409
   */
  async take(actor: Writer, id: string, input: ParticipantInput): Promise<ProjectView> {
    assertSpan(input.joinedOn, input.leftOn, 'leftOn');
    const snapshot = await this.directory.snapshot();
    const row = await this.database.transaction(async (tx) => {
      const project = await this.find(tx, snapshot, actor, id, true);
      if (producersOf(actor) !== null) throw forbidden();
      const producer = await this.producers.find(tx, input.producerId);
      if (producer?.countyCode !== project.countyCode)
        throw invalid([{ path: 'producerId', code: 'producer_unknown', message: input.producerId }]);
      if (input.joinedOn < project.startedOn || (project.endedOn !== null && input.joinedOn >= project.endedOn))
        throw invalid([{ path: 'joinedOn', code: 'outside_project', message: input.joinedOn }]);
      await this.change(tx, actor, project, input);
      return this.projects.find(tx, id);
    });
    if (!row) throw notFound(id);
    return view(snapshot, row);
  }

  /** One project. @throws DomainError `not_found` 404, also when the actor may not see it */
  async get(actor: ProduceActor, id: string): Promise<ProjectView> {
    const snapshot = await this.directory.snapshot();
    return view(snapshot, await this.find(this.database, snapshot, actor, id));
  }

  /**
   * Projects below a unit, by default the actor's own; for a user of the role `producer` those in which the own producers take part.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async list(actor: ProduceActor, query: ProjectListQuery): Promise<Page<ProjectView>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    const rows = await this.projects.list(this.database, { ...listed, after: afterId(query.cursor), limit: query.limit + 1 });
    const items = rows.slice(0, query.limit).map((row) => view(snapshot, row));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.id]) } : {}) };
  }

  private async change(tx: Tx, actor: Writer, project: ProjectRow, input: ParticipantInput): Promise<void> {
    const standing = project.participants.filter(({ producer }) => producer.id === input.producerId);
    const change = participationChange(standing, input);
    switch (change) {
      case 'same':
        return;
      case 'taken':
      case 'overlaps':
        throw new DomainError(`participation_${change}`, 409);
      case 'new':
      case 'ended': {
        await this.projects.take(tx, project.id, input);
        const action = change === 'new' ? 'project.participant.joined' : 'project.participant.left';
        await this.tell(tx, actor, project, action, { ...input });
      }
    }
  }

  private async find(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: ProduceActor,
    id: string,
    forChange = false,
  ): Promise<ProjectRow> {
    const row = await this.projects.find(tx, id, forChange);
    const own = producersOf(actor);
    const seen =
      own === null
        ? row && scopeAllows(snapshot, actor, row.villageId)
        : row?.participants.some(({ producer }) => own.includes(producer.id));
    if (!row || !seen) throw notFound(id);
    return row;
  }

  private async tell(
    tx: Tx,
    actor: Writer,
    { id, countyCode }: Pick<ProjectRow, 'id' | 'countyCode'>,
    action: string,
    detail: Record<string, string | null>,
  ): Promise<void> {
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `project ${id}`, detail });
  }
}

function assertSpan(from: string, to: string | null, path: string): void {
  if (to !== null && to <= from) throw invalid([{ path, code: 'ends_before_start', message: to }]);
}

function view(snapshot: DirectorySnapshot, row: ProjectRow): ProjectView {
  const { id, name, branchName, startedOn, endedOn, participants } = row;
  return { id, village: villageRef(snapshot, row.villageId), name, branchName, startedOn, endedOn, participants };
}
