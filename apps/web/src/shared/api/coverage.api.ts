/** Coverage and the units that it is of, over HTTP. */
import type { BoundaryCollection, Coverage, CoverageEvidenceRow, CoverageMetric, Page, Period, UnitDetail } from '#contracts';
import { api } from './api.client.js';

/** `GET /api/coverage`: the figures of a unit in a month, its children and twelve months of trend. */
export function coverageOf(unit: string, period: Period): Promise<Coverage> {
  return api<Coverage>('/api/coverage', { query: { unit, period } });
}

/** Path of the rows behind a metric. */
export function evidencePath(metric: CoverageMetric): string {
  return `/api/coverage/${metric}/evidence`;
}

/** `GET /api/coverage/{metric}/evidence`: villages behind a county's or town's figure, parcels and check-ins behind a village's. */
export function coverageEvidence(
  metric: CoverageMetric,
  query: { unit: string; period: Period; cursor?: string | undefined; limit?: number },
): Promise<Page<CoverageEvidenceRow>> {
  return api(evidencePath(metric), { query });
}

/** `GET /api/units/{code}`: a unit with the units above it. */
export function unitOf(code: string): Promise<UnitDetail> {
  return api<UnitDetail>(`/api/units/${code}`);
}

/** `GET /api/units/boundaries`: the areas of the units directly below. */
export function boundariesOf(unit: string): Promise<BoundaryCollection> {
  return api<BoundaryCollection>('/api/units/boundaries', { query: { unit } });
}
