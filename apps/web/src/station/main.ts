import { createApp } from 'vue';
import { startAppearance } from '../shared/appearance/appearance.js';
import { startLocale } from '../shared/locale/locale.js';
import '../shared/theme.css';
import '../shared/base.css';
import { openSession } from './station.session.js';
import StationApp from './StationApp.vue';
import { stationRouter } from './station.router.js';
import { watchClock } from './device/clock.skew.js';
import { flush, startOutbox } from './outbox/outbox.js';
import { startUpdates } from './sync/app.update.js';

async function start(): Promise<void> {
  startAppearance('station');
  const i18n = await startLocale(
    {
      'zh-CN': () => import('../shared/locale/messages/station.zh-CN.json'),
      en: () => import('../shared/locale/messages/station.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/stationCore.zh-CN.json'),
      en: () => import('../shared/locale/messages/stationCore.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/camera.zh-CN.json'),
      en: () => import('../shared/locale/messages/camera.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/counter.zh-CN.json'),
      en: () => import('../shared/locale/messages/counter.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/transport.zh-CN.json'),
      en: () => import('../shared/locale/messages/transport.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/stationDay.zh-CN.json'),
      en: () => import('../shared/locale/messages/stationDay.en.json'),
    },
  );
  watchClock();
  await startOutbox();
  createApp(StationApp).use(i18n).use(stationRouter).mount('#app');
  await openSession();
  void flush();
  void startUpdates();
}

void start();
