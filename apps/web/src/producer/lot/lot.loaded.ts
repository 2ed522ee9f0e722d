/** A lot with its certificate and codes, as the pages of one lot need them. */
import { computed } from 'vue';
import { useRoute } from 'vue-router';
import { batchesOf } from '../../shared/api/code.api.js';
import { certificateOf, lotOf } from '../../shared/api/produce.api.js';
import { useLoaded } from '../../shared/list/loaded.js';

/** Loads the lot that the address names; call it in `setup`. */
export function useLot() {
  const route = useRoute();
  const id = computed(() => String(route.params['id'] ?? ''));
  const loaded = useLoaded(
    () => id.value,
    async () => {
      const [lot, certificate, batches] = await Promise.all([lotOf(id.value), certificateOf(id.value), batchesOf(id.value)]);
      return { lot, certificate, batches };
    },
  );
  return { id, ...loaded };
}
