import { v7 } from 'uuid';

/** A new UUIDv7: unique, and in order of its making. */
export const uuidv7 = (): string => v7();
