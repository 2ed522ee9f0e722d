import { createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import type { ScanPoint } from './code.sighting.js';
import { NetworkPlaces } from './network.places.js';
import { scanAgent } from './scan.agent.js';

/** A place that somebody consents to tell is kept to a tenth of a degree, about ten kilometres. */
const COARSE = 10;
const MARK_BYTES = 8;
/** Many telephones tell the same of themselves: so many marks are remembered before all are made anew. */
const KNOWN_MARKS = 5000;

/** Makes a coarse point of a request: where it comes from and with what, without keeping an address. */
@Injectable()
export class ScanPoints {
  private readonly salt: Buffer;
  private readonly marks = new Map<string, Buffer>();

  constructor(
    private readonly places: NetworkPlaces,
    @Inject(CONFIG) config: Config,
  ) {
    this.salt = Buffer.from(hkdfSync('sha256', config.SECRET_KEY, '', 'xiangyi code scans', 32));
  }

  /** The point of a request. `lat` and `lon` in its query are a place that the person consented to tell. */
  of(request: FastifyRequest): ScanPoint {
    const { ip } = request;
    const network = networkOf(ip);
    // What is told comes second: a forger could print it into the copied link.
    const found = this.places.find(ip) ?? toldPlace(request.query as Record<string, unknown>);
    const { 'user-agent': agent = '', 'accept-language': language = '' } = request.headers;
    const { phone, mobile } = scanAgent(agent, language);
    return {
      place: found ? (found.city ?? this.places.nearest(found)) : null,
      latitude: found?.latitude ?? null,
      longitude: found?.longitude ?? null,
      network: network === null ? null : this.mark(`network ${network}`).toString('hex'),
      // Not the network: a phone changes it, and would look like several.
      device: agent === '' ? null : this.mark(`device ${phone}`),
      mobile,
    };
  }

  private mark(text: string): Buffer {
    const known = this.marks.get(text);
    if (known) return known;
    if (this.marks.size >= KNOWN_MARKS) this.marks.clear();
    const mark = createHmac('sha256', this.salt).update(text).digest().subarray(0, MARK_BYTES);
    this.marks.set(text, mark);
    return mark;
  }
}

/** The coarse network of an address: two parts of IPv4, two groups of IPv6. */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:/i, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return plain.split('.').slice(0, 2).join('.');
  return plain.includes(':') ? plain.split(':').slice(0, 2).join(':').toLowerCase() : null;
}

function toldPlace(query: Record<string, unknown>): { latitude: number; longitude: number; city?: undefined } | undefined {
  const [latitude, longitude] = [coarse(query['lat'], 90), coarse(query['lon'], 180)];
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function coarse(value: unknown, limit: number): number | undefined {
  if (typeof value !== 'string' || !/^-?\d{1,3}(\.\d{1,10})?$/.test(value)) return undefined;
  const degrees = Number(value);
  return Math.abs(degrees) <= limit ? Math.round(degrees * COARSE) / COARSE : undefined;
}
