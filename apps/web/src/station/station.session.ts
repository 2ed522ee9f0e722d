/** A keeper's visit: who is signed in, and at which station. Works with what the phone remembers while the network is away. */
import { computed, reactive, ref } from 'vue';
import { api, ApiProblem, whenRefused } from '../shared/api/api.client.js';
import { adopt, forget, rememberedMe, session, signIn, whoAmI } from '../shared/session/session.js';
import { deviceId } from '../shared/session/device.id.js';
import { link } from './outbox/outbox.js';
import { knowBy, knowBySession, leave, remember, resume, unlock } from './session/key.ring.js';
import { LEFT_KEY } from './session/left.note.js';
import { doubtIdentity, identityOf } from './sync/server.identity.js';
import { closeVault, vault } from './vault/vault.js';

const KEY = 'xiangyi.station';
const chosen = ref(localStorage.getItem(KEY) ?? '');

/** Whether the app is open to somebody. `asking`: the sign-in form is shown; `checking`: not known yet. */
export const visit = reactive<{ state: 'checking' | 'asking' | 'open'; username: string }>({ state: 'checking', username: '' });

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

/** Finds out who is signed in: from the phone at once, else from the server; else the sign-in form asks. Never waits for a dead network. */
export async function openSession(): Promise<void> {
  whenRefused((problem) => {
    if (problem.code === 'device_revoked') link.revoked = true;
  });
  window.addEventListener('storage', (event) => {
    // Another page signed out, or somebody else in: nothing of this person stays here.
    if (event.key === 'xiangyi.me' && rememberedMe()?.id !== session.me?.id) location.reload();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && visit.state === 'open' && vault.isOpen) void askAfterHours();
  });
  const known = rememberedMe();
  visit.username = known?.username ?? '';
  const me = await resume().catch(() => undefined);
  if (me) {
    adopt(me);
    visit.state = 'open';
    void check();
  } else await ask();
}

/** A phone that was taken up again after twelve hours asks for the password; what waits stays. */
async function askAfterHours(): Promise<void> {
  const me = await resume();
  if (me) return;
  closeVault();
  visit.state = 'asking';
}

/** Nobody is known here: the server may know the browser's session. The form is there meanwhile. */
async function ask(): Promise<void> {
  if (!(await endFormer())) {
    visit.state = 'asking';
    return;
  }
  const late = setTimeout(() => (visit.state = 'asking'), 1500);
  const me = await whoAmI().catch(() => (vault.isPossible ? undefined : rememberedMe()));
  clearTimeout(late);
  if (visit.state === 'open') return;
  const known = me && (await knowBySession(me).catch(() => true));
  session.me = known ? me : undefined;
  visit.state = known ? 'open' : 'asking';
}

/** Ends the server's session of somebody who signed out without a network. False while that cannot be done. */
async function endFormer(): Promise<boolean> {
  if (!localStorage.getItem(LEFT_KEY)) return true;
  try {
    await api('/api/auth/logout', { method: 'POST', timeoutMs: 5000 });
  } catch (error) {
    if (!(error instanceof ApiProblem)) return false;
  }
  localStorage.removeItem(LEFT_KEY);
  session.expired = false;
  return true;
}

/** Asks the server in the background what the phone took for granted. A session that has ended shows as such; nothing is lost. */
async function check(): Promise<void> {
  const { me } = session;
  const identity = me && (await identityOf(me.id));
  // Where the browser's session is another person's, who works here is who gave the password.
  if (identity?.kind === 'other') session.expired = true;
  if (identity?.kind === 'same') await remember(adopt(identity.me)).catch(() => undefined);
}

/** How a sign-in ended. */
export type SignedIn =
  { kind: 'open' } | { kind: 'offline' } | { kind: 'unknown' } | { kind: 'wrong' } | { kind: 'wait'; ms: number };

/**
 * Signs in by the server, or by what this phone knows when the server is out of reach. `offline`: signed in by the phone alone.
 * Throws `ApiProblem` for what the server refuses.
 */
export async function enter(username: string, password: string): Promise<SignedIn> {
  try {
    await endFormer();
    doubtIdentity();
    const me = await signIn(username.trim(), password, deviceId());
    // Until here the server may have confirmed who worked here before.
    doubtIdentity();
    await knowBy(me, password).catch(() => undefined);
    visit.state = 'open';
    return { kind: 'open' };
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
  }
  const unlocked = await unlock(username, password);
  if (unlocked.kind !== 'open') return unlocked;
  adopt(unlocked.me);
  visit.state = 'open';
  return { kind: 'offline' };
}

/** Signs out on this phone; `unsent`: something is still in the outbox, and its sealed part stays for this person. */
export async function exit(unsent: boolean): Promise<void> {
  const userId = session.me?.id;
  localStorage.setItem(LEFT_KEY, '1');
  if (userId) await leave(userId, unsent);
  await endFormer();
  forget();
  location.assign('/station/');
}
