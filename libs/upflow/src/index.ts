import { registerMessages } from '#platform';
import { UPFLOW_MESSAGES } from './upflow.messages.js';

registerMessages(UPFLOW_MESSAGES);

export { namedCategory, PRODUCE_CATEGORIES } from './product/category.table.js';
export { ProducerService } from './producer/producer.service.js';
export { ProductService } from './product/product.service.js';
export { UpflowModule } from './upflow.module.js';
