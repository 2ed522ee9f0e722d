/** Sessions: log in with a password, or act with an API key; both as `Authorization: Bearer`. */
import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { RIGHTS, roleSchema } from './role.schema.js';
import { instantSchema } from './time.js';

/** With a `deviceId` the session is bound to that device: revoking the device ends it. */
export const loginSchema = z.object({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
  deviceId: z.string().min(1).max(64).optional(),
});

export const unitRefSchema = z.object({ id: idSchema, code: z.string(), name: z.string() }).meta({ id: 'UnitRef' });
export type UnitRef = z.infer<typeof unitRefSchema>;

export const meSchema = z
  .object({
    id: idSchema,
    username: z.string(),
    role: roleSchema,
    unit: unitRefSchema,
    stations: z.array(z.object({ code: z.string(), name: z.string() })),
    producerIds: z.array(idSchema).meta({ description: 'Producers that the person acts for' }),
    rights: z.array(z.enum(RIGHTS)),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

export const sessionSchema = z
  .object({ accessToken: z.string(), expiresAt: instantSchema, user: meSchema })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;
