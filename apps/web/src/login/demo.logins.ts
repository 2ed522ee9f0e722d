/** The demo county's logins as the server tells them, and where a person may be sent after signing in. */
import { ROLES, type Role } from '#contracts';

export interface DemoLogin {
  username: string;
  password: string;
  role: Role;
}

/** Reads `GET /api/demo`; anything unexpected gives no logins. */
export function demoLoginsOf(answer: unknown): DemoLogin[] {
  if (typeof answer !== 'object' || answer === null || !('logins' in answer) || !Array.isArray(answer.logins)) return [];
  const shared = 'password' in answer && typeof answer.password === 'string' ? answer.password : undefined;
  return answer.logins.flatMap((entry: unknown) => {
    const {
      username,
      password = shared,
      role = username,
    } = (typeof entry === 'string' ? { username: entry } : entry) as Record<string, unknown>;
    if (typeof username !== 'string' || typeof password !== 'string') return [];
    const known = ROLES.find((name) => name === role);
    return known ? [{ username, password, role: known }] : [];
  });
}

/** The page to go back to, when it is one of this site's apps: never another site. */
export function safeNext(next: string | null): string | undefined {
  return next && /^\/(station|county)(\/|$)/.test(next) ? next : undefined;
}
