/** GS1 Digital Link URIs: read from a request's path and query, and written in their canonical form (GS1 Digital Link Standard: URI Syntax). Pure. */
import { GTIN_LENGTHS } from '#contracts';
import { isDataAttribute, partsOf, PRIMARY_KEYS } from './application.identifier.js';
import { pairingProblem, type PairingProblem } from './identifier.pairing.js';
import { valueProblem, type ValueProblem } from './identifier.value.js';

/** Why a URI is no Digital Link. */
export type LinkProblem =
  ValueProblem | PairingProblem | 'encoding' | 'no_key' | 'no_value' | 'qualifier' | 'repeated' | 'attribute';

/** An identifier with its value. */
export type Element = readonly [ai: string, value: string];

/** A Digital Link, taken apart. A GTIN has fourteen digits, however it was written. */
export interface DigitalLink {
  readonly key: Element;
  readonly qualifiers: readonly Element[];
  readonly attributes: readonly Element[];
  /** What else the query holds, such as `linkType`: the first of each name. */
  readonly extras: Readonly<Record<string, string>>;
}

/** A link that was read, or what is wrong and at which identifier. */
export type LinkReading =
  { readonly ok: true; readonly link: DigitalLink } | { readonly ok: false; readonly problem: LinkProblem; readonly at: string };

const GTIN_DIGITS = 14;

class Refusal extends Error {
  constructor(
    readonly problem: LinkProblem,
    readonly at: string,
  ) {
    super(problem);
  }
}

/** Reads a URI from its path on, percent-encoding and all. The primary key stands at the root. */
export function readDigitalLink(uri: string): LinkReading {
  try {
    const [whole = ''] = uri.split('#');
    const cut = whole.indexOf('?');
    const [path, query] = cut < 0 ? [whole, ''] : [whole.slice(0, cut), whole.slice(cut + 1)];
    const [key, ...qualifiers] = readPath(path);
    if (!key) throw new Refusal('no_key', '');
    const { attributes, extras } = readQuery(query, [key, ...qualifiers]);
    const unpaired = pairingProblem([key, ...qualifiers, ...attributes].map(([ai]) => ai));
    if (unpaired) return { ok: false, ...unpaired };
    return { ok: true, link: { key, qualifiers, attributes, extras } };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem, at: error.at };
    throw error;
  }
}

function readPath(path: string): Element[] {
  const segments = path.split('/').slice(1);
  const [keyAi = ''] = segments;
  const sequences = Object.hasOwn(PRIMARY_KEYS, keyAi) ? PRIMARY_KEYS[keyAi] : undefined;
  if (!sequences) throw new Refusal('no_key', keyAi.slice(0, 20));
  const elements: Element[] = [];
  for (let index = 0; index < segments.length; index += 2) {
    const ai = segments[index] ?? '';
    if (elements.some(([known]) => known === ai)) throw new Refusal('repeated', ai);
    if (index > 0 && !sequences.some((sequence) => sequence.includes(ai))) throw new Refusal('qualifier', ai.slice(0, 20));
    elements.push([ai, checked(ai, decoded(segments[index + 1] ?? '', ai))]);
  }
  const qualifiers = elements.slice(1).map(([ai]) => ai);
  if (qualifiers.length > 0 && !sequences.some((sequence) => isInOrder(qualifiers, sequence)))
    throw new Refusal('qualifier', qualifiers.at(-1) ?? '');
  return elements;
}

/** Whether all of some qualifiers are of a sequence, in its order. */
function isInOrder(qualifiers: readonly string[], sequence: readonly string[]): boolean {
  const places = qualifiers.map((ai) => sequence.indexOf(ai));
  return places.every((place, index) => place > (index === 0 ? -1 : (places[index - 1] ?? -1)));
}

function readQuery(query: string, path: readonly Element[]): Pick<DigitalLink, 'attributes' | 'extras'> {
  const attributes: Element[] = [];
  const extras: Record<string, string> = {};
  for (const pair of query.split(/[&;]/)) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decoded(cut < 0 ? pair : pair.slice(0, cut), '');
    const value = decoded(cut < 0 ? '' : pair.slice(cut + 1), name);
    if (/^\d+$/.test(name)) {
      // Names of digits alone are kept for GS1.
      if (!isDataAttribute(name)) throw new Refusal('attribute', name.slice(0, 20));
      if ([...path, ...attributes].some(([ai]) => ai === name)) throw new Refusal('repeated', name);
      attributes.push([name, checked(name, value)]);
    } else if (!Object.hasOwn(extras, name)) Object.defineProperty(extras, name, { value, enumerable: true });
  }
  return { attributes, extras };
}

function decoded(text: string, ai: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal('encoding', ai.slice(0, 20));
  }
}

function checked(ai: string, value: string): string {
  if (value === '') throw new Refusal('no_value', ai);
  // A GTIN of any length is one of fourteen digits; zeros before it do not change its check digit.
  const full = ai === '01' && GTIN_LENGTHS.includes(value.length) ? value.padStart(GTIN_DIGITS, '0') : value;
  const problem = partsOf(ai) ? valueProblem(ai, full) : 'attribute';
  if (problem) throw new Refusal(problem, ai);
  return full;
}

/** The canonical path and query of a link: what is not unreserved is percent-encoded, attributes in their order. Extras are left out. */
export function writeDigitalLink({
  key,
  qualifiers,
  attributes,
}: Pick<DigitalLink, 'key' | 'qualifiers' | 'attributes'>): string {
  const path = [key, ...qualifiers].map(([ai, value]) => `/${ai}/${escaped(value)}`).join('');
  const query = attributes.map(([ai, value]) => `${ai}=${escaped(value)}`).join('&');
  return query === '' ? path : `${path}?${query}`;
}

const escaped = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
