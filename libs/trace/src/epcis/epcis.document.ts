/** Documents around events (GS1 EPCIS 2.0, section 10.1). */
import { canonicalJson } from './epcis.chain.js';
import { EPCIS_CONTEXT, type EpcisDocument, type EpcisEvent, type EpcisQueryDocument } from './epcis.schema.js';
import { OWN_PREFIX } from './epcis.event.js';

/** Versions that our answers follow. */
export const EPCIS_HEADERS = {
  'GS1-EPCIS-Version': '2.0.0',
  'GS1-CBV-Version': '2.0.0',
  'GS1-Extensions': 'xy=urn:xiangyi:trace:',
} as const;
const SCHEMA_VERSION = '2.0';
const CONTEXT = [EPCIS_CONTEXT, OWN_PREFIX];

/** An event of the log as others read it. */
export const told = (event: EpcisEvent, recordedAt: Date): EpcisEvent => ({ ...event, recordTime: recordedAt.toISOString() });

/** One event that stands alone: it bears its context itself, and with it the vocabularies that its capturer declared. */
export function alone(event: EpcisEvent): EpcisEvent {
  const ours = new Set(CONTEXT.map(canonicalJson));
  const declared = [event['@context'] ?? []].flat().filter((part) => !ours.has(canonicalJson(part)));
  return { ...event, '@context': [...CONTEXT, ...declared] };
}

/** Events as a document. */
export function epcisDocument(events: readonly EpcisEvent[], now: Date): EpcisDocument {
  return {
    '@context': CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: SCHEMA_VERSION,
    creationDate: now.toISOString(),
    epcisBody: { eventList: [...events] },
  };
}

/** Events as the results of a query. */
export function epcisQueryDocument(events: readonly EpcisEvent[], now: Date): EpcisQueryDocument {
  return {
    '@context': CONTEXT,
    type: 'EPCISQueryDocument',
    schemaVersion: SCHEMA_VERSION,
    creationDate: now.toISOString(),
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: [...events] } } },
  };
}
