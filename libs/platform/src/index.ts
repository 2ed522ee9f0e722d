import { registerMessages } from './messages/messages.js';
import { PLATFORM_MESSAGES } from './messages/platform.messages.js';

registerMessages(PLATFORM_MESSAGES);

export { Audit, type AuditRecord } from './audit/audit.js';
export {
  Access,
  Authenticator,
  CurrentPrincipal,
  Public,
  SESSION_COOKIE,
  type AuthenticatedRequest,
  type Principal,
} from './auth/principal.js';
export { tokenOf } from './auth/access.guard.js';
export { Clock } from './clock/clock.js';
export { CONFIG, DEMO_PASSWORD, loadConfig, StartError, type Config } from './config/config.js';
export { Database, prismaTx, type Tx } from './database/database.js';
export { DATABASE_URL } from './database/database.url.js';
export { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from './database/embedded.postgres.js';
export { growingTables, type GrowingTable, type SchemaFile } from './database/growing.tables.js';
export { migrate, migrationScript, readSchema } from './database/migrate.js';
export { ensurePartitions } from './database/partitions.js';
export { Answers } from './http/answers.js';
export { createApplication, type ApplicationOptions } from './http/application.js';
export { DomainError, forbidden, invalid, notFound } from './http/domain.error.js';
export { fieldErrors } from './http/schema.pipe.js';
export { correlationId, runInContext } from './logging/context.js';
export { redactPhones } from './logging/logger.js';
export { languageOf, localErrors, message, registerMessages, type Language, type Messages } from './messages/messages.js';
export { Notifier } from './notify/notifier.js';
export { Outbox, type OutgoingEvent } from './outbox/outbox.js';
export { OutboxRelay } from './outbox/outbox.relay.js';
export { ProcessedEvents } from './outbox/processed.events.js';
export { JobHandler, type Handler } from './queue/job.handler.js';
export { JobQueues } from './queue/job.queues.js';
export { bootApplication, runApplication, type RunOptions } from './runtime/run.application.js';
export { openDatabase, type OpenDatabase } from './runtime/open.database.js';
export { uuidv7 } from './security/id.js';
export { SecretBox } from './security/secret.box.js';
export { readTable, readUpload, type Table, type Upload } from './table/table.reader.js';
export { sendTable, tableForm, type TableAnswer } from './table/table.writer.js';
export { PlatformModule } from './platform.module.js';
