/** The trace service on its own. */
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { DirectoryReadModule } from '#directory';
import { TraceModule } from '#trace';
import { runApplication } from '#platform';

await runApplication({
  services: ['trace'],
  prismaFolder: fileURLToPath(new URL('../../../../prisma', import.meta.url)),
  modules: () => [DirectoryReadModule, TraceModule],
});
