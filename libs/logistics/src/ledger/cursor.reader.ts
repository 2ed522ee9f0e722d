import type { Tx } from '#platform';

const FETCH = 5000;

/** Rows of a query in the order of their waybill, read through a server-side cursor as they are needed. */
export class CursorReader<Row extends { readonly waybill: string }> {
  private rows: Row[] = [];
  private at = 0;
  private ended = false;

  private constructor(
    private readonly tx: Tx,
    private readonly name: string,
  ) {}

  /** Opens a cursor within the transaction; it closes with it. */
  static async open<Row extends { readonly waybill: string }>(
    tx: Tx,
    name: string,
    query: string,
    params: readonly unknown[],
  ): Promise<CursorReader<Row>> {
    await tx.query(`declare ${name} no scroll cursor for ${query}`, params);
    return new CursorReader<Row>(tx, name);
  }

  /** The next row, which stays where it is; `undefined` at the end. */
  async peek(): Promise<Row | undefined> {
    if (this.at >= this.rows.length && !this.ended) {
      this.rows = await this.tx.query<Row>(`fetch ${FETCH} from ${this.name}`);
      this.at = 0;
      this.ended = this.rows.length === 0;
    }
    return this.rows[this.at];
  }

  /** The rows that follow for one waybill. */
  async takeOf(waybill: string): Promise<Row[]> {
    const taken: Row[] = [];
    for (let row = await this.peek(); row?.waybill === waybill; row = await this.peek()) {
      taken.push(row);
      this.at += 1;
    }
    return taken;
  }
}
