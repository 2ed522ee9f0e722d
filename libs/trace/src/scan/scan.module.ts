import { Module } from '@nestjs/common';
import { CodeModule } from '../code/code.module.js';
import { AlertController } from './alert.controller.js';
import { AlertService } from './alert.service.js';
import { CodeScanRepository } from './code.scan.repository.js';
import { CodeScans } from './code.scans.js';
import { NetworkPlaces } from './network.places.js';
import { ScanPoints } from './scan.point.js';

/** Looks at codes, and the copies that they betray. */
@Module({
  imports: [CodeModule],
  controllers: [AlertController],
  providers: [AlertService, CodeScanRepository, CodeScans, NetworkPlaces, ScanPoints],
  exports: [CodeScans, NetworkPlaces, ScanPoints],
})
export class ScanModule {}
