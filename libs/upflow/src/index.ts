import { registerMessages } from '#platform';
import { UPFLOW_MESSAGES } from './upflow.messages.js';

registerMessages(UPFLOW_MESSAGES);

export { namedCategory, PRODUCE_CATEGORIES } from './product/category.table.js';
export { LotLedgerService } from './lot/lot.ledger.service.js';
export { LotRecordService } from './lot/lot.record.service.js';
export { LotService } from './lot/lot.service.js';
export { LotStock, type StockMove } from './lot/lot.stock.js';
export { LotTransformService } from './lot/lot.transform.service.js';
export { ProducerService } from './producer/producer.service.js';
export { ProductService } from './product/product.service.js';
export { ProjectService } from './project/project.service.js';
export { ReportService } from './report/report.service.js';
export { AllocationService } from './sale/allocation.service.js';
export { OrderImportService } from './sale/order.import.service.js';
export { OrderService } from './sale/order.service.js';
export { PayoutService } from './sale/payout.service.js';
export { RefundService } from './sale/refund.service.js';
export { ShipmentService } from './sale/shipment.service.js';
export { UpflowModule } from './upflow.module.js';
