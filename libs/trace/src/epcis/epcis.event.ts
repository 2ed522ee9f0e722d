/** Business steps of produce as EPCIS 2.0 events: pure (docs/domain/epcis.md says which step becomes which event). */
import type { LoggedEvent } from './epcis.schema.js';
import { contentId } from './epcis.chain.js';
import type { EpcisUris, LotKey } from './epcis.uri.js';

/** All produce is weighed in grams and told in kilograms (UN/ECE Recommendation 20). */
const KILOGRAM = 'KGM';
const GRAMS = 1000;
/** Prefixes that the documents' context declares: master data of CBV, and our own vocabulary. */
export const OWN_PREFIX = { cbvmda: 'urn:epcglobal:cbv:mda:', xy: 'urn:xiangyi:trace:' } as const;

/** What events tell of a lot. */
export interface LotFacts extends LotKey {
  readonly id: string;
  readonly villageId: string;
  readonly plot: string | null;
  readonly harvestedOn: string | null;
  readonly quantityG: number;
}
export interface LotShare {
  readonly lot: LotFacts;
  readonly quantityG: number;
}
export interface TestFacts {
  readonly id: string;
  readonly item: string;
  readonly method: string | null;
  readonly result: string;
  readonly testedOn: string;
  readonly laboratory: string | null;
  readonly reportId: string | null;
}
/** A step that is sure: its identity, its time, and where it happened as a URI, if that is known. */
export interface StepFacts {
  readonly stepId: string;
  readonly at: string;
  readonly place: string | null;
}
/** A parcel of produce. */
export interface ParcelFacts {
  readonly shipmentId: string;
  readonly waybill: string;
  readonly lots: readonly LotShare[];
}

const quantity = (uris: EpcisUris, { lot, quantityG }: LotShare) => ({
  epcClass: uris.lot(lot),
  quantity: quantityG / GRAMS,
  uom: KILOGRAM,
});

function base({ stepId, at, place }: StepFacts) {
  return {
    eventID: `urn:uuid:${stepId}`,
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: '+08:00',
    ...(place === null ? {} : { readPoint: { id: place }, bizLocation: { id: place } }),
  };
}

/** A harvest puts a lot into the world. */
export function harvestEvent(uris: EpcisUris, step: StepFacts, lot: LotFacts): LoggedEvent {
  return {
    type: 'ObjectEvent',
    ...base(step),
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    quantityList: [quantity(uris, { lot, quantityG: lot.quantityG })],
    ilmd: {
      'cbvmda:lotNumber': lot.lotNo,
      ...(lot.harvestedOn === null ? {} : { 'cbvmda:harvestEndDate': lot.harvestedOn }),
      ...(lot.plot === null ? {} : { 'xy:plot': lot.plot }),
      'xy:quantityG': lot.quantityG,
    },
  };
}

/** A test of a lot, with the link to its report. */
export function testEvent(uris: EpcisUris, step: StepFacts, lot: LotFacts, test: TestFacts): LoggedEvent {
  const { item, method, result, testedOn, laboratory, reportId } = test;
  const told = { item, method, result, testedOn, laboratory, report: reportId === null ? null : uris.report(reportId) };
  return {
    type: 'ObjectEvent',
    ...base(step),
    action: 'OBSERVE',
    bizStep: 'inspecting',
    disposition: result === 'pass' ? 'conformant' : 'non_conformant',
    quantityList: [{ epcClass: uris.lot(lot) }],
    bizTransactionList: [{ type: 'testres', bizTransaction: uris.test(test.id) }],
    'xy:test': Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)),
  };
}

/** Splitting, mixing or repacking: what went in, and what came out. */
export function transformEvent(
  uris: EpcisUris,
  step: StepFacts,
  change: { mode: 'split' | 'mix' | 'repack'; inputs: readonly LotShare[]; outputs: readonly LotShare[] },
): LoggedEvent {
  return {
    type: 'TransformationEvent',
    ...base(step),
    transformationID: `urn:uuid:${step.stepId}`,
    bizStep: change.mode === 'repack' ? 'repackaging' : 'creating_class_instance',
    disposition: 'active',
    inputQuantityList: change.inputs.map((share) => quantity(uris, share)),
    outputQuantityList: change.outputs.map((share) => quantity(uris, share)),
    'xy:mode': change.mode,
  };
}

/** Units went into a box, or out of it. */
export function boxEvent(
  uris: EpcisUris,
  step: StepFacts,
  boxing: { action: 'pack' | 'unpack'; sscc: string; unitSerials: readonly number[] },
): LoggedEvent {
  const pack = boxing.action === 'pack';
  return {
    type: 'AggregationEvent',
    ...base(step),
    action: pack ? 'ADD' : 'DELETE',
    bizStep: pack ? 'packing' : 'unpacking',
    parentID: uris.box(boxing.sscc),
    childEPCs: [...new Set(boxing.unitSerials)].map((serial) => uris.unit(serial)),
  };
}

/** A parcel was packed: its waybill is the business transaction. */
export function shipEvent(uris: EpcisUris, step: StepFacts, parcel: ParcelFacts): LoggedEvent {
  return { ...parcelObserved(uris, step, parcel), bizStep: 'shipping', disposition: 'in_transit' };
}

/** Which step of business a row of the parcel's ledger is; kinds without an entry are none. */
const PARCEL_STEPS = new Map<string, { bizStep: string; disposition: string } | 'delivery'>([
  ['accepted', { bizStep: 'receiving', disposition: 'in_progress' }],
  ['arrived_town', { bizStep: 'arriving', disposition: 'in_transit' }],
  ['arrived_county', { bizStep: 'staging_outbound', disposition: 'in_transit' }],
  ['dispatched', { bizStep: 'departing', disposition: 'in_transit' }],
  ['returned', { bizStep: 'receiving', disposition: 'returned' }],
  ['picked_up', 'delivery'],
  ['delivered', 'delivery'],
]);

/**
 * A row of the parcel's ledger as an event; `undefined` for kinds that are no step of business. A delivery is told once, however many say so: its
 * identity comes from the shipment, and the first one stands.
 */
export function parcelEvent(uris: EpcisUris, step: StepFacts, kind: string, parcel: ParcelFacts): LoggedEvent | undefined {
  const meaning = PARCEL_STEPS.get(kind);
  if (meaning === undefined) return undefined;
  if (meaning !== 'delivery') return { ...parcelObserved(uris, step, parcel), ...meaning };
  return {
    type: 'AggregationEvent',
    ...base(step),
    eventID: contentId({ delivered: parcel.shipmentId }),
    action: 'DELETE',
    bizStep: 'retail_selling',
    disposition: 'retail_sold',
    parentID: uris.parcel(parcel.waybill),
    childQuantityList: parcel.lots.map((share) => quantity(uris, share)),
    bizTransactionList: [{ type: 'bol', bizTransaction: uris.parcel(parcel.waybill) }],
  };
}

function parcelObserved(uris: EpcisUris, step: StepFacts, parcel: ParcelFacts) {
  return {
    type: 'ObjectEvent' as const,
    ...base(step),
    action: 'OBSERVE' as const,
    epcList: [uris.parcel(parcel.waybill)],
    quantityList: parcel.lots.map((share) => quantity(uris, share)),
    bizTransactionList: [{ type: 'bol', bizTransaction: uris.parcel(parcel.waybill) }],
  };
}
