"""Reading a file by its mapping: figures, refusals and checked totals, row by row, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from corredor.areas.flows.adapters import guard, nationality
from corredor.areas.flows.adapters.figures import ALL, Figure, FileRefused, Item, Place, Refusal, TotalCheck
from corredor.areas.flows.adapters.general import numbers, periods, reference, tables, words
from corredor.areas.flows.adapters.general.mapping import Column, Mapping
from corredor.areas.flows.adapters.general.sums import Sums

_PERIOD_ROLES = frozenset(["period", "year", "fiscal_year", "quarter", "month", "day"])
_ENGLISH_TIMES = frozenset(
    ["month", "year", "period", "date", "january", "february", "march", "april", "june", "july", "august"]
)
_CACHE = 50_000
_REMEMBERED_KEYS = 500_000
_STATUSES = {
    "provisional": "provisional",
    "preliminar": "provisional",
    "preliminary": "provisional",
    "validated": "validated",
    "validado": "validated",
    "definitivo": "validated",
    "final": "validated",
    "revised": "revised",
    "revisado": "revised",
    "corregido": "revised",
}

_REASONS = {
    "negative": ("A count cannot be negative.", "Un recuento no puede ser negativo."),
    "fractional": ("A count must be a whole number.", "Un recuento debe ser un número entero."),
    "impossible-count": (
        "This number cannot be a count of people.",
        "Este número no puede ser un recuento de personas.",
    ),
    "not-available": (
        "The source gives no count here: the figure is not available.",
        "La fuente no da ningún recuento aquí: la cifra no está disponible.",
    ),
    "not-a-number": ("This is not a number.", "Esto no es un número."),
    "other-number-style": (
        "This number is written with other thousands separators than the rest of the file.",
        "Este número usa otros separadores de millar que el resto del archivo.",
    ),
    "formula-without-value": (
        "The cell holds a formula without its result. Open the file, save it and send it again.",
        "La celda contiene una fórmula sin su resultado. Abra el archivo, guárdelo y envíelo de nuevo.",
    ),
    "spreadsheet-error": (
        "The cell holds a spreadsheet error.",
        "La celda contiene un error de hoja de cálculo.",
    ),
    "unreadable-letters": (
        "Some letters of this label cannot be read in the file's encoding.",
        "Algunas letras de esta etiqueta no se pueden leer en la codificación del archivo.",
    ),
    "malformed": (
        "This line cannot be split into cells: check its quotation marks.",
        "Esta línea no se puede dividir en celdas: revise sus comillas.",
    ),
    "missing-label": (
        "This cell is empty; it should say of what the row counts.",
        "Esta celda está vacía; debería decir de qué cuenta la fila.",
    ),
    "unknown-period": (
        "This is not a period Corredor understands.",
        "Esto no es un período que Corredor entienda.",
    ),
    "no-year": ("The year of this row is not known.", "No se sabe el año de esta fila."),
    "no-period": ("The period of this row is not known.", "No se sabe el período de esta fila."),
    "in-the-future": (
        "The period has not begun yet: nothing can have been counted in it.",
        "El período aún no ha empezado: nada puede haberse contado en él.",
    ),
    "unknown-gate": (
        "No gate has this name. Choose one for it in the mapping.",
        "Ningún punto de control tiene este nombre. Elija uno en la correspondencia.",
    ),
    "unknown-measure": (
        "No measure has this name. Choose one for it in the mapping.",
        "Ninguna medida tiene este nombre. Elija una en la correspondencia.",
    ),
    "unknown-people": (
        "This is not a sex or age group Corredor understands.",
        "Esto no es un sexo o grupo de edad que Corredor entienda.",
    ),
    "unknown-direction": (
        "This is not a direction: north, south, in or out.",
        "Esto no es un sentido: norte, sur, entrada o salida.",
    ),
    "unknown-status": (
        "This is not a status: provisional, validated or revised.",
        "Esto no es un estado: provisional, validado o revisado.",
    ),
}


def read(path: Path, mapping: Mapping, *, today: date, limits: guard.Limits | None = None) -> Iterator[Item]:
    """Stream a file's figures, refusals and checked totals, in file order; leading totals are checked at the end.

    The mapping must say the measure, the gate and the period of every figure; otherwise FileRefused
    ("mapping-incomplete"). ``today`` bounds the periods that can have been counted. A total over hidden counts agrees
    when it lies in the range they allow; ``summed`` is then the stated number itself. Repeated figures are refused
    while at most half a million others stand between the two.
    """
    mapping.check()
    missing = [name for name, known in _needed(mapping).items() if not known]
    if missing or not mapping.counts():
        raise FileRefused(
            "mapping-incomplete",
            "The mapping does not yet say: " + ", ".join(missing or ["count"]) + ".",
            "La correspondencia aún no dice: " + ", ".join(missing or ["recuento"]) + ".",
        )
    source = tables.open_source(path, limits=limits)
    yield from read_source(source, mapping, today=today)


def _needed(mapping: Mapping) -> dict[str, bool]:
    return {
        "measure": mapping.says("measure"),
        "gate": mapping.says("gate"),
        "period": mapping.says(*_PERIOD_ROLES),
    }


def read_source(source: tables.Source, mapping: Mapping, *, today: date) -> Iterator[Item]:
    """As `read`, of a file already open; an incomplete mapping leaves measure or gate empty, for a sample."""
    source.encoding = mapping.encoding or source.encoding
    source.delimiter = mapping.delimiter or source.delimiter
    sheet = source.sheet(mapping.sheet)
    reader = _Reader(mapping, sheet, today, sheet.name if len(source.sheets) > 1 else "")
    for number, row in enumerate(source.rows(sheet.name), 1):
        if number >= mapping.first_row:
            yield from reader.take(number, row)
    yield from reader.finish()


Facts = dict[str, object]  # of a figure: codes, and the parts of its period


@dataclass(slots=True)
class _Labels:
    """What the labels of a row say, once, however many rows repeat them."""

    facts: Facts = field(default_factory=dict)
    faults: list[tuple[Column, str, str]] = field(default_factory=list)  # column, code, text found


class _Reader:
    """Reads rows one after the other; remembers sections, merged labels and running sums."""

    def __init__(self, mapping: Mapping, sheet: tables.Sheet, today: date, sheet_name: str) -> None:
        self.mapping, self.today, self.sheet_name = mapping, today, sheet_name
        self.formulas = sheet.formulas
        self.labels, self.counts, self.totals = mapping.labels(), mapping.counts(), mapping.totals()
        self.figures = [*self.counts, *self.totals]
        self.style = next(style for style in numbers.STYLES if style == mapping.number_style)
        optional = [at for at, column in enumerate(self.labels) if column.role in ("detail", "status")]
        self.sums = Sums([column.index for column in self.figures], optional=optional)
        self.section: Facts = {}
        self.above: dict[int, object] = {}
        self.pending: str | None = None
        self.headings = {c.index: {words.plain(p) for p in c.heading.split(" · ")} for c in mapping.columns}
        self.label_cache: dict[tuple[str, object], Facts | str] = {}
        self.meant_cache: dict[tuple[str, object], object] = {}
        self.total_cache: dict[tuple[str, str], bool] = {}
        self.of_headings = {column.index: _of_heading(column) for column in self.counts}
        self.gates = reference.gates().codes | self._chosen("gate")
        self.gate_names = mapping.names.get("gate", {})
        self.keys: set[int] = set()
        self.older_keys: set[int] = set()

    # One row

    def take(self, number: int, row: tables.Row) -> Iterator[Item]:
        """The items of one row of the file."""
        if not any(cell is not None for cell in row):
            return
        if row == [tables.BAD_LINE]:
            yield self._refusal(number, None, "malformed", "")
            return
        row = self._rejoined(row)
        if self._is_heading(row):
            return
        if not self._holds_counts(number, row):
            self._take_lone_label(row)
            return
        label_cells = self._label_cells(row)
        total = self._total_label(label_cells)
        if total is not None:
            yield from self._take_total(number, row, label_cells, total)
            return
        yield from self._take_figures(number, row, label_cells)

    def finish(self) -> Iterator[Item]:
        """Totals that stood above their parts, checked now that the parts are known."""
        for row, index, what, stated, summed in self.sums.finish():
            yield TotalCheck(self._place(row, self._column(index)), what, stated, summed)

    def _rejoined(self, row: tables.Row) -> tables.Row:
        """A row whose label stood alone on the line before gets it back."""
        if not self.mapping.labels_apart or not self.labels:
            return row
        first = self.labels[0].index
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and isinstance(filled[0], str) and len(row) > first and row[first] is not None:
            self.pending = filled[0]
            return row
        label, self.pending = self.pending, None
        if (
            label is not None
            and numbers.parse(row[first] if len(row) > first else None, self.style) is not None
        ):
            return [*row[:first], label, *row[first:]]
        return row

    def _is_heading(self, row: tables.Row) -> bool:
        """The headings again, as on each printed page, or tags below them."""
        matched = 0
        for index, cell in enumerate(row):
            if cell is None:
                continue
            if not isinstance(cell, str):
                return False
            if not cell.lstrip().startswith("#") and words.plain(cell) not in self.headings.get(index, ()):
                return False
            matched += 1
        return matched > 1

    def _holds_counts(self, number: int, row: tables.Row) -> bool:
        if self.mapping.meanings.get("") == "zero" and sum(cell is not None for cell in row) == len(
            self.labels
        ):
            return True
        if self._is_labelled(row):
            return True
        return any(
            (c.index < len(row) and row[c.index] is not None) or (number, c.index + 1) in self.formulas
            for c in self.figures
        )

    def _is_labelled(self, row: tables.Row) -> bool:
        """Whether a row without counts says all the same of whom and when, as rows of figures do."""
        needed = [c for c in self.labels if c.role not in ("detail", "status")]
        if len(needed) < 2 or not any(c.role in _PERIOD_ROLES for c in needed):
            return False
        cells = [(c, row[c.index] if c.index < len(row) else None) for c in needed]
        return all(cell is not None and isinstance(self._remembered(c.role, cell), dict) for c, cell in cells)

    def _take_lone_label(self, row: tables.Row) -> None:
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and self.mapping.section:
            facts = self._resolve(self.mapping.section, filled[0])
            if isinstance(facts, dict):
                self.section = facts
                self.sums.new_section()

    def _label_cells(self, row: tables.Row) -> dict[int, object]:
        """The cell of each label column, merged labels repeated."""
        found: dict[int, object] = {}
        for column in self.labels:
            cell = row[column.index] if column.index < len(row) else None
            cell = cell.strip() if isinstance(cell, str) else cell
            if column.fill_down and not any(
                words.total_rest(str(c)) is not None for c in found.values() if c
            ):
                cell = self.above.get(column.index) if cell is None else cell
                self.above[column.index] = cell
            found[column.index] = cell
        return found

    # Totals

    def _total_label(self, cells: dict[int, object]) -> int | None:
        """The column whose label says that the row adds up others."""
        for column in self.labels:
            cell = cells[column.index]
            if isinstance(cell, str) and self._is_total(column.role, cell):
                return column.index
        return None

    def _is_total(self, role: str, label: str) -> bool:
        known = self.total_cache.get((role, label))
        if known is None:
            if len(self.total_cache) >= _CACHE:
                self.total_cache.clear()
            adds_up = words.total_rest(label) is not None and role != "measure"
            adds_up = adds_up or (role == "nationality" and words.is_region(label))
            known = self.total_cache[role, label] = adds_up and label not in self.mapping.names.get(role, ())
        return known

    def _take_total(self, number: int, row: tables.Row, cells: dict[int, object], at: int) -> Iterator[Item]:
        stated: dict[int, int] = {}
        for column in self.figures:
            count = self._count(number, row, column)
            if isinstance(count, numbers.Count) and count.value is not None:
                stated[column.index] = count.value
        scope = tuple(
            None if column.index == at else self._meant(column, cells[column.index]) for column in self.labels
        )
        what = self._named(cells)
        trailing = "sub" in words.plain(str(cells[at]))
        is_part = trailing or words.total_rest(str(cells[at])) is None
        for index, agreed, summed in self.sums.total(
            number, scope, what, stated, is_part=is_part, trailing=trailing
        ):
            yield TotalCheck(
                self._place(number, self._column(index)), self._what(what, index), agreed, summed
            )
        for row_number, index, named, agreed, summed in self.sums.closed():
            yield TotalCheck(
                self._place(row_number, self._column(index)), self._what(named, index), agreed, summed
            )

    def _meant(self, column: Column, cell: object) -> object:
        """What a label stands for, however it is written ("Mayo ", 5), so that totals find their parts."""
        if cell is None:
            return None
        known = self.meant_cache.get((column.role, cell))
        if known is None:
            if len(self.meant_cache) >= _CACHE:
                self.meant_cache.clear()
            facts = "" if column.role == "detail" else self._remembered(column.role, cell)
            known = (
                words.plain(_text(cell))
                if isinstance(facts, str)
                else tuple(sorted((name, str(fact)) for name, fact in facts.items() if name != "status"))
            )
            self.meant_cache[column.role, cell] = known
        return known

    def _named(self, cells: dict[int, object]) -> str:
        """A row by its labels, its month in words and whole: "mayo de 2025 · Total"; the words are the file's."""
        timed = [c for c in self.labels if c.role in _PERIOD_ROLES and cells[c.index] is not None]
        facts: Facts = {**self.mapping.fixed, **self.section}
        for column in timed:
            said = self._remembered(column.role, cells[column.index])
            facts.update(said if isinstance(said, dict) else {})
        month, year = facts.get("month"), facts.get("year")
        written = [_text(cells[column.index]) for column in timed]
        if timed and isinstance(month, int) and isinstance(year, int) and "monthday" not in facts:
            is_english = any(
                _ENGLISH_TIMES & set(words.plain(f"{column.heading} {text}").split())
                for column, text in zip(timed, written, strict=True)
            )
            written = [periods.month_words(year, month, "en" if is_english else "es")]
        others = [_text(cells[c.index]) for c in self.labels if c not in timed and cells[c.index] is not None]
        return " · ".join([*written, *others])

    def _what(self, label: str, index: int) -> str:
        column = self._column(index)
        return f"{label} · {column.heading}" if column and len(self.figures) > 1 and column.heading else label

    def _check_row_totals(
        self, number: int, label: str, values: dict[int, numbers.Count]
    ) -> Iterator[TotalCheck]:
        """Total columns against the columns they add up: those whose headings say all that theirs says."""
        for total in self.totals:
            stated = values.get(total.index)
            parts = [c for c in self.counts if total.sets.items() <= c.sets.items()]
            if stated is None or stated.value is None or not parts or self._mixes_measures(parts):
                continue
            counts = [values[c.index] for c in parts if c.index in values]
            if not counts:
                continue
            low = sum(c.value if c.value is not None else c.low or 0 for c in counts)
            high = sum(c.value if c.value is not None else c.high or 0 for c in counts)
            summed = min(max(stated.value, low), high)
            yield TotalCheck(self._place(number, total), f"{label} · {total.heading}", stated.value, summed)

    def _mixes_measures(self, parts: list[Column]) -> bool:
        return len({column.sets.get("measure") for column in parts}) > 1

    # Figures

    def _take_figures(self, number: int, row: tables.Row, cells: dict[int, object]) -> Iterator[Item]:
        """The figures of a row; what is refused of it stays out of the sums that totals are held against."""
        said = self._resolve_all(tuple(cells.values()))
        values: dict[int, numbers.Count] = {}
        refused = False
        for column in self.figures:
            count = self._count(number, row, column)
            if isinstance(count, numbers.Fault):
                found = row[column.index] if column.index < len(row) else ""
                refused = True
                yield self._refusal(number, column, count.code, str(found))
            elif count is not None:
                values[column.index] = count
        if said.faults:
            for column, code, text in said.faults:
                yield self._label_refusal(number, column, code, text)
            return
        if not values and not refused:
            yield self._not_available(number, row)
            return
        taken = {column.index: values[column.index] for column in self.totals if column.index in values}
        for column in self.counts:
            if column.index in values:
                item = self._figure(number, column, said, values[column.index])
                if isinstance(item, Figure):
                    taken[column.index] = values[column.index]
                yield item
        meant = tuple(self._meant(column, cells[column.index]) for column in self.labels)
        self.sums.add(meant, taken)
        if self.totals:
            yield from self._check_row_totals(number, self._named(cells), values)

    def _not_available(self, number: int, row: tables.Row) -> Refusal:
        """A row of which the source says that it is counted, and not how many."""
        column = self.figures[0]
        cell = row[column.index] if column.index < len(row) else None
        return self._refusal(number, column, "not-available", _text(cell) if cell is not None else "")

    def _count(self, number: int, row: tables.Row, column: Column) -> numbers.Count | numbers.Fault | None:
        """The count in a cell; None where the source says nothing."""
        cell = row[column.index] if column.index < len(row) else None
        if isinstance(cell, str) and numbers.is_digits(cell) and len(cell) < 11:
            return numbers.Count(int(cell))
        if cell is None and self.formulas and (number, column.index + 1) in self.formulas:
            return numbers.Fault("formula-without-value")
        sign = numbers.sign_of(cell)
        if sign is not None:
            meaning = self.mapping.meanings.get(sign, "missing")
            if meaning == "zero":
                return numbers.Count(0)
            return None if meaning == "missing" else numbers.Count(None, *meaning)
        count = numbers.parse(cell, self.style)
        if count is None:
            is_error = isinstance(cell, str) and cell.startswith("#")
            return numbers.Fault("spreadsheet-error" if is_error else "not-a-number")
        return count

    def _figure(self, number: int, column: Column, said: _Labels, count: numbers.Count) -> Item:
        facts = self._compose(column, said)
        if isinstance(facts, str):
            return self._label_refusal(number, column, facts, str(column.sets.get("gate", "")))
        figure = Figure(
            place=self._place(number, column), value=count.value, low=count.low, high=count.high, **facts  # type: ignore[arg-type]
        )  # fmt: skip
        if self._said_before(figure):
            return Refusal(
                figure.place,
                "said-twice",
                "Another row already states this figure. Keep one of the two.",
                "Otra fila ya da esta cifra. Conserve una de las dos.",
                str(count.value if count.value is not None else ""),
            )
        return figure

    def _said_before(self, figure: Figure) -> bool:
        key = hash(
            (figure.measure, figure.gate, figure.frequency, figure.period, figure.nationality, figure.departure,
             figure.sex, figure.age, figure.direction, figure.detail)
        )  # fmt: skip
        if key in self.keys or key in self.older_keys:
            return True
        if len(self.keys) >= _REMEMBERED_KEYS:
            self.keys, self.older_keys = set(), self.keys
        self.keys.add(key)
        return False

    def _compose(self, column: Column, said: _Labels) -> Facts | str:
        facts: Facts = {**self.mapping.fixed, **self.section, **said.facts, **self.of_headings[column.index]}
        made = periods.compose(
            _period_parts(facts), frequency=self.mapping.frequency, fiscal_start=self.mapping.fiscal_start
        )
        if isinstance(made, str):
            return f"no-{made}"
        frequency, period = made
        if period > self.today:
            return "in-the-future"
        gate, measure = str(facts.get("gate", "")), facts.get("measure", "")
        gate = self.gate_names.get(gate, gate)
        if gate and gate not in self.gates:
            return "unknown-gate"
        named = ("nationality", "departure", "sex", "age", "direction", "detail")
        return {
            "measure": measure,
            "gate": gate,
            "frequency": frequency,
            "period": period,
            "status": facts.get("status", "validated"),
            **{name: facts[name] for name in named if name in facts},
        }

    def _chosen(self, role: str) -> set[str]:
        """Codes a person has put in the mapping: they are known even when they are not shipped."""
        fixed = {str(self.mapping.fixed[role])} if role in self.mapping.fixed else set()
        return fixed | set(self.mapping.names.get(role, {}).values())

    # Labels

    def _resolve_all(self, labels: tuple[object, ...]) -> _Labels:
        said = _Labels()
        details = []
        for column, cell in zip(self.labels, labels, strict=True):
            if column.role == "detail":
                if cell is not None:
                    details.append(f"{_detail_name(column)}={_text(cell)}")
                continue
            if cell is None:
                if not self._section_says(column):
                    said.faults.append((column, "missing-label", ""))
                continue
            facts = self._remembered(column.role, cell)
            if isinstance(facts, str):
                said.faults.append((column, facts, _text(cell)))
            else:
                said.facts.update(facts)
        if details:
            said.facts["detail"] = ";".join(details)
        return said

    def _section_says(self, column: Column) -> bool:
        return column.role in self.section or column.role in self.mapping.fixed or column.role == "status"

    def _remembered(self, role: str, cell: object) -> Facts | str:
        """`_resolve`, once for each label however many rows repeat it."""
        key = (role, cell)
        facts = self.label_cache.get(key)
        if facts is None:
            if len(self.label_cache) >= _CACHE:
                self.label_cache.clear()
            facts = self.label_cache[key] = self._resolve(role, cell)
        return facts

    def _resolve(self, role: str, cell: object) -> Facts | str:
        """What a label says, or the code of the refusal when it is not understood."""
        text = _text(cell)
        if "\ufffd" in text:
            return "unreadable-letters"
        given = self.mapping.names.get(role, {}).get(text)
        if role in _PERIOD_ROLES:
            return _period_facts(role, given if given is not None else cell, self.mapping.day_first)
        if role in ("nationality", "departure"):
            code = given or nationality.iso3(text)
            return {role: code} if code else "unknown-nationality"
        if role == "people":
            found = words.people(given or text)
            return dict(found) if found is not None else "unknown-people"
        if role == "status":
            status = _STATUSES.get(words.plain(given or text))
            return {"status": status} if status else "unknown-status"
        code = given or {
            "gate": reference.gates().exact,
            "measure": reference.measures().exact,
            "direction": words.direction,
        }[role](text)
        return {role: code} if code else f"unknown-{role}"

    # Places and refusals

    def _column(self, index: int) -> Column | None:
        return next((column for column in self.figures if column.index == index), None)

    def _place(self, number: int, column: Column | None) -> Place:
        heading = (column.heading or column_letters(column.index)) if column else ""
        return Place(number, heading, self.sheet_name)

    def _refusal(self, number: int, column: Column | None, code: str, found: str) -> Refusal:
        reason_en, reason_es = _REASONS[code]
        return Refusal(self._place(number, column), code, reason_en, reason_es, found[:80])

    def _label_refusal(self, number: int, column: Column, code: str, found: str) -> Refusal:
        if code == "unknown-nationality":
            return nationality.unknown(found[:80], self._place(number, column))
        return self._refusal(number, column, code, found)


def _text(cell: object) -> str:
    """A label as text: whole numbers without their decimals, nothing that a spreadsheet would run."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return guard.inert(str(cell).strip()) if isinstance(cell, str) else str(cell)


def _detail_name(column: Column) -> str:
    return words.plain(column.heading).replace(" ", "_") or column_letters(column.index)


def _of_heading(column: Column) -> Facts:
    """What a column's heading sets, dates as dates."""
    sets: Facts = dict(column.sets)
    if "day" in sets:
        sets["day"] = date.fromisoformat(str(sets["day"]))
    return sets


def _period_parts(facts: Facts) -> periods.Parts:
    return {
        name: facts[name]
        for name in ("week", "day", "year", "fiscal_year", "quarter", "month", "monthday")
        if name in facts
    }


def _period_facts(role: str, cell: object, day_first: bool) -> Facts | str:
    """The parts a label of a time column says; bare numbers are read as the column's role says."""
    number = _small_number(cell)
    limits = {"month": 12, "quarter": 4, "day": 31}
    if role in limits and number is not None and 1 <= number <= limits[role]:
        return {"monthday" if role == "day" else role: number}
    parts = periods.parse(cell, day_first)
    if parts is None:
        return "unknown-period"
    if role == "fiscal_year" and "year" in parts and "month" not in parts:
        parts = {**parts, "fiscal_year": parts["year"]}
        parts.pop("year")
    if role == "month":
        parts = {name: value for name, value in parts.items() if name != "monthday"}
    return dict(parts)


def _small_number(cell: object) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float) and cell == int(cell):
        return int(cell)
    if isinstance(cell, str) and numbers.is_digits(cell.strip()) and len(cell.strip()) <= 2:
        return int(cell)
    return None


def column_letters(index: int) -> str:
    """The letters a spreadsheet gives a column; 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


__all__ = ["ALL", "column_letters", "read", "read_source"]
