/** Roles and the rights that each one holds. A user acts inside one unit of the tree and everything below it. */
import { z } from 'zod';

/** `carrier` is the role of an API key: a carrier or a county system that posts events for its unit. */
export const ROLES = ['admin', 'county', 'town', 'station', 'producer', 'carrier'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

export const RIGHTS = [
  'scan:write',
  'parcel:read',
  'parcel:import',
  'mapping:write',
  'quarantine:release',
  'complaint:write',
  'complaint:decide',
  'coverage:read',
  'income:read',
  'income:enter',
  'income:approve',
  'produce:read',
  'produce:write',
  'directory:read',
  'directory:write',
  'suspension:request',
  'suspension:approve',
  'user:write',
  'personal:unmask',
  'operations:read',
] as const;
export type Right = (typeof RIGHTS)[number];

/** The one table of who may do what; guards and the web both read it. */
export const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  admin: RIGHTS,
  county: [
    'scan:write',
    'parcel:read',
    'parcel:import',
    'mapping:write',
    'quarantine:release',
    'complaint:write',
    'complaint:decide',
    'coverage:read',
    'income:read',
    'income:approve',
    'produce:read',
    'produce:write',
    'directory:read',
    'directory:write',
    'suspension:request',
    'suspension:approve',
  ],
  town: [
    'scan:write',
    'parcel:read',
    'complaint:write',
    'coverage:read',
    'income:read',
    'income:enter',
    'income:approve',
    'produce:read',
    'produce:write',
    'directory:read',
    'suspension:request',
  ],
  station: [
    'scan:write',
    'parcel:read',
    'complaint:write',
    'coverage:read',
    'income:read',
    'income:enter',
    'produce:read',
    'produce:write',
    'directory:read',
  ],
  producer: ['produce:read', 'produce:write', 'directory:read'],
  carrier: ['scan:write', 'parcel:read', 'parcel:import'],
};
