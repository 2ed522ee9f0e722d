import { createApp } from 'vue';
import { startAppearance } from '../shared/appearance/appearance.js';
import { startLocale } from '../shared/locale/locale.js';
import '../shared/theme.css';
import '../shared/base.css';
import LoginPage from './LoginPage.vue';

startAppearance('login');
void startLocale({
  'zh-CN': () => import('../shared/locale/messages/login.zh-CN.json'),
  en: () => import('../shared/locale/messages/login.en.json'),
}).then((i18n) => createApp(LoginPage).use(i18n).mount('#app'));
