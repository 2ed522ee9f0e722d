import { createRouter, createWebHistory } from 'vue-router';
import ScanPage from './pages/ScanPage.vue';

/** The keeper's pages. Scanning is there at once; the others load when they are opened. */
export const stationRouter = createRouter({
  history: createWebHistory('/station/'),
  routes: [
    { path: '/', name: 'scan', component: ScanPage, meta: { fill: true } },
    { path: '/hand-out', name: 'hand-out', component: () => import('./pages/HandOutPage.vue'), meta: { fill: true } },
    { path: '/more', name: 'more', component: () => import('./pages/MorePage.vue') },
    { path: '/parcels/:waybill?', name: 'parcel', component: () => import('./pages/ParcelPage.vue') },
    { path: '/open-day', name: 'open-day', component: () => import('./pages/OpenDayPage.vue') },
    { path: '/accounts', name: 'accounts', component: () => import('./pages/AccountsPage.vue') },
    { path: '/queue', name: 'queue', component: () => import('./pages/QueuePage.vue') },
    { path: '/hand-over', name: 'hand-over', component: () => import('./pages/HandOverPage.vue') },
    { path: '/me', name: 'me', component: () => import('./pages/MePage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
