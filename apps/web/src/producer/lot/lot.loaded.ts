/** A lot with its certificate and codes, as the pages of one lot need them. */
import { computed } from 'vue';
import { useRoute } from 'vue-router';
import { batchesOf } from '../../shared/api/code.api.js';
import { certificateOf, lotOf } from '../../shared/api/produce.api.js';
import { recallList } from '../../shared/api/trace.api.js';
import { useLoaded } from '../../shared/list/loaded.js';

/** Loads the lot that the address names; call it in `setup`. */
export function useLot() {
  const route = useRoute();
  const id = computed(() => String(route.params['id'] ?? ''));
  const loaded = useLoaded(
    () => id.value,
    async () => {
      const [lot, certificate, batches, recalls] = await Promise.all([
        lotOf(id.value),
        certificateOf(id.value),
        batchesOf(id.value),
        recallList({ open: 'true', limit: 200 }),
      ]);
      const recall = recalls.items.find((entry) => entry.lot.id === id.value);
      return { lot, certificate, batches, recall };
    },
  );
  return { id, ...loaded };
}
