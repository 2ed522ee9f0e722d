/** The top-level resources of the EPCIS 2.0 REST interface (section 12.3) that a query answers without reading the whole log. Pure. */
import { z } from 'zod';
import { EPCIS_CONTEXT, BIZ_STEPS, DISPOSITIONS, EVENT_TYPES } from './epcis.schema.js';
import type { EpcisQuery } from './epcis.query.js';

/** A resource: what its members are, when they are a closed list of the standard, and which query its events are. */
interface TopResource {
  /** Names of the standard; `undefined` where the log alone knows the members. */
  readonly members?: readonly string[];
  readonly query: keyof EpcisQuery;
}

/** Each resource by its name in a path. */
export const TOP_RESOURCES: Readonly<Record<TopResourceName, TopResource>> = {
  eventTypes: { members: EVENT_TYPES, query: 'eventType' },
  bizSteps: { members: BIZ_STEPS, query: 'EQ_bizStep' },
  dispositions: { members: DISPOSITIONS, query: 'EQ_disposition' },
  bizLocations: { query: 'EQ_bizLocation' },
  readPoints: { query: 'EQ_readPoint' },
  epcs: { query: 'MATCH_anyEPC' },
};
export const TOP_RESOURCE_NAMES = ['eventTypes', 'bizSteps', 'dispositions', 'bizLocations', 'readPoints', 'epcs'] as const;
export type TopResourceName = (typeof TOP_RESOURCE_NAMES)[number];

export const resourceCollectionSchema = z
  .object({ '@context': z.string(), type: z.literal('Collection'), member: z.array(z.string()) })
  .meta({ id: 'EpcisCollection' });
/** Names as a collection of the interface. */
export type ResourceCollection = z.infer<typeof resourceCollectionSchema>;

/** The resource of a name; `undefined` when there is none. */
export const topResourceOf = (name: string): TopResourceName | undefined =>
  TOP_RESOURCE_NAMES.find((resource) => resource === name);

/** A collection of names. */
export const collectionOf = (member: readonly string[]): ResourceCollection => ({
  '@context': EPCIS_CONTEXT,
  type: 'Collection',
  member: [...member],
});

/** The members of a resource; `undefined` for one whose members the log alone knows. */
export const membersOf = (name: TopResourceName): readonly string[] | undefined => TOP_RESOURCES[name].members;

/** Whether a resource may have a member: of the standard's lists these, else any name. */
export const mayBeMember = (name: TopResourceName, value: string): boolean =>
  TOP_RESOURCES[name].members?.includes(value) ?? value !== '';
