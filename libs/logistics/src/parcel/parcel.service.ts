import { Injectable } from '@nestjs/common';
import { normaliseWaybill, recognise, waybillSchema, type ParcelView, type Recognition } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, notFound, type Language, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { readEvents } from '../ledger/ledger.repository.js';
import { readMeanings } from '../mapping/mapping.repository.js';
import { withMeaning } from './parcel.event.js';
import { foldParcel, type ParcelFold } from './parcel.fold.js';
import { countiesOf, maySeeParcel } from './parcel.scope.js';
import { carrierEvidence, parcelView } from './parcel.view.js';

/** Looks parcels up: the ledger is read and folded, so that what is shown is what the events say now. */
@Injectable()
export class ParcelService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` 404, also for a parcel that the caller may not see */
  async view(principal: Principal, text: string, language: Language): Promise<ParcelView> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const parcel = await this.find(principal, text, facts);
    if (!parcel) throw notFound(text);
    return parcelView(parcel, facts, language);
  }

  /** Ranked carriers of a number, with what is known of the parcel when the caller may see it. */
  async candidates(principal: Principal, text: string): Promise<Recognition> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const parcel = await this.find(principal, text, facts);
    return recognise(text, parcel ? carrierEvidence(parcel) : {});
  }

  /** A parcel that the caller may see. */
  async find(principal: Principal, text: string, facts: SnapshotFacts): Promise<ParcelFold | undefined> {
    const parsed = waybillSchema.safeParse(normaliseWaybill(text));
    if (!parsed.success) return undefined;
    for (const countyCode of countiesOf(facts, principal, this.clock.now())) {
      const parcel = await this.foldOf(countyCode, parsed.data, facts);
      if (parcel && maySeeParcel(facts, principal, parcel)) return parcel;
    }
    return undefined;
  }

  /** What the ledger of a county says of a parcel, whoever asks. */
  async foldOf(countyCode: string, waybill: string, facts: SnapshotFacts): Promise<ParcelFold | undefined> {
    const [kept] = await this.database.query<{ from: Date }>(
      'select first_claimed_at as "from" from logistics.parcel where county_code = $1 and waybill = $2',
      [countyCode, waybill],
    );
    if (!kept) return undefined;
    const events = await readEvents(this.database, countyCode, [waybill], kept.from.getTime());
    if (!events.some((event) => event.kind === 'unknown')) return foldParcel(events, facts.levelOf);
    const meanings = await readMeanings(this.database, countyCode);
    return foldParcel(
      events.map((event) => withMeaning(event, meanings)),
      facts.levelOf,
    );
  }
}
