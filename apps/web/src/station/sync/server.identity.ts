/** Whether the server takes this browser for the person who works here: nobody's entries go out under another person's name. */
import type { Me } from '#contracts';
import { api, ApiProblem } from '../../shared/api/api.client.js';

/** `refused`: nobody is signed in by the server's book, or this device is not to be used any more. */
export type Identity = { kind: 'same'; me: Me } | { kind: 'other' } | { kind: 'refused' } | { kind: 'unreachable' };

let confirmed = '';
/** How often what the server said was put in doubt: an answer to a question of before a doubt confirms nobody. */
let doubts = 0;
let asking: { userId: string; answer: Promise<Identity> } | undefined;

async function ask(userId: string): Promise<Identity> {
  const asked = doubts;
  try {
    const me = await api<Me>('/api/auth/me');
    if (me.id !== userId) return { kind: 'other' };
    if (asked === doubts) confirmed = userId;
    return { kind: 'same', me };
  } catch (error) {
    const status = error instanceof ApiProblem ? error.problem.status : 0;
    return status === 401 || status === 403 ? { kind: 'refused' } : { kind: 'unreachable' };
  }
}

/** Asks the server who is signed in; calls at the same time share the answer. Changes nothing on the phone. */
export function identityOf(userId: string): Promise<Identity> {
  if (asking?.userId !== userId) {
    const answer = ask(userId).finally(() => (asking = undefined));
    asking = { userId, answer };
  }
  return asking.answer;
}

/** Whether the server has said on this page that it is this person, and has not refused since. */
export const isConfirmed = (userId: string): boolean => confirmed === userId;

/** What the server said holds no longer: somebody signs in, or a request was refused. */
export function doubtIdentity(): void {
  confirmed = '';
  doubts += 1;
}
