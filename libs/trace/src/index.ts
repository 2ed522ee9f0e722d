import { registerMessages } from '#platform';
import { CODE_MESSAGES } from './code/code.messages.js';
import { TRACE_MESSAGES } from './trace.messages.js';

registerMessages(TRACE_MESSAGES);
registerMessages(CODE_MESSAGES);

export { CodeKeys } from './code/code.keys.js';
export * from './code/code.text.js';
export * from './gs1.key.js';
export { TraceModule } from './trace.module.js';
