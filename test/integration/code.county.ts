/** A small county with lots of a cooperative and of a household, and what it takes to get codes for them. */
import type { CodeBatch, CodeOrder, CodeView, Page, Problem } from '#contracts';
import { DirectoryModule, ProducerMembership, SYSTEM_ACTOR } from '#directory';
import { uuidv7 } from '#platform';
import { TraceModule } from '#trace';
import { testApp, type Answer, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty } from '../factories/county.js';
import { insertLot, insertProducer, insertProduct } from '../factories/produce.js';

export const GTIN = '06901234567892';
export const BASE = 'https://su.example.cn';
const PATIENCE_MS = 40_000;

export interface CodeCounty {
  app: TestApplication;
  county: SmallCounty;
  /** `gtin`: a product with one; `plain`: without; `foreign`: of a producer in the other county. The role `producer` acts for the cooperative of the first two. */
  lots: Readonly<Record<'gtin' | 'plain' | 'household' | 'foreign', string>>;
  post<T = unknown>(path: string, body: object, token?: string): Promise<Answer<T & Problem>>;
  get<T = unknown>(path: string, token?: string): Promise<Answer<T & Problem>>;
  order(lotId: string, order: Partial<CodeOrder>): Promise<CodeBatch>;
  /** Waits until a batch is in a state. */
  reached(batchId: string, state: CodeBatch['state']): Promise<CodeBatch>;
  /** A batch that is made, and its codes (the first thousand). */
  made(lotId: string, order: Partial<CodeOrder>): Promise<{ batch: CodeBatch; codes: CodeView[] }>;
  close(): Promise<void>;
}

/** Starts tracing in a county of its own. */
export async function codeCounty(names: { product?: string; spec?: string } = {}): Promise<CodeCounty> {
  const app = await testApp({
    modules: [DirectoryModule, TraceModule],
    services: ['directory', 'trace'],
    config: { PUBLIC_BASE_URL: BASE },
  });
  const county = await smallCounty(app);
  const lots = await makeLots(app, county, names.product);
  const post: CodeCounty['post'] = (path, body, token = county.tokens.county) => app.post(path, body, token);
  const get: CodeCounty['get'] = (path, token = county.tokens.county) => app.get(path, token);
  const order: CodeCounty['order'] = async (lotId, input) => {
    const answer = await post<CodeBatch>(`/api/lots/${lotId}/codes`, { id: uuidv7(), count: 1, ...input });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const reached: CodeCounty['reached'] = async (batchId, state) => {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      const { body } = await get<CodeBatch>(`/api/code-batches/${batchId}`);
      if (body.state === state) return body;
      if (Date.now() > deadline) throw new Error(`The batch stands at ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const made: CodeCounty['made'] = async (lotId, input) => {
    const batch = await reached((await order(lotId, input)).id, 'done');
    const { body } = await get<Page<CodeView>>(`/api/codes?batch=${batch.id}&limit=1000`);
    return { batch, codes: body.items };
  };
  return { app, county, lots, post, get, order, reached, made, close: () => app.close() };
}

async function makeLots(app: TestApplication, county: SmallCounty, productName = '红富士苹果'): Promise<CodeCounty['lots']> {
  const { database } = app.db;
  const { countyCode, ids } = county;
  const own = { countyCode, villageId: ids.village1 };
  const coop = await insertProducer(database, own);
  const household = await insertProducer(database, { ...own, kind: 'household', name: '王*' });
  const foreign = await insertProducer(database, { countyCode: '990102', villageId: ids.otherVillage });
  await app.resolve(ProducerMembership).join(SYSTEM_ACTOR, county.users.producer.username, coop);
  const lot = async (
    producerId: string,
    lotNo: string,
    rest: { gtin?: string; countyCode?: string; villageId?: string } = {},
  ) => {
    const { gtin, ...place } = rest;
    const productId = await insertProduct(database, {
      producerId,
      name: productName,
      ...(gtin ? { gtin } : { ownCode: `X${lotNo}` }),
    });
    return insertLot(database, { ...own, ...place, producerId, productId, lotNo });
  };
  return {
    gtin: await lot(coop, '20261101-1', { gtin: GTIN }),
    plain: await lot(coop, '20261101-2'),
    household: await lot(household, '20261101-3'),
    foreign: await lot(foreign, '20261101-4', { countyCode: '990102', villageId: ids.otherVillage }),
  };
}
