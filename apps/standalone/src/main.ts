/** Every service in one process: what `npm start` runs. */
import 'reflect-metadata';
import { SERVICES } from '#contracts';
import { runApplication, type Config } from '#platform';
import { demoIsLoaded, loadDemo } from '../../../prisma/seed/index.js';
import { demoCodeLink } from './demo.code.js';
import { DEMO_LOGINS, DemoModule } from './demo.module.js';
import { PRISMA_FOLDER, WEB_FOLDER } from './folders.js';
import { SERVICE_MODULES } from './services.js';

/** What a consumer opens, found when the demo county is there. */
let sampleCode: string | undefined;

await runApplication({
  services: SERVICES,
  prismaFolder: PRISMA_FOLDER,
  webFolder: WEB_FOLDER,
  modules: () => [...SERVICE_MODULES, DemoModule],
  async prepare(app, config, say) {
    if (!config.DEMO) return;
    if (!(await demoIsLoaded(app))) await loadDemo(app, { today: new Date(), onProgress: say });
    sampleCode = await demoCodeLink(app, config.PUBLIC_BASE_URL);
  },
  welcome,
});

function welcome(config: Config): string[] {
  const base = config.PUBLIC_BASE_URL;
  const pages = [
    `  county    ${base}/county/`,
    `  station   ${base}/station/`,
    `  producer  ${base}/producer/`,
    ...(sampleCode ? [`  a code    ${sampleCode}`] : []),
    `  API       ${base}/api/docs`,
  ];
  const logins = config.DEMO ? [`  logins    ${DEMO_LOGINS.join(', ')}   password: ${config.DEMO_PASSWORD}`] : [];
  return ['', 'Xiangyi 乡驿 is running.', ...pages, ...logins, '  Ctrl-C stops it.', ''];
}
