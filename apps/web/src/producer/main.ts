import { createApp } from 'vue';
import { startAppearance } from '../shared/appearance/appearance.js';
import { startLocale } from '../shared/locale/locale.js';
import '../shared/theme.css';
import '../shared/base.css';
import './producer.css';
import { startSending } from './harvest/harvest.sender.js';
import ProducerApp from './ProducerApp.vue';
import { producerRouter } from './producer.router.js';
import { openSession } from './producer.session.js';

async function start(): Promise<void> {
  startAppearance('producer');
  const i18n = await startLocale(
    {
      'zh-CN': () => import('../shared/locale/messages/produce.zh-CN.json'),
      en: () => import('../shared/locale/messages/produce.en.json'),
    },
    {
      'zh-CN': () => import('../shared/locale/messages/producer.zh-CN.json'),
      en: () => import('../shared/locale/messages/producer.en.json'),
    },
  );
  if (!(await openSession())) return;
  startSending();
  createApp(ProducerApp).use(i18n).use(producerRouter).mount('#app');
}

void start();
