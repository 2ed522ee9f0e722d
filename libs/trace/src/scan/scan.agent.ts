/** What a browser tells of the phone it is on, as far as it stays the same from one look to the next. */

/** A phone as its browser describes it, and whether the look came over a mobile network; `null` when it does not say. */
export interface ScanAgent {
  readonly phone: string;
  readonly mobile: boolean | null;
}

/**
 * The lasting part of a User-Agent: the system and the model in its first brackets, and WeChat's own number of the installation. Versions of apps go up
 * every few weeks and the kind of network changes on the doorstep: with them one phone would look like several.
 */
export function scanAgent(userAgent: string, language: string): ScanAgent {
  const system = /\(([^)]{1,200})\)/.exec(userAgent)?.[1]?.replace(/; ?wv$/, '') ?? userAgent;
  const installation = /\bMMWEBID\/(\d{1,12})/.exec(userAgent)?.[1] ?? '';
  const network = /\bNetType\/(\w{1,12})/.exec(userAgent)?.[1];
  const [tongue = ''] = language.split(',');
  return {
    phone: `${system}\n${installation}\n${tongue.trim().toLowerCase()}`,
    mobile: network === undefined ? null : !/^wifi$/i.test(network),
  };
}
