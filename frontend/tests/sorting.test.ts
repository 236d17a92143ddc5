import { expect, it } from "vitest";
import { opposite, order } from "../src/sorting";

const words = (...texts: string[]) => texts.map((text) => ({ sort: "", text }));
const numbers = (...values: (number | null)[]) => values.map((value) => ({ sort: value === null ? "" : String(value), text: "" }));

it("puts numbers in order of size, not of their first digit", () => {
  expect(order(numbers(9, 100, 20), "ascending", "es")).toEqual([0, 2, 1]);
  expect(order(numbers(9, 100, 20), "descending", "es")).toEqual([1, 2, 0]);
});

it("keeps unknown numbers last in both directions", () => {
  expect(order(numbers(null, 2, 1), "ascending", "es")).toEqual([2, 1, 0]);
  expect(order(numbers(null, 2, 1), "descending", "es")).toEqual([1, 2, 0]);
});

it("puts words in the order of the reader's language", () => {
  expect(order(words("Nicaragua", "Ñandú", "Oaxaca", "México"), "ascending", "es")).toEqual([3, 0, 1, 2]);
});

it("keeps equal rows as they stood", () => {
  expect(order(numbers(5, 5, 5), "descending", "en")).toEqual([0, 1, 2]);
});

it("starts with the largest and then turns round", () => {
  expect(opposite(null)).toBe("descending");
  expect(opposite("descending")).toBe("ascending");
});
