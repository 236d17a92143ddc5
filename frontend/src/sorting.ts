/** How rows are put in order: numbers by size, words as the reader's language orders them, unknowns always last. */

export type Direction = "ascending" | "descending";

export interface Key {
  /** A number as the server gave it, or an empty text. */
  sort: string;
  /** What the cell shows. */
  text: string;
}

export function opposite(direction: string | null): Direction {
  return direction === "descending" ? "ascending" : "descending";
}

/** The order in which to show rows with these keys, as their present places. Equal rows keep their order. */
export function order(keys: readonly Key[], direction: Direction, language: string): number[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const isNumeric = keys.some((key) => key.sort !== "");
  const sign = direction === "ascending" ? 1 : -1;
  return keys
    .map((key, place) => ({ key, place }))
    .sort((a, b) => {
      if (!isNumeric) return sign * collator.compare(a.key.text, b.key.text) || a.place - b.place;
      if (a.key.sort === "" || b.key.sort === "") return Number(a.key.sort === "") - Number(b.key.sort === "") || a.place - b.place;
      return sign * (Number(a.key.sort) - Number(b.key.sort)) || a.place - b.place;
    })
    .map(({ place }) => place);
}
