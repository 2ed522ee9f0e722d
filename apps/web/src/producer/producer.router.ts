import { createRouter, createWebHistory } from 'vue-router';
import LotsPage from './pages/LotsPage.vue';

/** The producer's pages; `meta.tab` is the tab that a page belongs to. The list of lots is there at once, the others load when they are opened. */
export const producerRouter = createRouter({
  history: createWebHistory('/producer/'),
  routes: [
    { path: '/', name: 'lots', component: LotsPage, meta: { tab: 'lots' } },
    { path: '/harvest', name: 'harvest', component: () => import('./pages/HarvestPage.vue'), meta: { tab: 'lots' } },
    { path: '/lots/:id', name: 'lot', component: () => import('./pages/LotPage.vue'), meta: { tab: 'lots' } },
    { path: '/lots/:id/test', name: 'lot-test', component: () => import('./pages/LotTestPage.vue'), meta: { tab: 'lots' } },
    {
      path: '/lots/:id/certificate',
      name: 'lot-certificate',
      component: () => import('./pages/CertificatePage.vue'),
      meta: { tab: 'lots' },
    },
    { path: '/lots/:id/codes', name: 'lot-codes', component: () => import('./pages/CodesPage.vue'), meta: { tab: 'lots' } },
    {
      path: '/lots/:id/transform',
      name: 'lot-transform',
      component: () => import('./pages/TransformPage.vue'),
      meta: { tab: 'lots' },
    },
    { path: '/products/new', name: 'product', component: () => import('./pages/ProductPage.vue'), meta: { tab: 'me' } },
    { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue'), meta: { tab: 'orders' } },
    {
      path: '/orders/import',
      name: 'order-import',
      component: () => import('./pages/OrderImportPage.vue'),
      meta: { tab: 'orders' },
    },
    { path: '/orders/:id', name: 'order', component: () => import('./pages/OrderPage.vue'), meta: { tab: 'orders' } },
    { path: '/payouts', name: 'payouts', component: () => import('./pages/PayoutsPage.vue'), meta: { tab: 'payouts' } },
    { path: '/payouts/:id', name: 'payout', component: () => import('./pages/PayoutPage.vue'), meta: { tab: 'payouts' } },
    { path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { tab: 'me' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
