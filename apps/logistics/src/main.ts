/** The logistics service on its own. */
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { DirectoryReadModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { runApplication } from '#platform';

await runApplication({
  services: ['logistics'],
  prismaFolder: fileURLToPath(new URL('../../../../prisma', import.meta.url)),
  modules: () => [DirectoryReadModule, LogisticsModule],
});
