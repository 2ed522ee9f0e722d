import { registerMessages } from '#platform';
import { LOGISTICS_MESSAGES } from './messages.js';

registerMessages(LOGISTICS_MESSAGES);

export type { Provider, PushForm, PushOutcome } from './carrier/carrier.adapter.js';
export { PushService } from './carrier/push.service.js';
export { ClosingKind } from './closing/closing.kind.js';
export { StationDays } from './closing/station.days.js';
export { ComplaintService } from './complaint/complaint.service.js';
export { FeeRateService } from './fee/fee.rate.service.js';
export {
  ParcelRebuild,
  type ParcelDifference,
  type ParcelRebuildOptions,
  type ParcelRebuildReport,
} from './ledger/parcel.rebuild.js';
export { LogisticsModule } from './logistics.module.js';
export { ParcelService } from './parcel/parcel.service.js';
export { RecipientKind } from './recipient/recipient.kind.js';
export { RecordIntake } from './record/record.intake.js';
export type { RecordKind, StationRecord } from './record/record.kind.js';
export { ScanService } from './scan/scan.service.js';
export { BagKind } from './transport/bag.kind.js';
export { ConsignmentKind } from './transport/consignment.kind.js';
export { ConsignmentSweep } from './transport/consignment.sweep.js';
export { HandoverKind } from './transport/handover.kind.js';
export { ManifestKind } from './transport/manifest.kind.js';
