/** Whether the page is as narrow as a phone: tables then show fewer columns first. */
import { readonly, ref } from 'vue';

const media = window.matchMedia('(max-width: 700px)');
const matches = ref(media.matches);
media.addEventListener('change', () => (matches.value = media.matches));

export const narrow = readonly(matches);
