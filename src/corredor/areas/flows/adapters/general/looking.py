"""Where in a sheet the table is: its headings, however many rows they take, and its first row of figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, pairwise

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.general import numbers, periods, reference, tables, words

_LOOKED_AT = 3_000  # rows
_MOST_HEADER_ROWS = 6


@dataclass(slots=True)
class Look:
    """A sheet's first rows, with the place of its headings and of its first row of figures (0-based)."""

    sheet: tables.Sheet
    rows: list[tables.Row]
    headers: list[int]
    start: int
    width: int

    def body(self) -> list[tables.Row]:
        return self.rows[self.start :]


def look_at(source: tables.Source, sheet: tables.Sheet) -> Look | None:
    rows = [[] if row == [tables.BAD_LINE] else row for row in islice(source.rows(sheet.name), _LOOKED_AT)]
    shapes = [[shape_of(cell) for cell in row] for row in rows[:400]]
    start = _first_data_row(rows, shapes)
    if start is None:
        return None
    headers = _header_rows(shapes, start)
    width = max(len(row) for row in rows[start : start + 50])
    return Look(sheet, rows, headers, start, width)


def shape_of(cell: object) -> str:
    """What a cell looks like: _ blank, N count, Y year, P period, S sign, R range, T text."""
    if cell is None:
        return "_"
    if isinstance(cell, date | datetime):
        return "P"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return "Y" if cell == int(cell) and 1900 <= cell <= 2100 else "N"
    text = str(cell).strip()
    if numbers.is_digits(text):
        return "Y" if len(text) == 4 and 1900 <= int(text) <= 2100 else "N"
    if periods.parse_text(text) is not None:
        return "P"
    if numbers.sign_of(text) not in (None, "x", "c"):
        return "S"
    if words.people(text) is not None and not text.startswith(("<", "menos", "less")):
        return "R" if text[:1].isdigit() else "T"
    return "N" if any(numbers.parse_text(text, style) is not None for style in numbers.STYLES) else "T"


def _first_data_row(rows: list[tables.Row], shapes: list[list[str]]) -> int | None:
    first = next((i for i, row in enumerate(shapes) if "N" in row and _is_continued(shapes, i)), None)
    if first is None:
        # Tables whose every count could be a year, or is hidden.
        first = next(
            (i for i, row in enumerate(shapes) if {"Y", "S"} & set(row) and i and _is_body(rows[i], row)),
            None,
        )
    if first is None:
        return None
    while first > 0 and _precedes(rows[first - 1], shapes[first - 1], shapes[first]):
        first -= 1
    return first


def _precedes(row: tables.Row, shapes: list[str], below: list[str]) -> bool:
    """Whether a row above figures is one of them (its counts blank, hidden or like years) or a section's label."""
    if sum(shape != "_" for shape in shapes) == 1:
        return shapes[0] in ("Y", "P") or (shapes[0] == "T" and nationality.iso3(str(row[0])) is not None)
    under = [shape for shape, lower in zip(shapes, below, strict=False) if lower in "NYSR"]
    return _is_body(row, shapes) and all(shape in "NYSR_" for shape in under)


def _is_continued(shapes: list[list[str]], at: int) -> bool:
    """Whether the rows below go on holding numbers where this one does; a lone last row does too."""
    here = {i for i, shape in enumerate(shapes[at]) if shape in "NYS"}
    below = [row for row in shapes[at + 1 : at + 8] if any(shape != "_" for shape in row)]
    if not any({"N", "Y", "S"} & set(row) for row in below):
        return at > 0
    return any(here & {i for i, shape in enumerate(row) if shape in "NYS"} for row in below)


def _is_body(row: tables.Row, shapes: list[str]) -> bool:
    """Whether a row of years or signs under a label is figures: its first label is a thing counted, no heading."""
    at = next((i for i, shape in enumerate(shapes) if shape != "_"), None)
    if at is None or shapes[at] not in "TPRY":
        return False
    first = heading_text(row[at])
    if words.heading_role(first):
        return False
    return bool(
        periods.parse_text(first)
        or nationality.iso3(first)
        or words.people(first)
        or reference.gates().exact(first)
    )


def _header_rows(shapes: list[list[str]], start: int) -> list[int]:
    """The rows that head the columns, top to bottom; titles above them and lone words beside them are left out."""
    found: list[int] = []
    at = start - 1
    while at >= 0 and len(found) < _MOST_HEADER_ROWS and start - at <= 8:
        filled = [i for i, shape in enumerate(shapes[at]) if shape != "_"]
        is_heading = len(filled) >= 2 or (len(filled) == 1 and filled[0] > 0)
        if is_heading:
            found.append(at)
        elif found:
            break
        at -= 1
    return sorted(found)


def flattened(look: Look, rows: list[int]) -> list[list[str]]:
    """For each column the parts of its heading, top to bottom, merged cells repeated over what they span."""
    grid = {
        at: [heading_text(cell) for cell in look.rows[at]] + [""] * (look.width - len(look.rows[at]))
        for at in rows
    }
    merged = False
    for top, left, bottom, right in look.sheet.merges:
        for at in set(rows) & set(range(top, bottom + 1)):
            merged = True
            text = (
                heading_text(look.rows[top][left])
                if top < len(look.rows) and left < len(look.rows[top])
                else ""
            )
            for column in range(left, min(right + 1, look.width)):
                grid[at][column] = text
    if not merged:
        for above, below in pairwise(rows):
            _spread(grid[above], [grid[at] for at in rows if at >= below])
    parts: list[list[str]] = []
    for column in range(look.width):
        texts = [grid[at][column] for at in rows if column < len(grid[at]) and grid[at][column]]
        parts.append(list(dict.fromkeys(texts)))
    return parts


def _spread(above: list[str], below: list[list[str]]) -> None:
    """Repeat a heading over the blanks at its right, as far as there is something below them."""
    for column in range(1, len(above)):
        is_headed = any(column < len(row) and row[column] for row in below)
        if not above[column] and is_headed and above[column - 1] and not _is_label_heading(above[column - 1]):
            above[column] = above[column - 1]


def _is_label_heading(text: str) -> bool:
    role = words.heading_role(text)
    return (
        role is not None
        and role[2] > 0.9
        and role[0] not in ("ignored",)
        and not words.is_count_heading(text)
    )


def heading_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date | datetime):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    text = " ".join(str(cell).split())
    return "" if text.startswith("#") and len(text) > 1 and " " not in text else text
