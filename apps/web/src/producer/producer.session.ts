/** A producer's visit: who is signed in, and for whom the person acts. Works with what the phone remembers while the network is away. */
import { computed } from 'vue';
import { rememberedMe, session, signInPath, whoAmI } from '../shared/session/session.js';

/** Producers that the person acts for. A phone may remember a person from before it knew of producers. */
export const producerIds = computed<readonly string[]>(() => session.me?.producerIds ?? []);

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
