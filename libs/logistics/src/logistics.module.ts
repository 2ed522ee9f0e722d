import { Module } from '@nestjs/common';
import { FlightBatcher } from './ledger/flight.batcher.js';
import { LedgerWriter } from './ledger/ledger.writer.js';
import { ScanController } from './scan/scan.controller.js';
import { ScanService } from './scan/scan.service.js';

/** Parcels: scans, carriers' pushes and imports in one ledger; what they say of a parcel and what they count for. */
@Module({
  controllers: [ScanController],
  providers: [FlightBatcher, LedgerWriter, ScanService],
  exports: [LedgerWriter, ScanService],
})
export class LogisticsModule {}
