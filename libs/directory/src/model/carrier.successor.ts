import type { Day, Parameters } from '#contracts';

/**
 * The carrier that stands for this one on a day: the latest successor in force, followed as long as there is one
 * (docs/domain/directory.md, carriers). A circle in the parameter ends where it began.
 */
export function successorOf(parameters: Parameters, carrierCode: string, day: Day): string {
  const seen = new Set<string>();
  let code = carrierCode;
  while (!seen.has(code)) {
    seen.add(code);
    code = stepFrom(parameters, code, day);
  }
  return code;
}

function stepFrom(parameters: Parameters, carrierCode: string, day: Day): string {
  const inForce = parameters.carrierSuccessors.filter((entry) => entry.carrierCode === carrierCode && entry.from <= day);
  return inForce.sort((a, b) => (a.from < b.from ? 1 : -1))[0]?.successorCode ?? carrierCode;
}
