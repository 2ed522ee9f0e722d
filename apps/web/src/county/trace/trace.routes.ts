/** Addresses of the pages of produce and tracing. */
import type { RouteRecordRaw } from 'vue-router';

export const traceRoutes: readonly RouteRecordRaw[] = [
  { path: '/trace', name: 'trace', component: () => import('./LotsPage.vue') },
  { path: '/trace/lots/:id', name: 'trace-lot', component: () => import('./LotPage.vue') },
  { path: '/trace/import', name: 'trace-import', component: () => import('./ImportPage.vue') },
  { path: '/trace/alerts', name: 'trace-alerts', component: () => import('./AlertsPage.vue') },
  { path: '/trace/recalls', name: 'trace-recalls', component: () => import('./RecallsPage.vue') },
  { path: '/trace/recalls/:id', name: 'trace-recall', component: () => import('./RecallPage.vue') },
];
