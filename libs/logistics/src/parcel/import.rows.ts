/** Reads the rows of a carrier's file (docs/domain/carriers.md, "Files"). Pure. */
import {
  CLAIMED_KINDS,
  EXCEPTION_KINDS,
  phoneSchema,
  recipientRecordSchema,
  waybillSchema,
  type ClaimedKind,
  type ExceptionKind,
} from '#contracts';
import type { Table } from '#platform';
import { claimEvent, continuation, eventIdentity, readTime } from '../carrier/provider.trace.js';
import { redactText } from '../carrier/trace.text.js';
import type { RecipientWord } from '../recipient/recipient.repository.js';
import type { LedgerEvent } from './parcel.event.js';

const COLUMNS = {
  waybill: ['waybill', '运单号', '快递单号'],
  kind: ['event', 'kind', '事件', '状态'],
  occurredAt: ['occurred_at', 'occurredAt', '时间', '发生时间'],
  carrier: ['carrier', 'carrier_code', '快递品牌', '快递公司'],
  village: ['village', 'village_code', '村代码', '收件村代码'],
  exception: ['exception', '异常'],
  linkedWaybill: ['linked_waybill', '新运单号', '转单号'],
  text: ['text', 'note', '说明', '备注'],
  recipientName: ['recipient_name', '收件人', '收件人姓名'],
  recipientPhone: ['recipient_phone', '收件人电话', '收件人手机'],
} as const satisfies Record<string, readonly string[]>;
type Column = keyof typeof COLUMNS;
const REQUIRED: readonly Column[] = ['waybill', 'kind', 'occurredAt'];

/** Chinese names of events, as carriers write them. */
const KIND_NAMES: Readonly<Record<string, ClaimedKind>> = {
  已下单: 'announced',
  揽收: 'accepted',
  在途: 'in_transit',
  到县: 'arrived_county',
  到镇: 'arrived_town',
  到站: 'arrived_station',
  派件: 'out_for_delivery',
  重新派送: 'redelivery',
  签收: 'delivered',
  取消签收: 'delivery_revoked',
  退回: 'returning',
  退签: 'returned',
  转投: 'transferred',
  销单: 'cancelled',
  丢失: 'lost',
  异常: 'exception_open',
  异常解除: 'exception_close',
  备注: 'note',
};
const EXCEPTION_NAMES: Readonly<Record<string, ExceptionKind>> = {
  拒收: 'refused',
  无法联系: 'unreachable',
  地址错误: 'wrong_address',
  超区: 'out_of_area',
  破损: 'damaged',
  滞留: 'overdue_at_station',
  丢失: 'missing',
  错分: 'misrouted',
  拦截: 'intercepted',
  无更新: 'no_update',
};

/** What is wrong with a cell; `code` names the message `row_<code>`. */
export interface CellProblem {
  readonly row: number;
  readonly column: string;
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What the reader asks about carriers and villages. */
export interface ImportKnowledge {
  /** The carrier of the row, or `undefined` when there is no such carrier. */
  carrier(code: string): string | undefined;
  /** Carrier of rows that name none. */
  readonly ownCarrier: string | null;
  /** Village of the county by its code. */
  village(code: string): string | undefined;
}

/** What a file says, or its problems. */
export interface ReadImport {
  readonly events: LedgerEvent[];
  readonly recipients: RecipientWord[];
  readonly rows: number;
  readonly problems: CellProblem[];
}

/** Reads a file's rows. */
export function readImport(table: Table, known: ImportKnowledge): ReadImport {
  const header = table.header.map((title) => title.trim());
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, names]) => [
      column,
      header.findIndex((title) => (names as readonly string[]).includes(title)),
    ]),
  ) as Record<Column, number>;
  const problems: CellProblem[] = REQUIRED.filter((column) => at[column] < 0).map((column) => ({
    row: 1,
    column,
    code: 'missing_column',
    params: { column: COLUMNS[column].join(' / ') },
  }));
  const events: LedgerEvent[] = [];
  const recipients: RecipientWord[] = [];
  if (problems.length === 0)
    for (const { number, cells } of table.rows) {
      const reader = new RowReader(number, (column) => (at[column] < 0 ? '' : (cells[at[column]] ?? '').trim()), known, problems);
      const read = reader.read();
      events.push(...read.events);
      if (read.recipient) recipients.push(read.recipient);
    }
  return { events, recipients, rows: table.rows.length, problems };
}

/** Carriers that hide their recipients write asterisks, or nothing: then the file says nothing of them. */
const isMasked = (text: string): boolean => text === '' || text.includes('*');

class RowReader {
  private good = true;

  constructor(
    private readonly row: number,
    private readonly cell: (column: Column) => string,
    private readonly known: ImportKnowledge,
    private readonly problems: CellProblem[],
  ) {}

  read(): { events: LedgerEvent[]; recipient?: RecipientWord | undefined } {
    const waybill = this.waybill('waybill');
    const kind = this.kind();
    const claimedAt = this.time();
    const carrierCode = this.carrier();
    const addressVillageId = this.village();
    const exception = this.exception(kind);
    const linked = this.cell('linkedWaybill') === '' ? null : this.waybill('linkedWaybill');
    const name = this.recipientName();
    const phone = this.recipientPhone();
    if (!this.good || waybill === null || kind === null || claimedAt === null) return { events: [] };
    const event = claimEvent({
      id: eventIdentity('csv', carrierCode ?? '', waybill, claimedAt, kind, exception ?? ''),
      claimedAt,
      waybill,
      kind,
      source: 'csv',
      carrierCode,
      addressVillageId,
      exception,
      linkedWaybill: kind === 'transferred' ? linked : null,
      text: redactText(this.cell('text').replaceAll('\0', '')) || null,
    });
    const other = continuation('csv', event);
    const recipient = name === undefined && phone === undefined ? undefined : { waybill, at: new Date(claimedAt), name, phone };
    return { events: other ? [event, other] : [event], recipient };
  }

  private recipientName(): string | undefined {
    const text = this.cell('recipientName');
    if (isMasked(text)) return undefined;
    const parsed = recipientRecordSchema.shape.name.safeParse(text);
    return parsed.success ? parsed.data : (this.fail('recipientName', 'bad_name') ?? undefined);
  }

  private recipientPhone(): string | undefined {
    const text = this.cell('recipientPhone');
    if (isMasked(text)) return undefined;
    const parsed = phoneSchema.safeParse(text.replace(/[\s()-]/g, '').replace(/^\+?86(?=1\d{10}$)/, ''));
    return parsed.success ? parsed.data : (this.fail('recipientPhone', 'bad_phone') ?? undefined);
  }

  private fail(column: Column, code: string, value = ''): null {
    this.good = false;
    this.problems.push({ row: this.row, column, code, params: { value: value.slice(0, 40) } });
    return null;
  }

  private waybill(column: 'waybill' | 'linkedWaybill'): string | null {
    const parsed = waybillSchema.safeParse(this.cell(column));
    return parsed.success ? parsed.data : this.fail(column, 'bad_waybill', this.cell(column));
  }

  private kind(): ClaimedKind | null {
    const text = this.cell('kind');
    const kind = CLAIMED_KINDS.find((known) => known === text) ?? KIND_NAMES[text];
    return kind ?? this.fail('kind', 'bad_kind', text);
  }

  private time(): number | null {
    const text = this.cell('occurredAt');
    const local = readTime(text);
    if (local !== undefined) return local;
    const instant = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
    return Number.isNaN(instant) ? this.fail('occurredAt', 'bad_time', text) : instant;
  }

  private carrier(): string | null {
    const text = this.cell('carrier');
    const { ownCarrier } = this.known;
    if (text === '') return ownCarrier;
    const code = this.known.carrier(text);
    if (code === undefined) return this.fail('carrier', 'unknown_carrier', text);
    return ownCarrier !== null && code !== ownCarrier ? this.fail('carrier', 'carrier_out_of_scope', text) : code;
  }

  private village(): string | null {
    const text = this.cell('village');
    return text === '' ? null : (this.known.village(text) ?? this.fail('village', 'unknown_village', text));
  }

  private exception(kind: ClaimedKind | null): ExceptionKind | null {
    if (kind !== 'exception_open' && kind !== 'exception_close') return null;
    const text = this.cell('exception');
    const exception = EXCEPTION_KINDS.find((known) => known === text) ?? EXCEPTION_NAMES[text];
    return exception ?? this.fail('exception', 'bad_exception', text);
  }
}
