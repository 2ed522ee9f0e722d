/** The insight service on its own. */
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { DirectoryReadModule } from '#directory';
import { InsightModule } from '#insight';
import { runApplication } from '#platform';

await runApplication({
  services: ['insight'],
  prismaFolder: fileURLToPath(new URL('../../../../prisma', import.meta.url)),
  modules: () => [DirectoryReadModule, InsightModule],
});
