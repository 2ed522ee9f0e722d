import { Module } from '@nestjs/common';
import { BoxLots } from './box.lots.js';
import { BoxRepository } from './box.repository.js';
import { BoxService } from './box.service.js';
import { CodeBatchController } from './code.batch.controller.js';
import { CodeBatchRepository } from './code.batch.repository.js';
import { CodeBatchService } from './code.batch.service.js';
import { CodeChangeService } from './code.change.service.js';
import { CodeController } from './code.controller.js';
import { CodeKeyController } from './code.key.controller.js';
import { CodeKeys } from './code.keys.js';
import { CodeMaker } from './code.maker.js';
import { CodeReader } from './code.reader.js';
import { CodeRepository } from './code.repository.js';
import { CodeResolver } from './code.resolver.js';
import { CodesMakeHandler } from './codes.make.handler.js';
import { LabelController } from './label/label.controller.js';
import { LabelService } from './label/label.service.js';
import { LabelSlots } from './label/label.slots.js';
import { LotAccess } from './lot.access.js';
import { ShipmentCodeService } from './shipment.code.service.js';

/** Codes: keys, batches, activation, boxes, shipments, labels. */
@Module({
  controllers: [CodeKeyController, CodeBatchController, CodeController, LabelController],
  providers: [
    CodeKeys,
    CodesMakeHandler,
    CodeMaker,
    CodeBatchRepository,
    CodeBatchService,
    CodeRepository,
    CodeReader,
    CodeResolver,
    CodeChangeService,
    BoxLots,
    BoxRepository,
    BoxService,
    ShipmentCodeService,
    LotAccess,
    LabelService,
    LabelSlots,
  ],
  exports: [CodeKeys],
})
export class CodeModule {}
