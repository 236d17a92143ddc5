import { describe, expect, it } from "vitest";
import { bounds, features, LARGEST_RADIUS, radius, SMALLEST_RADIUS, type Gate } from "../src/gates";

function gate(code: string, value: number | null, lon = -80, lat = 8): Gate {
  return { code, name: code, lat, lon, value, said: String(value), status: "observed", href: "" };
}

describe("circles", () => {
  it("grow in area, not in radius, with their number", () => {
    expect(radius(100, 400)).toBeCloseTo(radius(400, 400) / 2);
    expect(radius(400, 400)).toBe(LARGEST_RADIUS);
  });

  it("stay visible when the number is small, zero or unknown", () => {
    for (const value of [1, 0, null]) expect(radius(value, 1_000_000)).toBe(SMALLEST_RADIUS);
  });

  it("are drawn largest first, so that small ones lie on top", () => {
    const drawn = features([gate("small", 3), gate("none", null), gate("large", 900)]);

    expect(drawn.map((one) => one.properties.name)).toEqual(["large", "small", "none"]);
    expect(drawn.map((one) => one.properties.rank)).toEqual([0, 1, 2]);
  });
});

describe("the frame", () => {
  it("holds every gate with a margin", () => {
    const frame = bounds([gate("a", 1, -77, 8), gate("b", 1, -117, 32)], 1);

    expect(frame).toEqual([
      [-118, 7],
      [-76, 33],
    ]);
  });

  it("is unknown without gates", () => {
    expect(bounds([])).toBeNull();
  });
});
