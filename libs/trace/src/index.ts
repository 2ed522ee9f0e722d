import { registerMessages } from '#platform';
import { CODE_MESSAGES } from './code/code.messages.js';
import { EPCIS_MESSAGES } from './epcis/epcis.messages.js';
import { RECALL_MESSAGES } from './recall/recall.messages.js';
import { TRACE_MESSAGES } from './trace.messages.js';

registerMessages(TRACE_MESSAGES);
registerMessages(CODE_MESSAGES);
registerMessages(EPCIS_MESSAGES);
registerMessages(RECALL_MESSAGES);

export { CodeKeys } from './code/code.keys.js';
export * from './code/code.text.js';
export { EpcisVerifier, type ChainBreak, type ChainReport } from './epcis/epcis.verifier.js';
export * from './gs1.key.js';
export { RecallRepository } from './recall/recall.repository.js';
export { TraceModule } from './trace.module.js';
