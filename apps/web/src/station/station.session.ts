/** A keeper's visit: who is signed in, and at which station. Works with what the phone remembers while the network is away. */
import { computed, ref } from 'vue';
import { rememberedMe, session, signInPath, whoAmI } from '../shared/session/session.js';

const KEY = 'xiangyi.station';
const chosen = ref(localStorage.getItem(KEY) ?? '');

/** The station that scans are made at; `undefined` for staff of a sorting centre. */
export const station = computed(() => {
  const stations = session.me?.stations ?? [];
  return stations.find((entry) => entry.code === chosen.value) ?? stations[0];
});

/** Works at another of the person's stations. */
export function chooseStation(code: string): void {
  chosen.value = code;
  localStorage.setItem(KEY, code);
}

/** Finds out who is signed in; goes to the sign-in page when nobody is. Resolves to whether the app may start. */
export async function openSession(): Promise<boolean> {
  try {
    if (await whoAmI()) return true;
  } catch {
    session.me = rememberedMe();
    if (session.me) return true;
  }
  location.replace(signInPath());
  return false;
}
