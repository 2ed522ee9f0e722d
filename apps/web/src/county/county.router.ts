import { createRouter, createWebHistory } from 'vue-router';
import CoveragePage from './pages/CoveragePage.vue';
import { traceRoutes } from './trace/trace.routes.js';

/** The county's pages. The query holds the unit and the month, so that an address says exactly what is looked at. */
export const countyRouter = createRouter({
  history: createWebHistory('/county/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', redirect: '/coverage' },
    { path: '/coverage', name: 'coverage', component: CoveragePage },
    {
      path: '/coverage/:metric/evidence',
      name: 'coverage-evidence',
      component: () => import('./pages/CoverageEvidencePage.vue'),
    },
    { path: '/income', name: 'income', component: () => import('./pages/IncomePage.vue') },
    { path: '/income/evidence', name: 'income-evidence', component: () => import('./pages/IncomeEvidencePage.vue') },
    { path: '/sales', name: 'sales', component: () => import('./pages/SalesPage.vue') },
    { path: '/sales/evidence', name: 'sales-evidence', component: () => import('./pages/SalesEvidencePage.vue') },
    { path: '/accounts', name: 'accounts', component: () => import('./pages/AccountsPage.vue') },
    { path: '/accounts/:village', name: 'account', component: () => import('./pages/AccountPage.vue') },
    { path: '/parcels/:waybill?', name: 'parcel', component: () => import('./pages/ParcelPage.vue') },
    ...traceRoutes,
    { path: '/:rest(.*)*', redirect: '/coverage' },
  ],
});
