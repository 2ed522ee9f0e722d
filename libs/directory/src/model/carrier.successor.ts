import type { Day, Parameters } from '#contracts';

/**
 * The carrier that stands for this one on a day: successors are followed as long as they are in force (docs/domain/directory.md,
 * carriers). A circle in the parameter ends where it began.
 */
export function successorOf(parameters: Parameters, carrierCode: string, day: Day): string {
  const seen = new Set<string>();
  let code = carrierCode;
  while (!seen.has(code)) {
    seen.add(code);
    const current = code;
    code =
      parameters.carrierSuccessors.find((entry) => entry.carrierCode === current && entry.from <= day)?.successorCode ?? current;
  }
  return code;
}
