/** What is looked at: unit and month, read from the address and changed through it. */
import { computed } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { addMonths, periodOf, periodSchema, unitCodeSchema, type Period } from '#contracts';
import { session } from '../../shared/session/session.js';

/** Pages of collective income: accounts are of months that have closed. */
const OF_CLOSED_MONTHS = /^(income|account)/;

/** The month that a page of this name opens with. */
export function latestPeriod(page: string): Period {
  const current = periodOf(Date.now());
  return OF_CLOSED_MONTHS.test(page) ? addMonths(current, -1) : current;
}

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
    return parsed.success ? parsed.data : latestPeriod(String(route.name));
  });
  /** The query of a link to another unit or month. */
  const query = (change: { unit?: string; period?: Period } = {}): LocationQueryRaw => ({
    unit: unit.value,
    period: period.value,
    ...change,
  });
  /** The query of a link to a page of another subject: the month only when it was not simply that page's latest. */
  const queryFor = (page: string): LocationQueryRaw =>
    period.value === latestPeriod(String(route.name)) ? { unit: unit.value, period: latestPeriod(page) } : query();
  return {
    queryFor,
    unit,
    period,
    query,
    goToPeriod: (next: Period) => router.push({ query: { ...route.query, unit: unit.value, period: next } }),
  };
}
