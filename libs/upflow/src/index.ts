import { registerMessages } from '#platform';
import { UPFLOW_MESSAGES } from './upflow.messages.js';

registerMessages(UPFLOW_MESSAGES);

export { namedCategory, PRODUCE_CATEGORIES } from './category.table.js';
export { ProducerService } from './producer.service.js';
export { ProductService } from './product.service.js';
export { UpflowModule } from './upflow.module.js';
