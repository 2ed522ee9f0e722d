/** A few complaints of an extra charge in a village (metric M9): confirmed, dismissed, and one that nobody has decided. */
import { dayOf, type Day } from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import type { DemoCounty } from './county.model.js';
import type { DemoScan } from './parcel.journey.js';
import { RandomSource } from './random.source.js';

/** About one pickup in this many leads to a complaint. */
const PICKUPS_PER_COMPLAINT = 1500;
const TEXTS = ['取件时被要求支付2元保管费', '站点称超过一天要收1元', '送货上门另收3元跑腿费'];

export interface DemoComplaint {
  readonly waybill: string;
  readonly day: Day;
  readonly stationCode: string;
  readonly text: string;
  readonly decision: 'confirmed' | 'dismissed' | 'waiting';
}

/** Watches the pickups go by and complains about some. */
export class ComplaintGenerator {
  private readonly random: RandomSource;
  private readonly stations: ReadonlySet<string>;
  private readonly found: Omit<DemoComplaint, 'decision'>[] = [];

  constructor(county: DemoCounty, seed: string = DEMO_SEED) {
    this.random = new RandomSource(`${seed}/complaints`);
    const steady = new Set(county.villages.filter((village) => village.case === 'steady').map((village) => village.code));
    this.stations = new Set(county.stations.filter((station) => steady.has(station.unitCode)).map((station) => station.code));
  }

  /** Takes note of a scan. */
  watch({ scan, stationCode, receivedAtMs }: DemoScan): void {
    if (scan.kind !== 'picked_up' || !scan.waybill || !this.stations.has(stationCode)) return;
    if (!this.random.chance(1 / PICKUPS_PER_COMPLAINT)) return;
    // A phone with a wrong date must not make a complaint of tomorrow.
    const day = dayOf(Math.min(Date.parse(scan.occurredAt), receivedAtMs));
    this.found.push({ waybill: scan.waybill, day, stationCode, text: this.random.pick(TEXTS) });
  }

  /** All complaints, the last one undecided. */
  complaints(): DemoComplaint[] {
    return this.found.map((complaint, index) => {
      const isLast = index === this.found.length - 1;
      return { ...complaint, decision: isLast ? 'waiting' : index % 3 === 2 ? 'dismissed' : 'confirmed' };
    });
  }
}
