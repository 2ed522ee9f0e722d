import { registerMessages } from '#platform';
import { CERTIFICATE_MESSAGES } from './certificate/certificate.messages.js';
import { CODE_MESSAGES } from './code/code.messages.js';
import { EPCIS_MESSAGES } from './epcis/epcis.messages.js';
import { RECALL_MESSAGES } from './recall/recall.messages.js';
import { SCAN_MESSAGES } from './scan/scan.messages.js';
import { TRACE_MESSAGES } from './trace.messages.js';

registerMessages(TRACE_MESSAGES);
registerMessages(CERTIFICATE_MESSAGES);
registerMessages(CODE_MESSAGES);
registerMessages(EPCIS_MESSAGES);
registerMessages(RECALL_MESSAGES);
registerMessages(SCAN_MESSAGES);

export { CodeKeys } from './code/code.keys.js';
export * from './code/code.text.js';
export { EpcisVerifier, type ChainBreak, type ChainReport } from './epcis/epcis.verifier.js';
export * from './gs1.key.js';
export { RecallRepository } from './recall/recall.repository.js';
export { CodeScanRepository } from './scan/code.scan.repository.js';
export { CodeScans } from './scan/code.scans.js';
export { measureCopies, type CopyMeasure } from './scan/copy.measure.js';
export { NetworkPlaces, type NetworkPlace } from './scan/network.places.js';
export { TraceModule } from './trace.module.js';
