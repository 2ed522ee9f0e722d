/** Which application identifiers need others beside them, and which may not stand together (GS1 General Specifications, sections 4.13 and 4.14). Pure. */
import { identifiersOf } from './application.identifier.js';

/** Why identifiers do not go together: one needs another that is not there, or excludes one that is. */
export type PairingProblem = 'needs' | 'excludes';

/**
 * What identifiers need: one of the alternatives between commas, all of its parts between pluses. `n` stands for any digit.
 */
const NEEDS: Readonly<Record<string, string>> = {
  '37': '02 8026',
  '00+02,00+8026': '37',
  '01,02,03,8006,8026': '10 11 13 15 16 20 240 241 422',
  '01,02,03,255,8006,8026': '17',
  '01,03,8006': '21 251 7021 8012',
  '01,02,8006,8026': '242 7001',
  '01,8006': '7240',
  '01,8004': '7230-7239',
  '01,03': '243',
  '01+21,03+21,8006+21': '250',
  '01': '22 235 3370-3375 710-717 8001',
  '01,02': [
    '30 3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265',
    '3270-3275 3280-3285 3290-3295 3500-3505 3510-3515 3520-3525 3560-3565 3570-3575 3600-3605 3610-3615 3640-3645 3650-3655 3660-3665',
    '7002 7005-7009 7030-7039 8005',
  ].join(' '),
  '00,01': [
    '3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465',
    '3470-3475 3480-3485 3490-3495 3530-3535 3540-3545 3550-3555 3620-3625 3630-3635 3670-3675 3680-3685 3690-3695',
  ].join(' '),
  '00,01,03': '8009',
  '01,02,03': '423-426 7003 7010 7011 8008',
  '01+10,03+10': '7004',
  '01+416,03+416,8006+416': '7020',
  '01+422,02+422,03+422': '427',
  '01+7021,03+7021,8006+7021': '7022',
  '01+30,01+31nn,01+32nn,01+35nn,01+36nn': '3920-3929',
  '30,31nn,32nn,35nn,36nn': '3930-3939 3950-3955',
  '255': '3940-3943 8111',
  '255,8020': '3900-3909',
  '8020': '12 3910-3919 415',
  '415': '8007 8020',
  '414': '254',
  '00': '403 4300-4302 4304-4312 4314-4326 4330-4333',
  '4302': '4303',
  '4312': '4313',
  '8010': '8011',
  '8017,8018': '7241 7242 7253-7256 8019',
  '8018': '7250-7252 7257 7259',
  '8018+7259': '7258',
  '00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018': '8030',
};

/** What identifiers exclude. Of a measure (the first three digits) only one may stand: its last digit is where the decimal point is. */
const EXCLUDES: Readonly<Record<string, string>> = {
  '255,37': '01',
  '01,03': '02',
  '235': '21',
  '01,02,415,8006,8020,8026': '255',
  '390n,391n,394n,8111': '3900-3909',
  '391n': '3910-3919',
  '392n,393n': '3920-3929',
  '393n': '3930-3939',
  '394n,8111': '3940-3943',
  '392n,393n,395n,8005': '3950-3955',
  '421': '420',
  '4307': '421',
  '426': '422-425',
  '4331': '4330',
  '4330': '4331',
  '4333': '4332',
  '4332': '4333',
  '03': '7240',
  '7251': '7250',
  '7250': '7251',
  '7256,7259': '7253-7255',
  '7256': '7259',
  '01,03,37': '8006',
  '8018': '8017',
  '8017': '8018',
  '02,03,8006': '8026',
};
const MEASURE = /^3[1-6]\d[0-5]$/;

const byIdentifier = (table: Readonly<Record<string, string>>) =>
  new Map(Object.entries(table).flatMap(([rule, list]) => identifiersOf(list).map((ai): [string, string] => [ai, rule])));
const needs = byIdentifier(NEEDS);
const excludes = byIdentifier(EXCLUDES);

/** What does not go together in one link, and at which identifier; `undefined` when all do. */
export function pairingProblem(ais: readonly string[]): { problem: PairingProblem; at: string } | undefined {
  for (const ai of ais) {
    const rule = needs.get(ai);
    const isMet = rule === undefined || rule.split(',').some((group) => group.split('+').every((one) => ais.some(like(one))));
    if (!isMet) return { problem: 'needs', at: ai };
    const barred = [...(excludes.get(ai)?.split(',') ?? []), ...(MEASURE.test(ai) ? [`${ai.slice(0, 3)}n`] : [])];
    if (ais.some((other) => other !== ai && barred.some((pattern) => like(pattern)(other))))
      return { problem: 'excludes', at: ai };
  }
  return undefined;
}

/** Whether an identifier is one that a pattern stands for. */
function like(pattern: string): (ai: string) => boolean {
  return (ai) => ai.length === pattern.length && [...pattern].every((digit, index) => digit === 'n' || digit === ai[index]);
}
