/** `npm run build`: what `npm start` builds, without starting it. */
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt().catch((error) => fail(error.message));
