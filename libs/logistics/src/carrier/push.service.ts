import { Inject, Injectable, Logger } from '@nestjs/common';
import { dayOf } from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { Audit, Clock, CONFIG, Database, DomainError, SecretBox, uuidv7, type Config } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { FlightBatcher } from '../ledger/flight.batcher.js';
import { UnreadablePush, type CarrierAdapter, type Provider, type PushForm, type PushOutcome } from './carrier.adapter.js';
import { KdniaoAdapter } from './kdniao.adapter.js';
import { Kuaidi100Adapter } from './kuaidi100.adapter.js';
import { storedClaim } from './stored.claim.js';

/** A push as it was kept. */
interface KeptPush {
  readonly id: string;
  readonly countyCode: string;
  readonly provider: Provider;
  readonly receivedAt: Date;
  readonly form: PushForm;
}

const SWEEP_LIMIT = 200;
const SWEEP_AFTER_MS = 60_000;
const SWEEP_UNTIL_MS = 3 * 86_400_000;

/** Takes providers' pushes: signature, the raw body kept and committed, then its events; what fails half-way is tried again later. */
@Injectable()
export class PushService {
  private readonly logger = new Logger(PushService.name);
  private readonly adapters: Readonly<Record<Provider, CarrierAdapter>> = {
    kuaidi100: new Kuaidi100Adapter(),
    kdniao: new KdniaoAdapter(),
  };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly batcher: FlightBatcher,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  adapter(provider: Provider): CarrierAdapter {
    return this.adapters[provider];
  }

  /**
   * Takes a push from outside. A wrong signature stores the attempt in the audit record and nothing else.
   * @param county six digits, or absent where there is only one
   * @throws DomainError `county_required` 400, `unknown_county` 404
   */
  async receive(provider: Provider, form: PushForm, county: string | undefined): Promise<PushOutcome> {
    const secret = this.secretOf(provider);
    if (secret === undefined || !this.adapters[provider].verify(form, secret)) {
      await this.audit.record(this.database, {
        countyCode: '',
        actorId: null,
        action: 'push.refused',
        subject: `provider:${provider}`,
      });
      return 'refused';
    }
    return await this.take(provider, form, this.countyOf(await this.directory.snapshot(), county));
  }

  /** Keeps a push that is trusted and takes its events in. @param countyCode the key under which the county's rows are kept */
  async take(provider: Provider, form: PushForm, countyCode: string, receivedAt: Date = this.clock.now()): Promise<PushOutcome> {
    const push: KeptPush = { id: uuidv7(), countyCode, provider, receivedAt, form };
    await this.database.query(
      'insert into logistics.provider_push (county_code, id, received_at, provider, body) values ($1, $2, $3, $4, $5)',
      [countyCode, push.id, receivedAt, provider, Buffer.from(this.secrets.encrypt(JSON.stringify(form)))],
    );
    try {
      return await this.process(push);
    } catch (error) {
      // The push is kept, so the provider need not send it again; the sweep takes it up.
      this.logger.error(error);
      return 'taken';
    }
  }

  /** Takes up pushes that were kept and not processed, because the process ended or the database was away. */
  async sweep(): Promise<number> {
    const now = this.clock.now().getTime();
    const rows = await this.database.query<{
      id: string;
      countyCode: string;
      provider: Provider;
      receivedAt: Date;
      body: Buffer;
    }>(
      `select id, county_code as "countyCode", provider, received_at as "receivedAt", body from logistics.provider_push
       where processed_at is null and received_at between $1 and $2 order by received_at limit ${SWEEP_LIMIT}`,
      [new Date(now - SWEEP_UNTIL_MS), new Date(now - SWEEP_AFTER_MS)],
    );
    for (const { body, ...push } of rows) {
      const form = JSON.parse(this.secrets.decrypt(body)) as PushForm;
      // One that fails again must not keep the others waiting.
      await this.process({ ...push, form }).catch((error: unknown) => this.logger.error(error));
    }
    return rows.length;
  }

  private async process(push: KeptPush): Promise<PushOutcome> {
    try {
      const events = this.adapters[push.provider]
        .parse(push.form)
        .map((event) => storedClaim(event, push.receivedAt.getTime(), null));
      if (events.length > 0)
        await this.batcher.submit(push.countyCode, events, SnapshotFacts.of(await this.directory.snapshot()));
      await this.mark(push, null);
      return 'taken';
    } catch (error) {
      if (!(error instanceof UnreadablePush)) throw error;
      await this.mark(push, error.message);
      return 'unreadable';
    }
  }

  private async mark({ countyCode, id, receivedAt }: KeptPush, problem: string | null): Promise<void> {
    await this.database.query(
      'update logistics.provider_push set processed_at = $4, problem = $5 where county_code = $1 and id = $2 and received_at = $3',
      [countyCode, id, receivedAt, this.clock.now(), problem],
    );
  }

  /**
   * The secret that signs. Unset, the empty one signs, which anybody can do: good enough for the demo county on one's own machine, and
   * refused where a database of one's own is configured.
   */
  private secretOf(provider: Provider): string | undefined {
    const configured = provider === 'kuaidi100' ? this.config.KUAIDI100_SALT : this.config.KDNIAO_APP_KEY;
    if (configured !== undefined) return configured;
    return this.config.DEMO || this.config.DATABASE_URL === undefined ? '' : undefined;
  }

  private countyOf(snapshot: DirectorySnapshot, code: string | undefined): string {
    if (code === undefined) {
      const [only, ...others] = snapshot.unitsOfLevel('county', dayOf(this.clock.now()));
      if (!only || others.length > 0) throw new DomainError('county_required', 400);
      return snapshot.countyCodeOf(only.id);
    }
    const unit = snapshot.unitByCode(code);
    if (unit?.level !== 'county') throw new DomainError('unknown_county', 404, { county: code });
    return snapshot.countyCodeOf(unit.id);
  }
}
