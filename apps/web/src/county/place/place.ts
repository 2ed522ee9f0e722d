/** What is looked at: unit and month, read from the address and changed through it. */
import { computed } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { periodOf, periodSchema, unitCodeSchema, type Period } from '#contracts';
import { session } from '../../shared/session/session.js';

/** Unit and month of the page, and how to go to others; call it in `setup`. */
export function usePlace() {
  const route = useRoute();
  const router = useRouter();
  const unit = computed(() => {
    const parsed = unitCodeSchema.safeParse(route.query['unit']);
    return parsed.success ? parsed.data : (session.me?.unit.code ?? '');
  });
  const period = computed<Period>(() => {
    const parsed = periodSchema.safeParse(route.query['period']);
    return parsed.success ? parsed.data : periodOf(Date.now());
  });
  /** The query of a link to another unit or month. */
  const query = (change: { unit?: string; period?: Period } = {}): LocationQueryRaw => ({
    unit: unit.value,
    period: period.value,
    ...change,
  });
  return {
    unit,
    period,
    query,
    goToPeriod: (next: Period) => router.push({ query: { ...route.query, unit: unit.value, period: next } }),
  };
}
