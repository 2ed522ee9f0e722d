import { createApp } from 'vue';
import { startAppearance } from '../shared/appearance/appearance.js';
import { startLocale } from '../shared/locale/locale.js';
import { signInPath, whoAmI } from '../shared/session/session.js';
import 'element-plus/theme-chalk/base.css';
import '../shared/theme.css';
import '../shared/base.css';
import CountyApp from './CountyApp.vue';
import { countyRouter } from './county.router.js';
import OutOfReach from './OutOfReach.vue';

async function start(): Promise<void> {
  startAppearance('county');
  const i18n = await startLocale(
    {
      'zh-CN': () => import('../shared/locale/messages/county.zh-CN.json'),
      en: () => import('../shared/locale/messages/county.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/produce.zh-CN.json'),
      en: () => import('../shared/locale/messages/produce.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/trace.zh-CN.json'),
      en: () => import('../shared/locale/messages/trace.en.json'),
    },
  );
  try {
    if (!(await whoAmI())) return location.replace(signInPath());
  } catch (error) {
    createApp(OutOfReach, { error }).use(i18n).mount('#app');
    return;
  }
  createApp(CountyApp).use(i18n).use(countyRouter).mount('#app');
}

void start();
