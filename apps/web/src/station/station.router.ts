import { createRouter, createWebHistory } from 'vue-router';
import ScanPage from './pages/ScanPage.vue';

/** The keeper's pages. Scanning is there at once; the others load when they are opened. */
export const stationRouter = createRouter({
  history: createWebHistory('/station/'),
  routes: [
    { path: '/', name: 'scan', component: ScanPage, meta: { fill: true } },
    { path: '/hand-out', name: 'hand-out', component: () => import('./pages/HandOutPage.vue'), meta: { fill: true } },
    { path: '/send', name: 'send', component: () => import('./pages/SendPage.vue') },
    { path: '/send/label/:waybill', name: 'send-label', component: () => import('./pages/SendLabelPage.vue') },
    { path: '/transport/:code?', name: 'transport', component: () => import('./pages/TransportPage.vue') },
    { path: '/bag', name: 'bag', component: () => import('./pages/BagPage.vue') },
    { path: '/manifest', name: 'manifest', component: () => import('./pages/ManifestPage.vue') },
    { path: '/certificates/:number?', name: 'certificate', component: () => import('./pages/CertificatePage.vue') },
    { path: '/more', name: 'more', component: () => import('./pages/MorePage.vue') },
    { path: '/parcels/:waybill?', name: 'parcel', component: () => import('./pages/ParcelPage.vue') },
    { path: '/open-day', name: 'open-day', component: () => import('./pages/OpenDayPage.vue') },
    { path: '/accounts', name: 'accounts', component: () => import('./pages/AccountsPage.vue') },
    { path: '/queue', name: 'queue', component: () => import('./pages/QueuePage.vue') },
    { path: '/hand-over', name: 'hand-over', component: () => import('./pages/HandOverPage.vue') },
    { path: '/me', name: 'me', component: () => import('./pages/MePage.vue') },
    { path: '/shelf', name: 'shelf', component: () => import('./pages/ShelfPage.vue') },
    { path: '/overdue', name: 'overdue', component: () => import('./pages/OverduePage.vue') },
    { path: '/stocktake', name: 'stocktake', component: () => import('./pages/StocktakePage.vue') },
    { path: '/notices', name: 'notices', component: () => import('./pages/NoticesPage.vue') },
    { path: '/day', name: 'day', component: () => import('./pages/DayPage.vue') },
    { path: '/fees', name: 'fees', component: () => import('./pages/FeesPage.vue') },
    { path: '/complaints', name: 'complaints', component: () => import('./pages/ComplaintsPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
