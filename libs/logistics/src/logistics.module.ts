import { Module } from '@nestjs/common';
import { PushController } from './carrier/push.controller.js';
import { PushService } from './carrier/push.service.js';
import { PushSweep } from './carrier/push.sweep.js';
import { ComplaintController } from './complaint/complaint.controller.js';
import { ComplaintService } from './complaint/complaint.service.js';
import { DirectoryRefold } from './ledger/directory.refold.js';
import { FlightBatcher } from './ledger/flight.batcher.js';
import { LedgerRefold } from './ledger/ledger.refold.js';
import { LedgerWriter } from './ledger/ledger.writer.js';
import { ParcelRebuild } from './ledger/parcel.rebuild.js';
import { TouchedDays } from './ledger/touched.days.js';
import { MappingController } from './mapping/mapping.controller.js';
import { MappingService } from './mapping/mapping.service.js';
import { ParcelController } from './parcel/parcel.controller.js';
import { ParcelImport } from './parcel/parcel.import.js';
import { ParcelList } from './parcel/parcel.list.js';
import { ParcelService } from './parcel/parcel.service.js';
import { ProduceMoves } from './produce/produce.moves.js';
import { ShipmentAnnounceHandler } from './produce/shipment.announce.handler.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineService } from './quarantine/quarantine.service.js';
import { RecordIntake } from './record/record.intake.js';
import { ScanController } from './scan/scan.controller.js';
import { ScanService } from './scan/scan.service.js';
import { BagController } from './transport/bag.controller.js';
import { BagKind } from './transport/bag.kind.js';
import { BagReader } from './transport/bag.reader.js';
import { ConsignmentController } from './transport/consignment.controller.js';
import { ConsignmentKind } from './transport/consignment.kind.js';
import { ConsignmentReader } from './transport/consignment.reader.js';
import { FreightRates } from './transport/freight.rates.js';
import { HandoverController } from './transport/handover.controller.js';
import { HandoverKind } from './transport/handover.kind.js';
import { ManifestController } from './transport/manifest.controller.js';
import { ManifestKind } from './transport/manifest.kind.js';
import { ManifestReader } from './transport/manifest.reader.js';

/** Parcels: scans, carriers' pushes and files in one ledger; what they say of a parcel and what they count for. Needs the directory beside it. */
@Module({
  controllers: [
    BagController,
    ComplaintController,
    ConsignmentController,
    HandoverController,
    ManifestController,
    MappingController,
    ParcelController,
    PushController,
    QuarantineController,
    ScanController,
  ],
  providers: [
    BagKind,
    BagReader,
    ComplaintService,
    ConsignmentKind,
    ConsignmentReader,
    DirectoryRefold,
    FlightBatcher,
    FreightRates,
    HandoverKind,
    LedgerRefold,
    LedgerWriter,
    ManifestKind,
    ManifestReader,
    MappingService,
    ParcelImport,
    ParcelList,
    ParcelRebuild,
    ParcelService,
    ProduceMoves,
    PushService,
    PushSweep,
    QuarantineService,
    RecordIntake,
    ScanService,
    ShipmentAnnounceHandler,
    TouchedDays,
  ],
  exports: [ParcelRebuild, ParcelService, PushService, ScanService],
})
export class LogisticsModule {}
