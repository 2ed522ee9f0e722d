/** Who is signed in. The session itself is an httpOnly cookie that pages never see. */
import { reactive } from 'vue';
import type { Me, Right, Session } from '#contracts';
import { api, ApiProblem, whenSignedOut } from '../api/api.client.js';

const KEY = 'xiangyi.me';

/** `expired` is true from the moment the server answers that it does not know the session. */
export const session = reactive({ me: undefined as Me | undefined, expired: false });

/** Whether the person may do something; the server decides again. */
export function may(right: Right): boolean {
  return session.me?.rights.includes(right) ?? false;
}

/** The app of a role. */
export function homeOf(role: Me['role']): string | undefined {
  switch (role) {
    case 'admin':
    case 'county':
    case 'town':
      return '/county/';
    case 'station':
      return '/station/';
    case 'producer':
      return '/producer/';
    case 'carrier':
      return undefined;
  }
}

/** Takes a person as signed in on this page, and remembers them on the device. */
export function adopt(me: Me): Me {
  session.me = me;
  session.expired = false;
  localStorage.setItem(KEY, JSON.stringify(me));
  return me;
}

/** Forgets who was signed in on this device. */
export function forget(): void {
  localStorage.removeItem(KEY);
  session.me = undefined;
}

/** Who the device last knew: lets a keeper go on scanning while the network is away. */
export function rememberedMe(): Me | undefined {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? 'null') as Me | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Signs in; with a `deviceId` the session ends when that device is revoked. Throws `ApiProblem` for a wrong name or password. */
export async function signIn(username: string, password: string, deviceId?: string): Promise<Me> {
  const opened = await api<Session>('/api/auth/login', { method: 'POST', body: { username, password, deviceId } });
  return adopt(opened.user);
}

/** Asks the server who is signed in; `undefined` when nobody is. Throws `NetworkFailure` when it cannot be asked. */
export async function whoAmI(): Promise<Me | undefined> {
  try {
    return adopt(await api<Me>('/api/auth/me'));
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 401) return undefined;
    throw error;
  }
}

/** The sign-in page, and the way back to where the person is. */
export function signInPath(): string {
  return `/?next=${encodeURIComponent(location.pathname + location.search)}`;
}

/** Ends the session and goes to the sign-in page. */
export async function signOut(): Promise<void> {
  await api('/api/auth/logout', { method: 'POST' });
  forget();
  location.assign('/');
}

whenSignedOut(() => {
  session.expired = true;
});
