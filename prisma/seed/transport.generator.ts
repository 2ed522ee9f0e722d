/** What lies behind the parcels that go out of the demo county: consignments, bags and manifests of the last two days. */
import {
  addDays,
  residentIdCheck,
  startOfDay,
  type BagRecord,
  type ConsignmentRecord,
  type HandoverRecord,
  type ManifestRecord,
  type Scan,
} from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import { DEMO_COUNTY_CODE, townCentre, villageStation, type DemoCounty } from './county.model.js';
import type { DemoScan } from './parcel.journey.js';
import { DEMO_CITIES } from './produce.cast.js';
import { RandomSource } from './random.source.js';
import { waybillOf } from './waybill.generator.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Serial numbers of parcels that are in no history. */
const FIRST_SERIAL = 9_000_000;
const PEOPLE = ['甲示范', '乙示范', '丙示范', '丁示范', '欧阳示范'];
const CONTENTS = ['苹果', '小米', '干蘑菇', '衣服', '手工鞋垫', '腊肉'];

/** Records of one kind, in the order in which they were made. */
export interface DemoTransport {
  readonly consignments: readonly ConsignmentRecord[];
  readonly bags: readonly BagRecord[];
  readonly manifests: readonly ManifestRecord[];
  readonly handovers: readonly HandoverRecord[];
}

type Made = { -readonly [K in keyof DemoTransport]: DemoTransport[K][number][] };

/** Watches which parcels wait in their village to leave, and adds a bag that waits, a manifest on the way and one that came with a parcel missing. */
export class TransportGenerator {
  private readonly waiting = new Map<string, Scan>();
  private readonly random = new RandomSource(`${DEMO_SEED}/transport`);
  private serial = FIRST_SERIAL;

  constructor(private readonly county: DemoCounty) {}

  /** Takes note of a scan: accepted, and nothing since. */
  watch({ scan }: DemoScan): void {
    if (!scan.waybill) return;
    if (scan.kind === 'accepted') this.waiting.set(scan.waybill, scan);
    else this.waiting.delete(scan.waybill);
  }

  /** Everything up to the present. */
  records(presentMs: number): DemoTransport {
    const made: Made = { consignments: [], bags: [], manifests: [], handovers: [] };
    for (const scan of this.waiting.values())
      if (Math.abs(presentMs - Date.parse(scan.occurredAt)) < 2 * DAY_MS) made.consignments.push(this.behind(scan));
    const village = this.county.villages.find((candidate) => candidate.case === 'showcase');
    if (!village) return made;
    const ends = { station: villageStation(village.code), town: townCentre(village.parentCode) };
    const yesterday = Number(startOfDay(addDays(this.county.calendar.today, -1)));
    this.travel(made, ends, {
      key: 'Y',
      acceptedMs: yesterday + 10 * HOUR_MS,
      sealedMs: yesterday + 16 * HOUR_MS,
      parcels: 5,
      stage: 'opened',
    });
    this.travel(made, ends, {
      key: 'T',
      acceptedMs: presentMs - 5 * HOUR_MS,
      sealedMs: presentMs - 2 * HOUR_MS,
      parcels: 4,
      stage: 'given',
    });
    this.travel(made, ends, {
      key: 'N',
      acceptedMs: presentMs - 1.5 * HOUR_MS,
      sealedMs: presentMs - 0.5 * HOUR_MS,
      parcels: 3,
      stage: 'sealed',
    });
    return made;
  }

  /** The consignment behind an acceptance of the history: with the scan's own id and content, so that it makes no second one. */
  private behind(scan: Scan): ConsignmentRecord {
    const { produce } = scan;
    return this.consignment({
      id: scan.id,
      waybill: scan.waybill ?? '',
      carrierCode: scan.carrierCode ?? 'POSTAL',
      occurredAt: scan.occurredAt,
      stationCode: scan.stationCode,
      weightG: produce?.weightG ?? this.random.int(3, 80) * 100,
      ...(produce ? { produce: { categoryCode: produce.categoryCode, originVillageCode: produce.originVillageCode } } : {}),
    });
  }

  /** A bag on the bus to the town, as far as it has come. */
  private travel(
    made: Made,
    ends: { station: string; town: string },
    plan: { key: string; acceptedMs: number; sealedMs: number; parcels: number; stage: 'sealed' | 'given' | 'opened' },
  ): void {
    const { random } = this;
    const at = (ms: number) => new Date(ms).toISOString();
    const waybills = Array.from({ length: plan.parcels }, (_, index) => {
      const carrierCode = random.pick(['POSTAL', 'YTO', 'ZTO', 'JT'] as const);
      const waybill = waybillOf(carrierCode, ++this.serial, random);
      const acceptedMs = plan.acceptedMs + index * 10 * 60_000;
      const weightG = random.int(3, 80) * 100;
      made.consignments.push(
        this.consignment({
          id: random.uuid(acceptedMs),
          waybill,
          carrierCode,
          occurredAt: at(acceptedMs),
          stationCode: ends.station,
          weightG,
        }),
      );
      return waybill;
    });
    const [bag, manifest] = [`D${DEMO_COUNTY_CODE}-${plan.key}1`, `Z${DEMO_COUNTY_CODE}-${plan.key}1`];
    const to = { stationCode: ends.town };
    const record = (ms: number, stationCode = ends.station) => ({ id: random.uuid(ms), occurredAt: at(ms), stationCode });
    made.bags.push({ ...record(plan.sealedMs), code: bag, to, waybills });
    if (plan.stage === 'sealed') return;
    const loadedMs = plan.sealedMs + 10 * 60_000;
    made.manifests.push({
      ...record(loadedMs),
      code: manifest,
      to,
      route: '魏家窝铺—柳河',
      vehicle: '示A00001',
      bags: [bag],
      waybills: [],
    });
    made.handovers.push({ ...record(loadedMs + 10 * 60_000), code: manifest, side: 'given', sealIntact: true });
    if (plan.stage === 'given') return;
    made.handovers.push(
      { ...record(loadedMs + HOUR_MS, ends.town), code: manifest, side: 'taken', sealIntact: true },
      { ...record(loadedMs + 1.5 * HOUR_MS, ends.town), code: bag, side: 'taken', sealIntact: true, found: waybills.slice(1) },
    );
  }

  private consignment(
    known: Pick<ConsignmentRecord, 'id' | 'waybill' | 'carrierCode' | 'occurredAt' | 'stationCode' | 'weightG' | 'produce'>,
  ): ConsignmentRecord {
    const { random } = this;
    const { province, city } = random.pick(DEMO_CITIES);
    const first17 = `${DEMO_COUNTY_CODE}19${random.int(55, 89)}0${random.int(1, 9)}1${random.int(0, 9)}${random.digits(3)}`;
    return {
      ...known,
      sender: {
        name: random.pick(PEOPLE),
        phone: `1990008${random.digits(4)}`,
        identityKind: 'resident_id',
        identityNumber: first17 + residentIdCheck(first17),
      },
      receiver: {
        name: random.pick(PEOPLE),
        phone: `1990009${random.digits(4)}`,
        address: { province, city, detail: `示范路${random.int(1, 99)}号院2栋${random.int(101, 909)}室` },
      },
      contents: random.pick(CONTENTS),
      inspected: true,
      securityCheck: random.pick(['machine', 'by_hand'] as const),
      freightFen: 500 + Math.ceil(known.weightG / 1000) * random.int(90, 160),
    };
  }
}
