import { fileURLToPath } from 'node:url';

/** The project's folder: this file runs from dist/apps/standalone/src. */
const root = new URL('../../../../', import.meta.url);

/** Folder with the Prisma schema and the migrations. */
export const PRISMA_FOLDER = fileURLToPath(new URL('prisma', root));
/** Folder of the built web pages. */
export const WEB_FOLDER = fileURLToPath(new URL('dist/web', root));
