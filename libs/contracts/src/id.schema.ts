import { z } from 'zod';

/**
 * An id: a UUID, in lower case as the database answers it, however a client wrote it. So the same id sent again is the same text.
 */
export const idSchema = z.uuid().toLowerCase();
