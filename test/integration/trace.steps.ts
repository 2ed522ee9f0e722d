/** Produce of a small county, and its business steps on their way into the log. */
import type { DomainEventPayload, ProduceStep } from '#contracts';
import { DirectoryReader } from '#directory';
import { Outbox, uuidv7, type OutgoingEvent } from '#platform';
import { TraceModule } from '#trace';
import { insertLot, insertLotPart, insertProducer, insertProduct } from '../factories/produce.js';
import { testCounty, type TestCounty } from './income.county.js';

export const GTIN = '06901234567892';
const PATIENCE_MS = 40_000;

/** A county with a cooperative that has two products: one with a GTIN, one with a code of its own. */
export interface TraceCounty extends TestCounty {
  villageId: string;
  foreignVillageId: string;
  producerId: string;
  products: { gtin: string; own: string };
  /** A lot of the cooperative; `madeOf` are the lots that went into it. */
  lot(
    lotNo: string,
    seed?: { product?: 'gtin' | 'own'; madeOf?: readonly string[]; villageId?: string; producerId?: string },
  ): Promise<string>;
  /** Publishes steps as upflow does and waits until the log has taken them. */
  record(...steps: { stepId?: string; at?: string; step: ProduceStep }[]): Promise<void>;
  /** Publishes any domain events and waits until the log has taken them. */
  publish(...events: OutgoingEvent[]): Promise<void>;
}

/** Starts tracing in a county of its own. */
export async function traceCounty(): Promise<TraceCounty> {
  const county = await testCounty([TraceModule], ['trace']);
  const { database } = county.app.db;
  const snapshot = await county.app.resolve(DirectoryReader).snapshot();
  const idOf = (code: string) => snapshot.unitByCode(code)?.id ?? '';
  const [villageId, foreignVillageId] = [idOf(county.villages[0]), idOf(county.foreignVillages[0])];
  const producerId = await insertProducer(database, { countyCode: county.code, villageId });
  const products = {
    gtin: await insertProduct(database, { producerId, gtin: GTIN }),
    own: await insertProduct(database, { producerId, name: '苹果干', ownCode: 'XY12345678' }),
  };
  const publish = async (...events: OutgoingEvent[]) => {
    const taken = async () =>
      (
        await database.query<{ n: number }>(
          `select count(*)::int as n from platform.processed_event where consumer = 'trace.step.record'`,
        )
      )[0]?.n ?? 0;
    const before = await taken();
    // Only the outbox of services that run here is relayed; the log does not ask whose an event is.
    await database.transaction((tx) => county.app.resolve(Outbox).publish(tx, 'trace', events));
    for (const deadline = Date.now() + PATIENCE_MS; (await taken()) < before + events.length;) {
      if (Date.now() > deadline) throw new Error('The log did not take the steps');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    ...county,
    villageId,
    foreignVillageId,
    producerId,
    products,
    publish,
    lot: async (lotNo, { product = 'gtin', madeOf = [], ...rest } = {}) => {
      const place = { countyCode: county.code, villageId, producerId, ...rest };
      const origin = madeOf.length > 0 ? 'mix' : 'harvest';
      const id = await insertLot(database, { ...place, productId: products[product], lotNo, origin });
      for (const parentId of madeOf) await insertLotPart(database, { parentId, childId: id });
      return id;
    },
    record: (...steps) => publish(...steps.map((one) => stepEvent(county.code, one))),
  };
}

function stepEvent(countyCode: string, one: { stepId?: string; at?: string; step: ProduceStep }): OutgoingEvent {
  const { stepId = uuidv7(), at = '2026-11-02T08:00:00+08:00', step } = one;
  const payload: DomainEventPayload<'upflow.step.recorded'> = { stepId, at, step };
  return { countyCode, topic: 'upflow.step.recorded', payload };
}

/** The step of a mix. */
export function mixed(inputs: readonly string[], output: string): ProduceStep {
  return {
    kind: 'transformed',
    mode: 'mix',
    inputs: inputs.map((lotId) => ({ lotId, quantityG: 1000 })),
    outputs: [{ lotId: output, quantityG: inputs.length * 1000 }],
  };
}
