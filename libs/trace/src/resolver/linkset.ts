/** What is known of an identified thing, as links: a linkset (RFC 9264) in the terms of the GS1 Web Vocabulary. Pure. */

const VOCABULARY = 'https://gs1.org/voc/';
const PREFIXES = ['gs1:', VOCABULARY, 'https://ref.gs1.org/voc/', 'https://www.gs1.org/voc/'];

/** A link of some type. `type` is the name within the vocabulary, such as `pip`. */
export interface TypedLink {
  readonly type: string;
  readonly href: string;
  readonly title: string;
}

/** The name within the vocabulary that a `linkType` asks for; `linkset` for all of them; `undefined` when it is of no vocabulary that is known. */
export function askedType(linkType: string): string | undefined {
  if (['all', 'linkset', 'linkSet'].includes(linkType)) return 'linkset';
  const prefix = PREFIXES.find((known) => linkType.startsWith(known));
  return prefix === undefined ? undefined : linkType.slice(prefix.length);
}

/** The linkset document of a thing: its links by type, the first one once more as its default. */
export function linksetOf(anchor: string, links: readonly TypedLink[], language: string): object {
  const entry: Record<string, unknown> = { anchor };
  const add = (type: string, { href, title }: TypedLink): void => {
    const relation = `${VOCABULARY}${type}`;
    entry[relation] = [...((entry[relation] as object[] | undefined) ?? []), { href, title, hreflang: [language] }];
  };
  const [first] = links;
  if (first) add('defaultLink', first);
  for (const link of links) add(link.type, link);
  return { linkset: [entry] };
}
