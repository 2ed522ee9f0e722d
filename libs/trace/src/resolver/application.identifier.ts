/** GS1 application identifiers in Digital Links: which are keys, which qualify them, which may stand in the query, and what their values look like (GS1 General Specifications, section 3). */

/** Each primary key with the sequences of qualifiers that it takes: every qualifier may be left out, none may change places, sequences do not mix. */
export const PRIMARY_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '00': [],
  '01': [['22', '10', '21'], ['235']],
  '253': [],
  '255': [],
  '401': [],
  '402': [],
  '414': [['254'], ['7040']],
  '415': [['8020']],
  '417': [['7040']],
  '8003': [],
  '8004': [['7040']],
  '8006': [['22', '10', '21']],
  '8010': [['8011']],
  '8013': [],
  '8017': [['8019']],
  '8018': [['8019']],
};

/** Never in the query: they belong to the path. */
const PATH_ONLY = new Set(['10', '21', '22', '235', '254', '7040', '8011', '8019', '8020']);

/**
 * Values by form. A form is a row of parts: N digits, X the 82 characters, Y the 39, Z base64url; a length, or `..` and the greatest; in brackets what may be
 * missing; after a comma the checks of that part.
 */
const FORMS: Readonly<Record<string, string>> = {
  'N18,csum': '00 8017 8018',
  'N14,csum': '01 02',
  'N17,csum': '402',
  'N13,csum': '410-417',
  'N13,csum [X..17]': '253',
  'N13,csum [N..12]': '255',
  'N1,zero N13,csum [X..16]': '8003',
  'N14,csum N4,pieces': '8006 8026',
  'X..30,company': '401 7023 8004',
  'Y..30,company': '8010',
  'X..25,company,pair': '8013',
  'X..20': '10 21 22 243 254 420 710-717 4318 7020-7022 7240 8002 8012',
  'X..28': '235',
  'X..30': '90 240 241 250 251 400 403 4308 4319 7002',
  'X..90': '91-99',
  'N..12,plain': '8011',
  'N..10': '8019',
  'X..25': '7242 8020',
  'N1 X1 X1 X1,importer': '7040',
  'N6,day0': '11 12 13 15-17',
  'N6,day': '4326 7006',
  'N6,day N4,minute': '7003',
  'N6,day0 N4,minute': '4324 4325',
  'N6,day [N6],day': '7007',
  'N6,day [N4],minute': '7011',
  'N6,day N2,hour [N2],sixty [N2],sixty': '8008',
  'N8,fullday': '7250',
  'N8,fullday N4,minute': '7251',
  N2: '20',
  'N2,media': '7241',
  'N..4': '7004',
  'N..6': '242',
  'N..8': '30 37',
  'N..15': '3900-3909 3920-3929',
  N4: '3940-3943 8111',
  N13: '7001',
  N6: [
    '3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265',
    '3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425',
    '3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565',
    '3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 3950-3955 8005',
  ].join(' '),
  'N3,currency N..15': '3910-3919 3930-3939',
  'N3,country X..9': '421',
  'N3,country': '422 424 426',
  'N3,country [N3],country [N3],country [N3],country [N3],country': '423 425',
  'N3,anywhere X..27': '7030-7039',
  'X2 X..28': '7230-7239',
  'X..2': '7010',
  'X..3': '427 7008',
  'X..10': '7009 7255',
  'X..12': '7005',
  'X..50': '8009',
  'X..34,iban': '8007',
  'X..35,escaped': '4300 4301 4310 4311 4320',
  'X..40,escaped': '7253 7254 7259',
  'X..70,escaped': '4302-4306 4312-4316',
  'X..70': '7257 8110 8112',
  'X..90,escaped': '7256',
  'X2,letters': '4307 4317',
  'N10,latitude N10,longitude': '4309',
  'N1,yesno': '4321-4323',
  'N6 [X1],hyphen': '4330-4333',
  'N1,sex': '7252',
  'X3,sequence': '7258',
  'N4,positive N5,positive N3,positive N1,winding N1': '8001',
  'Z..90': '8030',
};

/** One part of a value. */
export interface ValuePart {
  readonly charset: 'N' | 'X' | 'Y' | 'Z';
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
  readonly checks: readonly string[];
}

const PART = /^(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,[a-z0-9]+)*)$/;

function readPart(text: string): ValuePart {
  const [, bracket, charset, upTo, length, checks = ''] = PART.exec(text) ?? [];
  return {
    charset: charset as ValuePart['charset'],
    min: upTo ? 1 : Number(length),
    max: Number(length),
    optional: bracket === '[',
    checks: checks.split(',').filter((check) => check !== ''),
  };
}

/** The identifiers of a list such as `10 710-712`. */
export function identifiersOf(text: string): string[] {
  return text.split(' ').flatMap((range) => {
    const [from = '', to = from] = range.split('-');
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) =>
      String(Number(from) + index).padStart(from.length, '0'),
    );
  });
}

const PARTS = new Map<string, readonly ValuePart[]>(
  Object.entries(FORMS).flatMap(([form, list]) => {
    const parts = form.split(' ').map(readPart);
    return identifiersOf(list).map((ai): [string, readonly ValuePart[]] => [ai, parts]);
  }),
);

/** The parts of an identifier's value; `undefined` for an identifier that no Digital Link may hold. */
export const partsOf = (ai: string): readonly ValuePart[] | undefined => PARTS.get(ai);

/** Whether an identifier may stand in the query as a data attribute. */
export const isDataAttribute = (ai: string): boolean => PARTS.has(ai) && !PATH_ONLY.has(ai);

/** Every identifier of the table. */
export const APPLICATION_IDENTIFIERS: readonly string[] = [...PARTS.keys()];
