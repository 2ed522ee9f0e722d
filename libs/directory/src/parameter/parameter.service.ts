import { Injectable } from '@nestjs/common';
import { DEFAULT_PARAMETERS, type Parameters, type ParametersView } from '#contracts';
import { Audit, Clock, DomainError, notFound } from '#platform';
import { DirectoryWriter } from '../change/directory.writer.js';
import { assertUnchanged } from '../http/entity.tag.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';

/** Domain parameters of a county. Only what differs from the defaults is kept, so that a better default reaches who never chose. */
@Injectable()
export class ParameterService {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * A county's parameters; whoever is in the county may know them.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async get(actor: Actor, countyCode: string): Promise<ParametersView> {
    const snapshot = await this.reader.snapshot();
    const countyId = countyIdOf(snapshot, countyCode);
    if (actor.unitId === null || !snapshot.isWithin(actor.unitId, countyId)) assertScope(snapshot, actor, countyId);
    return parametersView(snapshot, countyId);
  }

  /**
   * Sets all parameters of a county; what is absent has its default again. Every month of the county is recomputed.
   * @throws DomainError `not_found` 404 (county, or a carrier that it names), `forbidden` 403, `changed_meanwhile` 412
   */
  async put(actor: Actor, countyCode: string, values: Parameters, ifMatch?: string): Promise<ParametersView> {
    const countyId = await this.writer.change(async ({ tx, snapshot, touched }) => {
      const id = countyIdOf(snapshot, countyCode);
      assertScope(snapshot, actor, id);
      const before = parametersView(snapshot, id);
      assertUnchanged(ifMatch, before);
      assertCarriers(snapshot, values);
      if (JSON.stringify(before.values) === JSON.stringify(values)) return id;
      const chosen = Object.fromEntries(
        Object.entries(values).filter(([name, value]) => !isDefault(name as keyof Parameters, value)),
      );
      await tx.query(
        `insert into directory.county_parameters (county_code, values, updated_by, updated_at) values ($1, $2::jsonb, $3::uuid, $4::timestamptz)
         on conflict (county_code) do update set values = excluded.values, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
        [before.countyCode, JSON.stringify(chosen), actor.id, this.clock.now()],
      );
      touched.unit(before.countyCode, id, null);
      await this.audit.record(tx, {
        countyCode: before.countyCode,
        actorId: actor.id,
        action: 'parameters.changed',
        subject: `unit:${id}`,
      });
      return id;
    });
    return parametersView(await this.reader.snapshot(), countyId);
  }
}

function countyIdOf(snapshot: DirectorySnapshot, countyCode: string): string {
  const county = snapshot.unitByCode(countyCode);
  if (county?.level !== 'county') throw notFound(countyCode);
  return county.id;
}

function parametersView(snapshot: DirectorySnapshot, countyId: string): ParametersView {
  const countyCode = snapshot.countyCodeOf(countyId);
  const values = snapshot.parameters(countyCode);
  const changed = (Object.keys(values) as (keyof Parameters)[]).filter((name) => !isDefault(name, values[name]));
  return { countyCode, values, changed };
}

function isDefault(name: keyof Parameters, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(DEFAULT_PARAMETERS[name]);
}

function assertCarriers(snapshot: DirectorySnapshot, { carrierSuccessors }: Parameters): void {
  const unknown = carrierSuccessors
    .flatMap((entry) => [entry.carrierCode, entry.successorCode])
    .find((code) => !snapshot.carrier(code));
  if (unknown !== undefined) throw new DomainError('carrier_unknown', 409, { code: unknown });
}
