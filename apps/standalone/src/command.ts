import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootApplication, loadConfig, openDatabase, StartError } from '#platform';
import { PRISMA_FOLDER } from './folders.js';
import { SERVICE_MODULES } from './services.js';

/**
 * Runs a command of an operator on the configured database, beside a running application or without one; no job of a service runs in it. Its
 * outcome is the exit code; what cannot be done is told in one line.
 */
export async function runCommand(work: (app: NestFastifyApplication) => Promise<boolean>): Promise<never> {
  let code = 1;
  try {
    const config = loadConfig();
    const database = await openDatabase(config, { join: true });
    try {
      const app = await bootApplication(
        { services: [], prismaFolder: PRISMA_FOLDER, modules: () => SERVICE_MODULES },
        config,
        database,
      );
      try {
        code = (await work(app)) ? 0 : 1;
      } finally {
        await app.close();
      }
    } finally {
      await database.stop();
    }
  } catch (error) {
    process.stderr.write(
      `${error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
  }
  process.exit(code);
}
