import { registerMessages } from '#platform';
import { LOGISTICS_MESSAGES } from './messages.js';

registerMessages(LOGISTICS_MESSAGES);

export { ScanService } from './scan/scan.service.js';
export { LogisticsModule } from './logistics.module.js';
