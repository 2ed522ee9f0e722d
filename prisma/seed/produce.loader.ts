/** Loads the cooperatives' season through the services that a running county uses, as the county's officer. */
import type { INestApplicationContext } from '@nestjs/common';
import { addDays, dayOf, startOfDay, type Day } from '#contracts';
import { DirectoryReader } from '#directory';
import type { Principal } from '#platform';
import { CertificateService, CodeBatchService, NetworkPlaces } from '#trace';
import {
  AllocationService,
  LotRecordService,
  LotService,
  LotTransformService,
  OrderService,
  PayoutService,
  ProducerService,
  ProductService,
  ProjectService,
  RefundService,
  ShipmentService,
} from '#upflow';
import type { DemoCounty } from './county.model.js';
import { idOf } from './identity.source.js';
import { DEMO_CITIES } from './produce.cast.js';
import type { DemoCooperative, DemoRound, DemoSale } from './produce.generator.js';
import { Reporters } from './reporters.js';

const LANGUAGE = 'zh-CN';
/** Orders that are worked on at a time. */
const AT_ONCE = 6;
const CODES = 120;
/** A lot that passed its test is certified at four that afternoon. */
const CERTIFIED_AFTER_MS = 16 * 3_600_000;
/** The seller keeps this share for packing and transport. */
const KEPT_BP = 1500;

/** Loads producers, lots and orders. Harmless when repeated. */
export async function loadProduce(
  app: INestApplicationContext,
  county: DemoCounty,
  cooperatives: readonly DemoCooperative[],
  present: Date,
): Promise<void> {
  const people = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot());
  const officer = people.named('county');
  await app.get(NetworkPlaces, { strict: false }).replace(DEMO_CITIES, officer);
  for (const cooperative of cooperatives) {
    await loadPeople(app, officer, cooperative);
    for (const round of cooperative.rounds) await loadRound(app, officer, cooperative, round, present);
    await atOnce(cooperative.sales, (sale) => loadSale(app, officer, sale, present));
  }
  const [first] = cooperatives;
  if (!first) return;
  const producers = app.get(ProducerService, { strict: false });
  for (const id of [first.id, ...first.households.map((household) => household.id)])
    await producers.join(officer, id, 'producer');
  await loadShowcase(app, officer, first, county.calendar.firstDay);
}

async function loadPeople(app: INestApplicationContext, officer: Principal, cooperative: DemoCooperative): Promise<void> {
  const producers = app.get(ProducerService, { strict: false });
  const products = app.get(ProductService, { strict: false });
  const { cast, id, villageCode, productId, households } = cooperative;
  const contact = { contactName: '示范联系人', contactPhone: '19900003000' };
  await producers.add(officer, { id, kind: 'coop', name: cast.name, villageCode, povertyAlleviated: false, ...contact });
  const { product: name, categoryCode, spec, gtin } = cast;
  await products.add(officer, { id: productId, producerId: id, name, categoryCode, gtin, spec }, LANGUAGE);
  if (cast.certification)
    await products.certify(
      officer,
      productId,
      {
        id: idOf('produce', `certification ${cast.key}`),
        kind: cast.certification,
        number: `SF-${cast.key.toUpperCase()}-2025`,
        issuedBy: '示范认证中心',
        validFrom: '2025-01-01',
        validTo: '2028-12-31',
      },
      LANGUAGE,
    );
  for (const { id: householdId, productId: ownId, name: head, povertyAlleviated } of households) {
    await producers.add(officer, { id: householdId, kind: 'household', name: head, villageCode, povertyAlleviated, ...contact });
    await products.add(officer, { id: ownId, producerId: householdId, name, categoryCode, gtin: null, spec: null }, LANGUAGE);
  }
}

async function loadRound(
  app: INestApplicationContext,
  officer: Principal,
  { cast, id }: DemoCooperative,
  { harvests, mix, mixedLotId, testedOn }: DemoRound,
  present: Date,
): Promise<void> {
  const lots = app.get(LotService, { strict: false });
  for (const { lot } of harvests) await lots.harvest(officer, lot);
  await app.get(LotTransformService, { strict: false }).transform(officer, mix);
  await app.get(LotRecordService, { strict: false }).addTest(officer, mixedLotId, {
    id: idOf('produce', `test ${cast.key} ${testedOn}`),
    item: '农药残留快检',
    method: '酶抑制率法',
    result: 'pass',
    testedOn,
    laboratory: '示范县农产品质量检测站',
  });
  // Grain needs no certificate.
  if (cast.categoryCode.startsWith('0101')) return;
  const certificate = { id: idOf('produce', `certificate ${id} ${testedOn}`) };
  const issuedAt = new Date(Math.min(startOfDay(testedOn).getTime() + CERTIFIED_AFTER_MS, present.getTime()));
  await app.get(CertificateService, { strict: false }).issue(officer, mixedLotId, certificate, issuedAt);
}

async function loadSale(app: INestApplicationContext, officer: Principal, sale: DemoSale, present: Date): Promise<void> {
  const { order, waybill, carrierCode, weightG, freightFen, packedAt, lotId, quantityG } = sale;
  await app.get(OrderService, { strict: false }).add(officer, order);
  const [line] = order.lines;
  if (!line) return;
  const allocations = [{ id: idOf('produce', `allocation ${order.id}`), lineId: line.id, lotId, quantityG }];
  await app.get(AllocationService, { strict: false }).allocate(officer, order.id, { allocations });
  const shipment = { id: idOf('produce', `shipment ${order.id}`), waybill, carrierCode, weightG, freightFen, packedAt };
  await app.get(ShipmentService, { strict: false }).pack(officer, order.id, shipment);
  const { refundFen, refundedAt } = sale;
  if (refundFen === 0 || Date.parse(refundedAt) > present.getTime()) return;
  const refund = { id: idOf('produce', `refund ${order.id}`), amountFen: refundFen, refundedAt, reason: '运输中碰伤' };
  await app.get(RefundService, { strict: false }).refund(officer, order.id, refund);
}

/**
 * Last month's payout sheets, the first cooperative's paid. Orders are paid out once they were delivered, so this comes after their parcels' events were
 * followed.
 */
export async function loadPayouts(
  app: INestApplicationContext,
  county: DemoCounty,
  cooperatives: readonly DemoCooperative[],
): Promise<void> {
  const officer = new Reporters(county, await app.get(DirectoryReader, { strict: false }).snapshot()).named('county');
  const payouts = app.get(PayoutService, { strict: false });
  const { from, to } = county.calendar.lastMonth;
  for (const [index, { cast, id: sellerId, sales }] of cooperatives.entries()) {
    const isSold = sales.some(({ order }) => isWithin(dayOf(Date.parse(order.paidAt)), from, to));
    if (!isSold) continue;
    const id = idOf('produce', `payout ${cast.key}`);
    await payouts.make(officer, { id, sellerId, from, to, keptBp: KEPT_BP });
    if (index === 0) await payouts.pay(officer, id, new Date(startOfDay(county.calendar.thisMonthFrom).getTime()).toISOString());
  }
}

const isWithin = (day: Day, from: Day, to: Day): boolean => day >= from && day <= to;

/** The showcase: codes of the latest lot, and the branch project. */
async function loadShowcase(
  app: INestApplicationContext,
  officer: Principal,
  { cast, id, villageCode, households, rounds }: DemoCooperative,
  firstDay: Day,
): Promise<void> {
  const projects = app.get(ProjectService, { strict: false });
  const projectId = idOf('produce', `project ${cast.key}`);
  const startedOn = addDays(firstDay, -200);
  const name = '支部引领林果增收项目';
  await projects.add(officer, { id: projectId, villageCode, name, branchName: '魏家窝铺村党支部', startedOn, endedOn: null });
  for (const producerId of [id, ...households.map((household) => household.id)])
    await projects.take(officer, projectId, { producerId, joinedOn: startedOn, leftOn: null });
  const latest = rounds.at(-1);
  if (!latest) return;
  const order = { level: 'unit', count: CODES, form: 'short', activation: 'at_once' } as const;
  await app
    .get(CodeBatchService, { strict: false })
    .order(officer, latest.mixedLotId, { id: idOf('produce', `codes ${dayOf(new Date(latest.mix.at ?? 0))}`), ...order });
}

/** Does something for each of a list, some at a time, in order of their beginning. */
async function atOnce<T>(list: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
