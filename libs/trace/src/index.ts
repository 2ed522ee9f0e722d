import { registerMessages } from '#platform';
import { TRACE_MESSAGES } from './trace.messages.js';

registerMessages(TRACE_MESSAGES);

export * from './gs1.key.js';
export { TraceModule } from './trace.module.js';
