import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows a request from its arrival through the outbox into the jobs that it causes. */
export interface WorkContext {
  correlationId: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** Runs `work` with a context that every log line and outbox message inside it carries. */
export const runInContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);

/** Gives the rest of the present asynchronous flow a context. */
export const enterContext = (context: WorkContext): void => storage.enterWith(context);

/** The correlation id of the work in hand; empty outside of any. */
export const correlationId = (): string => storage.getStore()?.correlationId ?? '';
