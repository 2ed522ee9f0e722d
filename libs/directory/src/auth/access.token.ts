import { createHash, randomBytes } from 'node:crypto';

/** What an API key begins with, so that one that leaks can be recognised. */
export const API_KEY_PREFIX = 'xyk_';

/** A new opaque token of 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');
/** A new API key. */
export const newApiKey = (): string => API_KEY_PREFIX + newToken();
/** What is stored of a token: its SHA-256. The token has all its entropy itself, so it needs no salt. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
