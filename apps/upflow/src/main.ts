/** The upflow service on its own. */
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { DirectoryReadModule } from '#directory';
import { UpflowModule } from '#upflow';
import { runApplication } from '#platform';

await runApplication({
  services: ['upflow'],
  prismaFolder: fileURLToPath(new URL('../../../../prisma', import.meta.url)),
  modules: () => [DirectoryReadModule, UpflowModule],
});
