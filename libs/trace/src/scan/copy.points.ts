/**
 * What each look tells, in points: a point is the natural logarithm of how many times likelier such a look is at a copied label than at an honest one,
 * measured in the simulated worlds (test/load/copies.*.ts), smoothed, rounded to halves, and mended by trying what finds more at the same rate of false alarms. docs/domain/copy-detection.md says why each is plausible.
 */

/** Where new hands look, told by what is known of the label: near where it was sent or first seen, in a neighbouring city, or far away. */
export type Whereabouts = 'near' | 'neighbouring' | 'again' | 'second' | 'third' | 'further' | 'unknown';
/** How long after delivery. */
export type Lateness = 'soon' | 'later' | 'late' | 'veryLate' | 'stale';

/** Points of a place, over a fixed line and over a mobile network, whose places are those of its exchange. */
export const PLACE_POINTS: Readonly<Record<Whereabouts, { readonly fixed: number; readonly mobile: number }>> = {
  near: { fixed: 1, mobile: 0.5 },
  unknown: { fixed: 2, mobile: 1 },
  neighbouring: { fixed: 4, mobile: 2 },
  again: { fixed: 3.5, mobile: 2 },
  second: { fixed: 4.5, mobile: 2 },
  third: { fixed: 9, mobile: 9 },
  further: { fixed: 10, mobile: 7 },
};

/** Points of the time since delivery: for what is eaten fresh, and for what keeps. */
export const TIME_POINTS: Readonly<Record<Lateness, { readonly fresh: number; readonly keeps: number }>> = {
  soon: { fresh: -2.5, keeps: -3 },
  later: { fresh: 0, keeps: 0 },
  late: { fresh: 1.5, keeps: 0 },
  veryLate: { fresh: 2.5, keeps: 1 },
  stale: { fresh: 2, keeps: 0.5 },
};

/** Ends of the spans, in days. */
export const LATENESS_DAYS: readonly (readonly [Lateness, number])[] = [
  ['soon', 5],
  ['later', 12],
  ['late', 25],
  ['veryLate', 60],
  ['stale', Number.POSITIVE_INFINITY],
];

/** All other points and limits. */
export const COPY_LIMITS = {
  /** Points from which a code is suspicious, and from which it is watched. */
  high: 8,
  low: 3,
  /** Nothing reassures more than this: else a forger could buy innocence by looking at home. */
  floor: -1,
  /** The very first look: where it is weighs less, for somebody has to be the first. */
  firstAway: 1,
  firstLate: { fresh: 1, keeps: 0 },
  /** Most points of time when no parcel is known: a shop's shelf is looked at for weeks. */
  counterLate: 2.5,
  /** A far place within a day of the look before: a photo in a chat does that. */
  farSoon: -1,
  /** A phone that was seen before, on a fixed line in a new far city: its owner travels, or it is another of its kind. */
  wander: 1,
  /** Far from the village before the parcel was packed: the first such look, and each more up to the limit. */
  early: 2,
  earlyLooks: 2,
  /** New hands, the first near the village apart, though the label was never put to use. */
  inactive: 2,
  inactiveLooks: 2,
  /** One phone in places between which it cannot have travelled: its networks explain three of them. */
  hop: 2.5,
  freeHops: 3,
  /** New phones in places too far apart for the time between: a person, a machine and a chat explain three of them. */
  quick: 4,
  freeQuick: 3,
  quickMs: 20 * 60_000,
  /** Looks within this distance are one area. */
  areaKm: 120,
  /** Networks of a province come out in another of its cities. */
  neighbourKm: 400,
  /** Around the village; makers' own looks come from here, or from the exchange of their network. */
  homeKm: 300,
  /** Before packing nobody should be further away than this. */
  earlyKm: 300,
  /** Faster than an airliner. */
  travelKmPerHour: 900,
  /** A machine that follows a person's look, elsewhere, comes within this time. */
  followMs: 5 * 60_000,
  /** Packing is recorded by the day's end at times: a look a little before it says nothing. */
  packingSlackMs: 12 * 3_600_000,
  /** When nobody told of the delivery: days from packing. */
  transitDays: 4,
} as const;
