import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { correlationId } from '../logging/context.js';
import { uuidv7 } from '../security/id.js';

/** One line of the record of who did what. */
export interface AuditRecord {
  countyCode: string;
  actorId: string | null;
  /** Verb in the past, dotted: `session.refused`, `account.approved`. */
  action: string;
  /** What it was done to: a kind and an id, never personal data. */
  subject: string;
  detail?: Record<string, string | number | boolean | null>;
}

/** The record of sign-ins, decisions, unmasking and imports; written with what it records. */
@Injectable()
export class Audit {
  /** Adds a line in the caller's transaction. */
  async record(tx: Tx, entry: AuditRecord): Promise<void> {
    await tx.query(
      `insert into platform.audit (county_code, id, actor_id, action, subject, detail, correlation_id)
       values ($1, $2::uuid, $3::uuid, $4, $5, $6::jsonb, $7)`,
      [
        entry.countyCode,
        uuidv7(),
        entry.actorId,
        entry.action,
        entry.subject,
        JSON.stringify(entry.detail ?? {}),
        correlationId(),
      ],
    );
  }
}
