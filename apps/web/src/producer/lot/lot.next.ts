/** What a producer does next with a lot, and which files its labels come in. Pure, no DOM. */
import type { CertificateView, CodeBatch, LotView } from '#contracts';

/** `test` → `certificate` → `codes` → `making` → `labels`; `retest` after a failed test; `sold_out` when nothing is left to certify. */
export const LOT_STEPS = ['retest', 'test', 'certificate', 'codes', 'making', 'paused', 'labels', 'sold_out'] as const;
export type LotStep = (typeof LOT_STEPS)[number];

/** The one main action of a lot. */
export function nextStepOf(
  lot: Pick<LotView, 'flags' | 'stockG' | 'tests'>,
  certificate: Pick<CertificateView, 'supersededBy'> | undefined,
  batches: readonly Pick<CodeBatch, 'state' | 'made'>[],
): LotStep {
  if (lot.flags.includes('test_failed')) return 'retest';
  const certified = certificate !== undefined && certificate.supersededBy === null;
  if (lot.stockG <= 0 && !batches.length) return 'sold_out';
  // Grain and other produce outside the certificate's scope goes on without one: its codes show that the person did.
  if (!certified && !batches.length) return lot.tests.length ? 'certificate' : 'test';
  if (batches.some((batch) => batch.state === 'queued' || batch.state === 'making')) return 'making';
  if (batches.some((batch) => batch.state === 'paused')) return 'paused';
  return batches.some((batch) => batch.state === 'done' && batch.made > 0) ? 'labels' : 'codes';
}

/** A printer's file holds this many labels: more would take a phone too long to open. */
export const LABELS_A_FILE = 5000;

/** The files of a batch: the first label of each, counted from 0, and how many it holds. */
export function labelFiles(made: number, size: number = LABELS_A_FILE): { from: number; limit: number }[] {
  const files = Math.ceil(Math.max(0, made) / size);
  return Array.from({ length: files }, (_, index) => ({ from: index * size, limit: Math.min(size, made - index * size) }));
}

/** Whether a batch is still being worked on, so that it is worth asking again. */
export function isMoving(batch: Pick<CodeBatch, 'state'>): boolean {
  return batch.state === 'queued' || batch.state === 'making';
}
