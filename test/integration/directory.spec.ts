import { DirectoryModule } from '#directory';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty } from '../factories/county.js';

describe('the small county', () => {
  let app: TestApplication;
  let county: SmallCounty;
  beforeAll(async () => {
    app = await testApp({ modules: [DirectoryModule], services: ['directory'] });
    county = await smallCounty(app);
  });
  afterAll(async () => await app?.close());

  it('is there', async () => {
    const { status, body } = await app.get<{ items: unknown[] }>('/api/units?level=village', county.tokens.county);
    expect({ status, count: body.items?.length, body: status === 200 ? undefined : body }).toEqual({ status: 200, count: 5, body: undefined });
  });
});
