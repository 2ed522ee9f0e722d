import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Boxing, BoxingView } from '#contracts';
import { Clock, Database, DomainError, Outbox, type Principal, type Tx } from '#platform';
import { BoxLots } from './box.lots.js';
import { BoxRepository, type BoxingRow } from './box.repository.js';
import { CodeKeys } from './code.keys.js';
import { CodeRepository, type CodeRow } from './code.repository.js';
import { CodeResolver, type ResolvedCodes } from './code.resolver.js';

/** Units put into boxes and taken out: each boxing happens once, and is told to the log of business steps. */
@Injectable()
export class BoxService {
  constructor(
    private readonly database: Database,
    private readonly boxes: BoxRepository,
    private readonly boxLots: BoxLots,
    private readonly codes: CodeRepository,
    private readonly resolver: CodeResolver,
    private readonly keys: CodeKeys,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Packs units into a box, or unpacks them. All or nothing; the same id again answers the same.
   * @throws DomainError `code_unknown` 404, and 409: `box_is_no_box`, `code_void`, `code_not_unit`, `code_in_other_box`, `code_of_other_county`,
   * `code_in_other_shipment`, `boxing_id_taken`
   */
  async pack(principal: Principal, input: Boxing): Promise<BoxingView> {
    const box = await this.resolver.resolveAll(principal, [input.box]);
    const units = await this.resolver.resolveAll(principal, input.units);
    const boxSerial = box.rows[0]?.serial ?? -1;
    if (units.textOf.has(boxSerial)) throw new DomainError('code_not_unit', 409, { code: input.box });
    const content = contentOf(input, boxSerial, units.rows);
    const row = await this.database.transaction(async (tx) => {
      const at = input.at === undefined ? this.clock.now() : new Date(input.at);
      return this.once(tx, { id: input.id, boxSerial, action: input.action, content, at, createdBy: principal.id }, [box, units]);
    });
    if (!content.equals(row.content)) throw new DomainError('boxing_id_taken', 409);
    const { id, action, sscc, units: moved } = row;
    return { id, action, box: this.keys.sign(row.boxSerial), sscc, units: moved, at: row.at.toISOString() };
  }

  private async once(
    tx: Tx,
    boxing: Omit<BoxingRow, 'units' | 'sscc' | 'countyCode'>,
    [box, units]: readonly [ResolvedCodes, ResolvedCodes],
  ): Promise<BoxingRow> {
    const serials = [boxing.boxSerial, ...units.rows.map(({ serial }) => serial)];
    const locked = await this.codes.lock(tx, serials);
    // After the lock: the same boxing sent twice at a time finds its first self here.
    const known = await this.boxes.find(tx, boxing.id);
    if (known) return known;
    const textOf = new Map([...box.textOf, ...units.textOf]);
    const boxRow = locked.find(({ serial }) => serial === boxing.boxSerial);
    const { sscc } = assertBox(boxRow, textOf);
    const others = locked.filter((row) => row !== boxRow);
    const moved = others.filter((unit) => moves(unit, boxRow, boxing.action, textOf));
    const movedSerials = moved.map(({ serial }) => serial);
    await this.codes.putIntoBox(tx, movedSerials, boxing.action === 'pack' ? boxing.boxSerial : null);
    if (moved.length > 0) await this.boxLots.refresh(tx, [boxing.boxSerial]);
    const row = { ...boxing, countyCode: boxRow?.countyCode ?? '', sscc, units: moved.length };
    if (!(await this.boxes.insert(tx, row))) return (await this.boxes.find(tx, boxing.id)) ?? row;
    if (moved.length > 0) await this.tell(tx, row, moved);
    return row;
  }

  private async tell(tx: Tx, row: BoxingRow, moved: readonly CodeRow[]): Promise<void> {
    const { id, action, boxSerial, sscc, countyCode } = row;
    const unitSerials = moved.map(({ serial }) => serial);
    const lotIds = [...new Set(moved.map(({ lotId }) => lotId))].sort();
    const payload = { id, action, at: row.at.toISOString(), boxSerial, sscc, unitSerials, lotIds };
    await this.outbox.publish(tx, 'trace', [{ countyCode, topic: 'trace.boxed', payload }]);
  }
}

function assertBox(box: CodeRow | undefined, textOf: ReadonlyMap<number, string>): { sscc: string } {
  if (box?.level !== 'box' || box.sscc === null) throw new DomainError('box_is_no_box', 409);
  assertUsable(box, textOf);
  return { sscc: box.sscc };
}

/** Whether the boxing moves the unit; false when it already lies where it shall. @throws DomainError 409 when it must not be moved */
function moves(unit: CodeRow, box: CodeRow | undefined, action: Boxing['action'], textOf: ReadonlyMap<number, string>): boolean {
  const refuse = (code: string): never => {
    throw new DomainError(code, 409, { code: textOf.get(unit.serial) ?? '' });
  };
  if (unit.level !== 'unit') refuse('code_not_unit');
  if (unit.countyCode !== box?.countyCode) refuse('code_of_other_county');
  if (unit.boxSerial !== null && unit.boxSerial !== box?.serial) refuse('code_in_other_box');
  if (action === 'unpack') return unit.boxSerial !== null;
  if (unit.boxSerial !== null) return false;
  assertUsable(unit, textOf);
  return true;
}

function assertUsable({ serial, state, shipmentId }: CodeRow, textOf: ReadonlyMap<number, string>): void {
  const params = { code: textOf.get(serial) ?? '' };
  if (state === 'void') throw new DomainError('code_void', 409, params);
  if (shipmentId !== null) throw new DomainError('code_in_other_shipment', 409, params);
}

function contentOf(input: Boxing, boxSerial: number, units: readonly CodeRow[]): Buffer {
  const serials = units.map(({ serial }) => serial).sort((a, b) => a - b);
  return createHash('sha256')
    .update(JSON.stringify([input.action, boxSerial, serials, input.at ?? null]))
    .digest();
}
