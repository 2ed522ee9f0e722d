/** A position in degrees, WGS 84. */
export interface Position {
  latitude: number;
  longitude: number;
}

/** Mean radius of the Earth, metres (IUGG). */
const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance in metres (haversine). */
export function distanceM(a: Position, b: Position): number {
  const sinLatitude = Math.sin(radians(b.latitude - a.latitude) / 2);
  const sinLongitude = Math.sin(radians(b.longitude - a.longitude) / 2);
  const h = sinLatitude ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * sinLongitude ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The position of a row whose latitude and longitude may be absent. */
export function positionOf(row: { latitude: number | null; longitude: number | null }): Position | undefined {
  return row.latitude === null || row.longitude === null ? undefined : { latitude: row.latitude, longitude: row.longitude };
}
