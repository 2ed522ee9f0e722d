import { Module } from '@nestjs/common';
import { PushController } from './carrier/push.controller.js';
import { PushService } from './carrier/push.service.js';
import { PushSweep } from './carrier/push.sweep.js';
import { ClosingController } from './closing/closing.controller.js';
import { ClosingKind } from './closing/closing.kind.js';
import { StationDays } from './closing/station.days.js';
import { ComplaintController } from './complaint/complaint.controller.js';
import { ComplaintService } from './complaint/complaint.service.js';
import { FeeController } from './fee/fee.controller.js';
import { FeeRateService } from './fee/fee.rate.service.js';
import { FeeService } from './fee/fee.service.js';
import { DirectoryRefold } from './ledger/directory.refold.js';
import { FlightBatcher } from './ledger/flight.batcher.js';
import { LedgerRefold } from './ledger/ledger.refold.js';
import { LedgerWriter } from './ledger/ledger.writer.js';
import { ParcelRebuild } from './ledger/parcel.rebuild.js';
import { TouchedDays } from './ledger/touched.days.js';
import { MappingController } from './mapping/mapping.controller.js';
import { MappingService } from './mapping/mapping.service.js';
import { NoticeController } from './notice/notice.controller.js';
import { NoticeDue } from './notice/notice.due.js';
import { NoticeSendHandler } from './notice/notice.send.handler.js';
import { NoticeSender } from './notice/notice.sender.js';
import { NoticeService } from './notice/notice.service.js';
import { NoticeSweep } from './notice/notice.sweep.js';
import { RawReport } from './notice/raw.report.js';
import { RecipientPurge } from './notice/recipient.purge.js';
import { noticeGateway } from './notice/webhook.gateway.js';
import { ParcelController } from './parcel/parcel.controller.js';
import { ParcelImport } from './parcel/parcel.import.js';
import { ParcelList } from './parcel/parcel.list.js';
import { ParcelService } from './parcel/parcel.service.js';
import { ProduceMoves } from './produce/produce.moves.js';
import { ShipmentAnnounceHandler } from './produce/shipment.announce.handler.js';
import { ProofController } from './proof/proof.controller.js';
import { ProofKind } from './proof/proof.kind.js';
import { ProofService } from './proof/proof.service.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineService } from './quarantine/quarantine.service.js';
import { ConsentService } from './recipient/consent.service.js';
import { RecipientController } from './recipient/recipient.controller.js';
import { RecipientKind } from './recipient/recipient.kind.js';
import { RecordIntake } from './record/record.intake.js';
import { ScanController } from './scan/scan.controller.js';
import { ScanService } from './scan/scan.service.js';
import { ShelfController } from './shelf/shelf.controller.js';
import { ShelfService } from './shelf/shelf.service.js';
import { StocktakeController } from './stocktake/stocktake.controller.js';
import { StocktakeKind } from './stocktake/stocktake.kind.js';
import { StocktakeService } from './stocktake/stocktake.service.js';
import { BagController } from './transport/bag.controller.js';
import { BagKind } from './transport/bag.kind.js';
import { BagReader } from './transport/bag.reader.js';
import { CargoRows } from './transport/cargo.rows.js';
import { ConsignmentController } from './transport/consignment.controller.js';
import { ConsignmentKind } from './transport/consignment.kind.js';
import { ConsignmentReader } from './transport/consignment.reader.js';
import { ConsignmentSweep } from './transport/consignment.sweep.js';
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
    ClosingController,
    ComplaintController,
    ConsignmentController,
    FeeController,
    HandoverController,
    ManifestController,
    MappingController,
    NoticeController,
    ParcelController,
    ProofController,
    PushController,
    QuarantineController,
    RecipientController,
    ScanController,
    ShelfController,
    StocktakeController,
  ],
  providers: [
    BagKind,
    CargoRows,
    BagReader,
    ClosingKind,
    ComplaintService,
    ConsentService,
    ConsignmentKind,
    ConsignmentReader,
    ConsignmentSweep,
    DirectoryRefold,
    FeeRateService,
    FeeService,
    FlightBatcher,
    FreightRates,
    HandoverKind,
    LedgerRefold,
    LedgerWriter,
    ManifestKind,
    ManifestReader,
    MappingService,
    NoticeDue,
    noticeGateway,
    NoticeSender,
    NoticeSendHandler,
    NoticeService,
    NoticeSweep,
    ParcelImport,
    ParcelList,
    ParcelRebuild,
    ParcelService,
    ProduceMoves,
    ProofKind,
    ProofService,
    PushService,
    PushSweep,
    QuarantineService,
    RawReport,
    RecipientKind,
    RecipientPurge,
    RecordIntake,
    ScanService,
    ShelfService,
    ShipmentAnnounceHandler,
    StationDays,
    StocktakeKind,
    StocktakeService,
    TouchedDays,
  ],
  exports: [ParcelRebuild, ParcelService, PushService, ScanService],
})
export class LogisticsModule {}
