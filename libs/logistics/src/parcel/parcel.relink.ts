import type { LedgerEvent } from './parcel.event.js';

/**
 * Applies carrier corrections (`relinked`): events reported under the old carrier count under the new one, and a provider's event that
 * came again under the new carrier is shown once. Takes events in their order and keeps it.
 */
export function relinkCarriers(events: readonly LedgerEvent[]): readonly LedgerEvent[] {
  const corrections = events.filter((event) => event.kind === 'relinked');
  if (corrections.length === 0) return events;
  const current = (code: string | null): string | null => {
    let carrier = code;
    for (const { providerCode, carrierCode } of corrections)
      if (carrier !== null && carrier === providerCode) carrier = carrierCode;
    return carrier;
  };
  const genuine = new Set(
    events.filter((event) => isReport(event) && current(event.carrierCode) === event.carrierCode).map(reportKey),
  );
  return events
    .filter((event) => !isReport(event) || current(event.carrierCode) === event.carrierCode || !genuine.has(reportKey(event)))
    .map((event) => {
      const carrierCode = event.kind === 'relinked' ? event.carrierCode : current(event.carrierCode);
      return carrierCode === event.carrierCode ? event : { ...event, carrierCode };
    });
}

/** A provider's report, which a later push repeats in full; corrections and takings back themselves are not. */
const isReport = (event: LedgerEvent): boolean =>
  (event.source === 'kuaidi100' || event.source === 'kdniao') && event.kind !== 'relinked' && event.kind !== 'undone';
const reportKey = (event: LedgerEvent): string =>
  `${event.source} ${event.occurredAt} ${event.providerCode ?? ''} ${event.text ?? ''}`;
