/** Injection token of the PostgreSQL connection string: DATABASE_URL, or that of the embedded server. */
export const DATABASE_URL = Symbol('database url');
