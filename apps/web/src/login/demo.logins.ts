/** The demo county's logins as the server tells them, and where a person may be sent after signing in. */
import { ROLES, type Role } from '#contracts';

export interface DemoLogin {
  username: string;
  role: Role;
  /** Absent when the county's demo has a password of its own: the person types it. */
  password?: string;
}

/** Reads `GET /api/demo`; anything unexpected gives no logins. The demo's logins bear the names of their roles. */
export function demoLoginsOf(answer: unknown): DemoLogin[] {
  if (typeof answer !== 'object' || answer === null || !('logins' in answer) || !Array.isArray(answer.logins)) return [];
  const password = 'password' in answer && typeof answer.password === 'string' ? answer.password : undefined;
  return answer.logins.flatMap((username: unknown) => {
    const role = ROLES.find((name) => name === username);
    return role ? [{ username: role, role, ...(password && { password }) }] : [];
  });
}

/** The page to go back to, when it is one of this site's apps: never another site. */
export function safeNext(next: string | null): string | undefined {
  return next && /^\/(station|county|producer)(\/|$)/.test(next) ? next : undefined;
}
