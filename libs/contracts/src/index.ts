export * from './address.mask.js';
export * from './auth.schema.js';
export * from './carrier.schema.js';
export * from './code.schema.js';
export { drawCode128, drawGs1Bars, QUIET_BARS, type BarDrawing } from './code128.js';
export * from './coverage.schema.js';
export * from './directory.api.schema.js';
export * from './directory.schema.js';
export * from './event.catalogue.js';
export * from './fee.schema.js';
export * from './gs1.js';
export * from './id.schema.js';
export * from './income.schema.js';
export * from './job.catalogue.js';
export * from './logistics.schema.js';
export * from './lot.schema.js';
export * from './order.schema.js';
export * from './page.schema.js';
export * from './parameter.schema.js';
export * from './parcel.schema.js';
export * from './person.mask.js';
export * from './problem.schema.js';
export * from './produce.schema.js';
export * from './published.js';
export * from './record.schema.js';
export * from './resident.id.js';
export * from './role.schema.js';
export * from './sales.schema.js';
export * from './scan.schema.js';
export * from './shelf.schema.js';
export * from './time.js';
export * from './trace.schema.js';
export * from './transport.schema.js';
export * from './upflow.schema.js';
export {
  normaliseWaybill,
  recognise,
  type Candidate,
  type CarrierEvidence,
  type Recognition,
} from './waybill/waybill.recognition.js';
