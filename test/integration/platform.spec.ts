import { Body, Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { z } from 'zod';
import { JOBS, type JobName, type Problem } from '#contracts';
import {
  Access,
  Answers,
  Authenticator,
  Database,
  DomainError,
  JobHandler,
  Outbox,
  ProcessedEvents,
  Public,
  uuidv7,
  type Handler,
  type Principal,
} from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';

const noteSchema = z.object({ text: z.string().min(1), weightG: z.number().int().positive() }).meta({ id: 'Note' });

@Controller('api/notes')
class NoteController {
  @Public()
  @Post()
  @Answers(201, noteSchema)
  add(@Body({ schema: noteSchema }) note: z.infer<typeof noteSchema>): z.infer<typeof noteSchema> {
    return note;
  }
  @Access('coverage:read')
  @Get()
  list(): string[] {
    return [];
  }
  @Public()
  @Get('refused')
  refused(): never {
    throw new DomainError('conflict', 409);
  }
  @Public()
  @Get('broken')
  broken(): never {
    throw new Error('a secret of the inside: 13800001234');
  }
}

@Injectable()
class NobodyKnown extends Authenticator {
  authenticate(token: string): Promise<Principal | undefined> {
    const base = {
      id: uuidv7(),
      kind: 'user' as const,
      username: 'u',
      unitId: uuidv7(),
      unitCode: '990101',
      countyCode: '990101',
      stationIds: [],
      producerIds: [],
    };
    if (token === 'keeper') return Promise.resolve({ ...base, role: 'producer', rights: ['directory:read'] });
    if (token === 'officer') return Promise.resolve({ ...base, role: 'county', rights: ['coverage:read'] });
    return Promise.resolve(undefined);
  }
}

@Module({
  controllers: [NoteController],
  providers: [{ provide: Authenticator, useClass: NobodyKnown }],
  exports: [Authenticator],
})
class NoteModule {}

@Module({ providers: [{ provide: Authenticator, useClass: NobodyKnown }], exports: [Authenticator] })
class AuthModule {}

describe('the platform', () => {
  let app: TestApplication;
  beforeAll(async () => {
    app = await testApp({ modules: [NoteModule], services: [] });
  });
  afterAll(() => app.close());

  it('is alive and, with database, migrations and queue in place, ready', async () => {
    expect(await app.get('/health/live')).toMatchObject({ status: 200, body: { status: 'up' } });
    expect(await app.get('/health/ready')).toMatchObject({
      status: 200,
      body: { database: 'up', migrations: 'up', queue: 'up' },
    });
  });

  it('answers metrics in Prometheus form, by route pattern', async () => {
    await app.get('/health/live');
    const { body } = await app.get<string>('/metrics');
    expect(body).toContain('xiangyi_http_request_seconds_count{method="GET",route="/health/live",status="200"}');
    expect(body).toContain('xiangyi_outbox_waiting 0');
  });

  it('refuses bad input as problem+json that names the fields, in the language asked for', async () => {
    const chinese = await app.post<Problem>('/api/notes', { text: '', weightG: 1.5 });
    expect(chinese.status).toBe(400);
    expect(chinese.headers.get('content-type')).toContain('application/problem+json');
    expect(chinese.body).toMatchObject({ code: 'invalid_input', title: '提交的内容有误', status: 400, instance: '/api/notes' });
    expect(chinese.body.errors?.map((field) => field.path).sort()).toEqual(['text', 'weightG']);
    expect(chinese.body.errors?.every((field) => /[\u4e00-\u9fff]/.test(field.message))).toBe(true);
    const english = await app.post<Problem>('/api/notes', {}, undefined, { 'accept-language': 'en-GB,en;q=0.9' });
    expect(english.body.title).toBe('The request has errors');
    expect(english.body.errors).toContainEqual({ path: 'text', code: 'missing', message: 'Required' });
    expect(english.body.correlationId).toBe(english.headers.get('x-correlation-id'));
  });

  it.each([
    ['a body that is no JSON', 'POST', '/api/notes', '{"text":', { 'content-type': 'application/json' }, 400, 'malformed_body'],
    ['an unknown media type', 'POST', '/api/notes', 'x', { 'content-type': 'text/rust' }, 415, 'unsupported_media_type'],
    ['an unknown address', 'GET', '/api/nothing', undefined, {}, 404, 'route_not_found'],
    ['a refusal of the domain', 'GET', '/api/notes/refused', undefined, {}, 409, 'conflict'],
    ['a request without a token', 'GET', '/api/notes', undefined, {}, 401, 'unauthenticated'],
    ['a token that lacks the right', 'GET', '/api/notes', undefined, { authorization: 'Bearer keeper' }, 403, 'forbidden'],
  ])('answers %s with a problem', async (_what, method, path, body, headers, status, code) => {
    const answer = await app.send<Problem>(method, path, body, undefined, headers);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });

  it('lets a token with the right through', async () => {
    expect(await app.get('/api/notes', 'officer')).toMatchObject({ status: 200, body: [] });
  });

  it('says nothing about its inside when it fails', async () => {
    const { status, body } = await app.get<Problem>('/api/notes/broken');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|13800001234|Error:/);
  });

  it('describes itself in OpenAPI 3.1 from the schemas, with a page to read it', async () => {
    const { body } = await app.get<{
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    }>('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(JSON.stringify(body.paths['/api/notes'])).toContain('Note');
    expect((await app.get<string>('/api/docs')).body).toContain('swagger');
  });

  it('sets headers that keep a browser safe', async () => {
    const { headers } = await app.get('/health/live');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a start', () => {
  it('fails when a job of a running service has no handler', async () => {
    await expect(testApp({ modules: [NoteModule], services: ['insight'] })).rejects.toThrow(
      /needs exactly one handler and has 0/,
    );
  });

  it('fails when a job has two handlers', async () => {
    @Injectable()
    @JobHandler('platform.maintain')
    class SecondHandler implements Handler<'platform.maintain'> {
      handle(): Promise<void> {
        return Promise.resolve();
      }
    }
    @Module({ imports: [AuthModule], providers: [SecondHandler], exports: [AuthModule] })
    class TwiceModule {}
    await expect(testApp({ modules: [TwiceModule], services: [] })).rejects.toThrow(
      'platform.maintain needs exactly one handler and has 2',
    );
  });

  it('fails when a route declares neither @Public nor @Access', async () => {
    @Controller('api/open')
    class ForgottenController {
      @Get()
      read(): string {
        return '';
      }
    }
    @Module({ imports: [AuthModule], controllers: [ForgottenController], exports: [AuthModule] })
    class ForgottenModule {}
    await expect(testApp({ modules: [ForgottenModule], services: [] })).rejects.toThrow('ForgottenController.read');
  });
});

describe('domain events', () => {
  const taken: { id: string; correlationId: string }[] = [];

  @Injectable()
  @JobHandler('insight.coverage.refresh')
  class Taker implements Handler<'insight.coverage.refresh'> {
    constructor(
      private readonly database: Database,
      private readonly processed: ProcessedEvents,
    ) {}
    async handle(payload: Parameters<Handler<'insight.coverage.refresh'>['handle']>[0], job: { attempt: number }): Promise<void> {
      await this.database.transaction(async (tx) => {
        for (const event of await this.processed.firstTime(tx, 'taker', payload.events))
          taken.push({ id: event.id, correlationId: event.correlationId });
        // Fails after its effect: the record must go with the effect, or the retry would find nothing to do.
        if (job.attempt === 1) {
          taken.length = 0;
          throw new Error('first attempt fails');
        }
      });
    }
  }
  const idle = (name: JobName) => {
    @Injectable()
    @JobHandler(name)
    class Idle implements Handler {
      handle(): Promise<void> {
        return Promise.resolve();
      }
    }
    return Idle;
  };
  const others = (Object.keys(JOBS) as JobName[]).filter(
    (name) => JOBS[name].queue === 'insight' && name !== 'insight.coverage.refresh',
  );
  @Module({ imports: [AuthModule], providers: [Taker, ...others.map(idle)], exports: [AuthModule] })
  class TakerModule {}

  it('reach their consumer once, after a failed first attempt too, and never from a transaction that was rolled back', async () => {
    const app = await testApp({ modules: [TakerModule], services: ['insight'] });
    try {
      const outbox = app.resolve(Outbox);
      const database = app.resolve(Database);
      const publish = (count: number, fail: boolean) =>
        database.transaction(async (tx) => {
          const event = () => ({
            countyCode: '990101',
            topic: 'logistics.days.touched' as const,
            payload: { keys: [[uuidv7(), '2026-10-01'] as [string, string]] },
          });
          await outbox.publish(tx, 'insight', Array.from({ length: count }, event));
          if (fail) throw new Error('rolled back');
        });
      await expect(publish(5, true)).rejects.toThrow('rolled back');
      await publish(7, false);
      const deadline = Date.now() + 40_000;
      while (taken.length < 7 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(taken).toHaveLength(7);
      expect(new Set(taken.map(({ id }) => id)).size).toBe(7);
      expect(await database.query('select 1 from platform.outbox')).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
