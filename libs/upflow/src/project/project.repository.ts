import { Injectable } from '@nestjs/common';
import type { ParticipantInput, ProducerKind } from '#contracts';
import type { Tx } from '#platform';
import type { ListedProducers } from '../village.scope.js';

/** Who takes part in a project: from `joinedOn` until the day before `leftOn`. */
export interface ParticipantRow {
  joinedOn: string;
  leftOn: string | null;
  producer: { id: string; name: string; kind: ProducerKind };
}

/** A branch project as stored, with its participants. */
export interface ProjectRow {
  id: string;
  countyCode: string;
  villageId: string;
  name: string;
  branchName: string;
  startedOn: string;
  endedOn: string | null;
  participants: ParticipantRow[];
}

const SELECT = `select b.id, b.county_code as "countyCode", b.village_id as "villageId", b.name, b.branch_name as "branchName", b.started_on as "startedOn",
  b.ended_on as "endedOn", coalesce((select jsonb_agg(jsonb_build_object('joinedOn', t.joined_on, 'leftOn', t.left_on,
      'producer', jsonb_build_object('id', r.id, 'name', r.name, 'kind', r.kind)) order by t.joined_on, r.id)
    from upflow.project_participant t join upflow.producer r on r.id = t.producer_id where t.project_id = b.id), '[]'::jsonb) as participants
  from upflow.branch_project b`;

/** Branch projects in the tables upflow.branch_project and upflow.project_participant. */
@Injectable()
export class ProjectRepository {
  /** Adds a project; false when its id is taken. */
  async insert(tx: Tx, row: Omit<ProjectRow, 'participants'> & { createdBy: string; createdAt: Date }): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.branch_project (id, county_code, village_id, name, branch_name, started_on, ended_on, created_by, created_at)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6::date, $7::date, $8::uuid, $9::timestamptz) on conflict (id) do nothing returning 1`,
      [
        row.id,
        row.countyCode,
        row.villageId,
        row.name,
        row.branchName,
        row.startedOn,
        row.endedOn,
        row.createdBy,
        row.createdAt.toISOString(),
      ],
    );
    return added.length > 0;
  }

  /** One project; its row locked when it is to be changed. */
  async find(tx: Tx, id: string, forChange = false): Promise<ProjectRow | undefined> {
    const [row] = await tx.query<ProjectRow>(`${SELECT} where b.id = $1::uuid ${forChange ? 'for no key update of b' : ''}`, [
      id,
    ]);
    return row;
  }

  /** Writes when somebody takes part; one who joined that day leaves as told. */
  async take(tx: Tx, projectId: string, input: ParticipantInput): Promise<void> {
    await tx.query(
      `insert into upflow.project_participant (project_id, producer_id, joined_on, left_on) values ($1::uuid, $2::uuid, $3::date, $4::date)
       on conflict (project_id, producer_id, joined_on) do update set left_on = excluded.left_on`,
      [projectId, input.producerId, input.joinedOn, input.leftOn],
    );
  }

  /** Projects of some villages, or in which some producers take part, in id order after an id. */
  async list(tx: Tx, filter: ListedProducers & { after: string | undefined; limit: number }): Promise<ProjectRow[]> {
    return tx.query(
      `${SELECT} where ($1::uuid[] is null or b.village_id = any($1::uuid[])) and ($2::uuid is null or b.id > $2::uuid)
         and ($4::uuid[] is null or exists (select from upflow.project_participant t where t.project_id = b.id and t.producer_id = any($4::uuid[])))
       order by b.id limit $3`,
      [filter.villageIds, filter.after ?? null, filter.limit, filter.producerIds],
    );
  }
}
