/** Comforts that every page may have: sortable tables, a menu that closes, the summary of errors in focus. */

import { opposite, order, type Key } from "./sorting";

function keyOf(row: HTMLTableRowElement, column: number): Key {
  const cell = row.cells[column];
  return { sort: cell?.dataset.sort ?? "", text: cell?.textContent?.trim() ?? "" };
}

function sortBy(table: HTMLTableElement, heading: HTMLTableCellElement): void {
  const body = table.tBodies[0];
  if (!body) return;
  const direction = opposite(heading.getAttribute("aria-sort"));
  const rows = [...body.rows];
  const keys = rows.map((row) => keyOf(row, heading.cellIndex));
  body.append(...order(keys, direction, document.documentElement.lang).flatMap((place) => rows[place] ?? []));
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
}

function makeSortable(table: HTMLTableElement): void {
  if ((table.tBodies[0]?.rows.length ?? 0) < 3) return;
  for (const heading of table.querySelectorAll<HTMLTableCellElement>("thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, heading));
    heading.append(button);
  }
}

function closeMenusOutside(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.user[open]")) {
    const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
    if (isEscape) menu.querySelector("summary")?.focus();
    if (isEscape || (event instanceof MouseEvent && !menu.contains(event.target as Node))) menu.open = false;
  }
}

document.querySelectorAll<HTMLTableElement>("table[data-sortable]").forEach(makeSortable);
document.addEventListener("click", closeMenusOutside);
document.addEventListener("keydown", closeMenusOutside);
document.getElementById("errors")?.focus();
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
