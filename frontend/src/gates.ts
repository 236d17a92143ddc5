/** What the page hands over about the gates, and how the live map draws it. Plain functions: nothing here touches the page. */

export type Status = "observed" | "provisional" | "revised" | "forecast";

export interface Gate {
  code: string;
  name: string;
  lat: number;
  lon: number;
  /** The number of the period; null when nothing is known. */
  value: number | null;
  /** The number as the reader's language writes it, with what is counted: "4,849 transit". */
  said: string;
  status: Status;
  href: string;
}

export interface GateFeature {
  type: "Feature";
  id: number;
  geometry: { type: "Point"; coordinates: [number, number] };
  properties: { name: string; said: string; status: Status; radius: number; rank: number };
}

export const SMALLEST_RADIUS = 4;
export const LARGEST_RADIUS = 38;

/** The radius of a circle whose area grows with the number. */
export function radius(value: number | null, largest: number): number {
  if (!value || largest <= 0) return SMALLEST_RADIUS;
  return Math.max(SMALLEST_RADIUS, LARGEST_RADIUS * Math.sqrt(value / largest));
}

/** Gates as GeoJSON, the largest first, so that small circles lie on top and large ones get their words first. */
export function features(gates: readonly Gate[]): GateFeature[] {
  const largest = Math.max(0, ...gates.map((gate) => gate.value ?? 0));
  return [...gates]
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || a.code.localeCompare(b.code))
    .map((gate, rank) => ({
      type: "Feature",
      id: rank,
      geometry: { type: "Point", coordinates: [gate.lon, gate.lat] },
      properties: {
        name: gate.name,
        said: gate.said,
        status: gate.status,
        radius: radius(gate.value, largest),
        rank,
      },
    }));
}

export type Bounds = [[number, number], [number, number]];

/** The frame that holds every gate, with a margin in degrees. */
export function bounds(gates: readonly Gate[], margin = 2): Bounds | null {
  if (gates.length === 0) return null;
  const lons = gates.map((gate) => gate.lon);
  const lats = gates.map((gate) => gate.lat);
  return [
    [Math.min(...lons) - margin, Math.min(...lats) - margin],
    [Math.max(...lons) + margin, Math.max(...lats) + margin],
  ];
}
