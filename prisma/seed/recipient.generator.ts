/** Whom the parcels are for that lie on the demo county's shelves at the end of its history: all of the showcase's, and some of the others'. */
import type { RecipientRecord } from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import { villageStation, type DemoCounty } from './county.model.js';
import type { DemoScan } from './parcel.journey.js';
import { RandomSource } from './random.source.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** At other stations than the showcase's: how long ago the parcel was shelved at most, and how many in all. */
const ASKED_WITHIN_MS = 4 * DAY_MS;
const MAX_ELSEWHERE = 120;
const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '欧阳', '诸葛'];
const GIVEN = ['示范', '小明', '秀英', '桂兰', '建国', '玉梅', '大山', '春花'];

/** Watches which parcels lie on a shelf. */
export class RecipientGenerator {
  private readonly lying = new Map<string, DemoScan>();
  private readonly random = new RandomSource(`${DEMO_SEED}/recipients`);
  private readonly showcase: string | undefined;

  constructor(county: DemoCounty) {
    const village = county.villages.find((candidate) => candidate.case === 'showcase');
    this.showcase = village && villageStation(village.code);
  }

  /** Takes note of a scan: shelved, and nothing since that took the parcel away. */
  watch(entry: DemoScan): void {
    const { waybill, kind } = entry.scan;
    if (!waybill) return;
    if (kind === 'shelved') this.lying.set(waybill, entry);
    else if (kind === 'picked_up' || kind === 'returned') this.lying.delete(waybill);
  }

  /** Who was asked by the present, mostly by phone; some do not want to come to the station, some were not reached. */
  records(presentMs: number): RecipientRecord[] {
    const made: RecipientRecord[] = [];
    let elsewhere = 0;
    for (const { scan, stationCode } of this.lying.values()) {
      const shelvedMs = Date.parse(scan.occurredAt);
      const isShown = stationCode === this.showcase;
      if (!isShown && (Math.abs(presentMs - shelvedMs) > ASKED_WITHIN_MS || (elsewhere += 1) > MAX_ELSEWHERE)) continue;
      made.push(this.recipient(scan.waybill ?? '', stationCode, Math.min(presentMs, shelvedMs + 5 * MINUTE_MS)));
    }
    return made;
  }

  private recipient(waybill: string, stationCode: string, askedMs: number): RecipientRecord {
    const { random } = this;
    const answer = random.weighted({ given: 8, refused: 1, none: 1 });
    return {
      id: random.uuid(askedMs),
      stationCode,
      occurredAt: new Date(askedMs).toISOString(),
      waybill,
      name: random.pick(SURNAMES) + random.pick(GIVEN),
      phone: `1990007${random.digits(4)}`,
      ...(answer === 'none'
        ? {}
        : { consent: answer, consentWay: random.weighted({ phone: 6, message: 2, standing: 1, in_person: 1 }) }),
    };
  }
}
