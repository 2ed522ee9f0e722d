import { recognise, type CarrierEvidence, type ParcelView } from '#contracts';
import { message, type Language } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { FoldedEvent, ParcelFold } from './parcel.fold.js';

const iso = (instantMs: number): string => new Date(instantMs).toISOString();

/** What the parcel's own events say about its carrier. */
export function carrierEvidence({ timeline }: ParcelFold): CarrierEvidence {
  const evidence: { manifest?: string; label?: string; provider?: string } = {};
  for (const { event, undone } of timeline) {
    if (event.carrierCode === null || undone) continue;
    switch (event.source) {
      case 'csv':
      case 'carrier_key':
        evidence.manifest = event.carrierCode;
        break;
      case 'station':
      case 'town':
      case 'county':
      case 'upflow':
        evidence.label = event.carrierCode;
        break;
      case 'kuaidi100':
      case 'kdniao':
        evidence.provider = event.carrierCode;
        break;
    }
  }
  return evidence;
}

/** A parcel as programs see it. It never tells the shelf code: whoever knows a waybill number need not be the recipient. */
export function parcelView(parcel: ParcelFold, facts: SnapshotFacts, language: Language): ParcelView {
  const village = parcel.villageId === null ? undefined : facts.snapshot.unit(parcel.villageId);
  const station = parcel.stationId === null ? undefined : facts.snapshot.station(parcel.stationId);
  return {
    waybill: parcel.waybill,
    carrierCode: parcel.carrierCode,
    direction: parcel.direction,
    stage: parcel.stage,
    exceptions: parcel.exceptions.map(({ kind, openedAt, closedAt }) => ({
      kind,
      openedAt: iso(openedAt),
      ...(closedAt === undefined ? {} : { closedAt: iso(closedAt) }),
    })),
    conflicts: parcel.conflicts.map(({ kind, openedAt }) => ({
      kind,
      openedAt: iso(openedAt),
      detail: message(language, `conflict_${kind}`),
    })),
    ...(parcel.proof === null ? {} : { proof: parcel.proof }),
    ...(village ? { village: { code: village.code, name: village.name } } : {}),
    ...(station ? { station: { code: station.code, name: station.name } } : {}),
    timeline: parcel.timeline.map((entry) => timelineEntry(entry, facts)),
    candidates: recognise(parcel.waybill, carrierEvidence(parcel)).candidates.map((candidate) => ({ ...candidate })),
    ...(parcel.supersedes === null ? {} : { supersedes: parcel.supersedes }),
    ...(parcel.supersededBy === null ? {} : { supersededBy: parcel.supersededBy }),
  };
}

function timelineEntry({ event, flags }: FoldedEvent, facts: SnapshotFacts): ParcelView['timeline'][number] {
  const station = event.stationId === null ? undefined : facts.snapshot.station(event.stationId);
  return {
    occurredAt: iso(event.occurredAt),
    kind: event.kind,
    source: event.source,
    ...(event.text === null ? {} : { text: event.text }),
    ...(station ? { stationCode: station.code } : {}),
    ...(flags.length > 0 ? { flags: [...flags] } : {}),
  };
}
