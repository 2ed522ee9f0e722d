/** The directory service on its own; it also serves the pages. */
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { DirectoryModule } from '#directory';
import { runApplication } from '#platform';

await runApplication({
  services: ['directory'],
  prismaFolder: fileURLToPath(new URL('../../../../prisma', import.meta.url)),
  webFolder: fileURLToPath(new URL('../../../web', import.meta.url)),
  modules: () => [DirectoryModule],
});
