"""Looking at a file and proposing how to read it: where the table is, what each column says, what is still to be asked."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

from corredor.areas.flows.adapters import guard, nationality
from corredor.areas.flows.adapters.figures import OTHER, Figure, FileRefused, Refusal, TotalCheck
from corredor.areas.flows.adapters.general import numbers, periods, reference, tables, words
from corredor.areas.flows.adapters.general.looking import Look, flattened, heading_text, look_at, shape_of
from corredor.areas.flows.adapters.general.mapping import Column, Mapping, fingerprint
from corredor.areas.flows.adapters.general.reading import column_letters, read_source

_LOOKED_AT_AFAR = 100_000
_PERIODS = ("period", "year", "fiscal_year", "quarter", "month", "day")
_WEAK_GATES = frozenset(["region", "area", "route", "ruta", "location", "frontera"])
_ENDS = re.compile(r"\b(end|fin|final|hasta|to|until)\b")  # of two dates, a period is known by its first
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FISCAL_YEAR = re.compile(
    r"\b(?:FY|AF|fiscal year|año fiscal|ano fiscal)\s?((?:19|20)\d\d|\d\d)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person must say or confirm before the file can be read; options are codes where there are some."""

    code: str
    text_en: str
    text_es: str
    options: tuple[str, ...] = ()
    about: str = ""


@dataclass(slots=True)
class Proposal:
    """What Corredor understood of a file: the mapping, what it rests on, and what remains to be asked."""

    mapping: Mapping
    kind: str
    sheets: list[str]
    title: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    notes: list[guard.Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    sample: list[Figure] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    checks: list[TotalCheck] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """The least sure of the columns that matter, 0 to 1; 0 when no column holds counts."""
        sure = [c.confidence for c in self.mapping.columns if c.role != "ignored"]
        return min(sure) if self.mapping.counts() else 0.0

    def to_json(self) -> str:
        """The proposal as JSON, for a page or a client to show."""
        return json.dumps(
            asdict(self) | {"confidence": self.confidence}, ensure_ascii=False, default=_plain_json
        )


def _plain_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def propose(path: Path, *, today: date, sheet: str = "", limits: guard.Limits | None = None) -> Proposal:
    """Look at a file and say how it would be read. Raises FileRefused when it is hostile or holds no table of figures."""
    source = tables.open_source(path, limits=limits)
    wanted = [source.sheet(sheet)] if sheet else source.sheets
    looks = [look for look in (look_at(source, each) for each in wanted) if look is not None]
    if not looks:
        raise FileRefused(
            "no-table",
            "No table of figures was found in the file.",
            "No se encontró una tabla de cifras en el archivo.",
        )
    proposals = [_propose(source, look, path) for look in looks]
    best = max(proposals, key=lambda p: (len(p.mapping.counts()) > 0, -len(p.questions), p.confidence))
    best.sheets = [p.mapping.sheet for p in proposals] if len(proposals) > 1 else [best.mapping.sheet]
    if len(proposals) > 1 and not sheet:
        best.questions.append(
            Question(
                "which-sheet",
                "Several sheets hold tables. Is this the one?",
                "Varias hojas contienen tablas. ¿Es esta?",
                tuple(best.sheets),
            )
        )
    _take_sample(source, best, today)
    return best


# ---------------------------------------------------------------------------------------------------------------------
# What each column says


@dataclass(slots=True)
class _Profile:
    """A column's heading and what its cells look like."""

    index: int
    parts: list[str]
    shapes: Counter[str]
    cells: list[object]

    @property
    def heading(self) -> str:
        return " · ".join(self.parts)

    @property
    def filled(self) -> int:
        return sum(n for shape, n in self.shapes.items() if shape != "_")

    @property
    def numeric(self) -> float:
        """The share of filled cells that could be counts."""
        return sum(self.shapes[s] for s in "NYSR") / self.filled if self.filled else 0.0

    def all_within(self, low: int, high: int) -> bool:
        found = [_number(cell) for cell in self.cells if cell is not None]
        return bool(found) and all(n is not None and low <= n <= high for n in found)


def _number(cell: object) -> int | None:
    if isinstance(cell, str) and numbers.is_digits(cell.strip()):
        return int(cell)
    return int(cell) if isinstance(cell, int | float) and cell == int(cell) else None


def _propose(source: tables.Source, look: Look, path: Path) -> Proposal:
    body = _unshifted(look)
    parts = flattened(look, look.headers)
    profiles = [_profile(index, parts[index], body[:500]) for index in range(look.width)]
    mapping = Mapping(look.sheet.name, look.start + 1, [], [at + 1 for at in look.headers])
    mapping.encoding, mapping.delimiter = source.encoding, source.delimiter
    mapping.labels_apart = body is not look.rows[look.start :] and len(body) != len(look.body())
    proposal = Proposal(mapping, source.kind.kind, [], notes=list(source.kind.notes))
    proposal.title = _titles(look)
    mapping.columns = _columns(profiles, body[:500], mapping)
    _settle_style(profiles, proposal)
    _settle_totals(mapping, body[:500])
    _settle_dates(source, mapping, profiles, proposal)
    _settle_fill(mapping, body)
    _settle_sections(mapping, body)
    _settle_fixed(proposal, path)
    _settle_names(mapping, profiles)
    _note_footnotes(proposal, look)
    mapping.layout = _layout(mapping)
    mapping.fingerprint = fingerprint(mapping.columns)
    proposal.questions += _questions(proposal, profiles, _about(proposal, path))
    return proposal


def _unshifted(look: Look) -> list[tables.Row]:
    """The rows below the headings; where labels stand on lines of their own, joined to their figures."""
    body = look.body()
    apart = 0
    joined: list[tables.Row] = []
    pending: object = None
    for row in body:
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and row and isinstance(row[0], str) and shape_of(row[0]) == "T":
            pending = row[0]
            joined.append(row)
            continue
        if (
            pending is not None
            and row
            and len(row) == look.width - 1
            and all(shape_of(c) in "NYS" for c in row)
        ):
            joined[-1] = [pending, *row]
            apart += 1
        else:
            joined.append(row)
        pending = None
    return joined if apart else body


def _profile(index: int, parts: list[str], body: list[tables.Row]) -> _Profile:
    cells = [row[index] if index < len(row) else None for row in body if _is_row_of_figures(row)]
    return _Profile(index, parts, Counter(shape_of(cell) for cell in cells), cells)


def _is_row_of_figures(row: tables.Row) -> bool:
    filled = [cell for cell in row if cell is not None]
    return len(filled) > 1 or (len(filled) == 1 and shape_of(filled[0]) in "NY")


def _columns(profiles: list[_Profile], body: list[tables.Row], mapping: Mapping) -> list[Column]:
    headed = any(profile.parts for profile in profiles)
    columns = [_column(profile, headed) for profile in profiles]
    _settle_labels(columns, profiles)
    _settle_counts(columns, profiles, mapping)
    return columns


def _column(profile: _Profile, headed: bool) -> Column:
    heading = profile.heading
    if not profile.filled and not _sets(profile.parts)[0]:
        return Column(profile.index, heading, "ignored", confidence=1.0, because=["blank"])
    if profile.filled and (profile.numeric < 0.6 or _is_time(profile) or _is_ages(profile)):
        return _label_column(profile)
    return _number_column(profile)


def _is_time(profile: _Profile) -> bool:
    """Whether a column headed as a time holds years as numbers beside years in words."""
    found = words.heading_role(profile.heading)
    if found is None or found[0] not in _PERIODS or not profile.shapes["P"]:
        return False
    return _shares(_distinct(profile.cells))["period"] >= 0.8


def _is_ages(profile: _Profile) -> bool:
    """Whether a column of ranges holds age groups rather than hidden counts."""
    return profile.shapes["R"] * 2 > profile.filled and not words.is_count_heading(profile.heading)


def _number_column(profile: _Profile) -> Column:
    """A column of numbers: a part of the period, something of no interest, or counts."""
    found = words.heading_role(profile.heading) or words.heading_role(
        profile.parts[-1] if profile.parts else ""
    )
    column = Column(profile.index, profile.heading, "count", confidence=0.5)
    role, word, sure = found or ("", "", 0.0)
    ranges = {
        "year": (1900, 2100),
        "fiscal_year": (1900, 2100),
        "month": (1, 12),
        "quarter": (1, 4),
        "day": (1, 31),
    }
    if role in ranges and profile.all_within(*ranges[role]):
        return Column(profile.index, profile.heading, role, confidence=sure, because=[word])
    if role == "period" and profile.all_within(1900, 2100):
        return Column(profile.index, profile.heading, "year", confidence=sure, because=[word])
    sets, because, is_total = _sets(profile.parts)
    column.sets, column.because = sets, because
    if sets:
        column.confidence = 0.9
    if is_total:
        column.role, column.confidence = "total", 0.9
    elif role == "ignored" and sure >= 0.6 and not sets and not (word in ("numero", "num", "no") and "de" in words.plain(profile.heading)):  # fmt: skip
        return Column(profile.index, profile.heading, "ignored", confidence=sure, because=[word])
    elif not sets and profile.filled >= 3 and profile.shapes["Y"] == profile.filled and not words.is_count_heading(profile.heading):  # fmt: skip
        return Column(profile.index, profile.heading, "year", confidence=0.6, because=["1900–2100"])
    elif not sets and words.is_count_heading(profile.heading):
        column.confidence, column.because = 0.9, [word or profile.heading]
    return column


def _sets(parts: list[str]) -> tuple[dict[str, str | int], list[str], bool]:
    """What a heading's parts fix of the figures below, the words that say so, and whether it is a total."""
    sets: dict[str, str | int] = {}
    because: list[str] = []
    is_total = False
    for part in parts:
        rest = words.total_rest(part)
        if rest is not None:
            is_total = True
            because.append(part)
        said = _said_by_heading(part if rest is None else rest)
        if said:
            sets.update(said)
            because.append(part)
    if "fiscal_year" in sets:
        sets.pop("year", None)
    return sets, list(dict.fromkeys(because)), is_total


def _said_by_heading(part: str) -> dict[str, str | int]:
    if not part or words.plain(part) in words.OTHERS:
        return {}  # other what, only the columns beside it tell
    parts = periods.parse_text(part)
    if parts:
        said: dict[str, str | int] = {}
        for name, value in parts.items():
            if name in ("week", "day") and isinstance(value, date):
                said["day"] = value.isoformat()
            elif name != "monthday" and isinstance(value, str | int):
                said[name] = value
        return said
    if people := words.people(part):
        return dict(people)
    if code := nationality.iso3(part):
        return {"nationality": code}
    if measure := reference.measures().exact(part):
        return {"measure": measure}
    if gate := reference.gates().exact(part):
        return {"gate": gate}
    if (direction := words.direction(part)) and words.plain(part) not in ("ingresos", "entradas", "arrivals"):
        return {"direction": direction}
    return {}


def _label_column(profile: _Profile) -> Column:
    """A column of texts: what its heading announces if its values bear it out, else what its values say."""
    heading = profile.heading
    found = words.heading_role(heading) or words.heading_role(profile.parts[-1] if profile.parts else "")
    role, word, sure = found or ("", "", 0.0)
    texts = _distinct(profile.cells)
    shares = _shares(texts)
    if role in (*_PERIODS,):
        role = _time_role(texts, role) if shares["period"] >= 0.5 else ""
    if role in ("people", "direction", "measure", "status") and shares[role] < 0.5:
        role = "detail" if role != "status" else "ignored"
        sure = 0.6
    if role == "gate" and word in _WEAK_GATES and shares["gate"] < 0.3:
        role, sure = "detail", 0.5
    if role == "gate" and shares["nationality"] < 0.3 and shares["gate"] < 0.1 and len(texts) > 200:
        role, sure = "detail", 0.4
    if role in ("nationality", "departure") and shares["nationality"] < 0.3:
        role, sure = "", 0.0
    if role == "ignored" and sure >= 0.6:
        return Column(profile.index, heading, "ignored", confidence=sure, because=[word])
    if role and role != "ignored":
        return Column(
            profile.index, heading, role, confidence=round(min(1.0, 0.6 * sure + 0.4), 2), because=[word]
        )
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= 0.6:
        role = _time_role(texts, "") if best == "period" else best
        return Column(
            profile.index, heading, role, confidence=round(0.8 * shares[best], 2), because=texts[:3]
        )
    if sum(map(len, texts)) > 80 * max(1, len(texts)):
        return Column(profile.index, heading, "ignored", confidence=0.6, because=["long text"])
    return Column(profile.index, heading, "detail", confidence=0.4, because=[])


def _distinct(cells: list[object], limit: int = 80) -> list[str]:
    found: dict[str, None] = {}
    for cell in cells:
        if cell is not None and len(found) < limit:
            text = cell.isoformat() if isinstance(cell, date) else str(cell).strip()
            if words.total_rest(text) is None and not words.is_region(text) and not words.is_footnote(text):
                found[text] = None
    return list(found)


def _shares(texts: list[str]) -> dict[str, float]:
    """For each kind of label the share of texts that are one."""
    tests = {
        "period": lambda text: periods.parse_text(text) is not None,
        "nationality": lambda text: len(text) > 2 and nationality.iso3(text) is not None,
        "people": lambda text: words.people(text) is not None,
        "gate": lambda text: reference.gates().likely(text) is not None,
        "direction": lambda text: words.direction(text) is not None,
        "measure": lambda text: reference.measures().exact(text) is not None,
        "status": lambda text: (
            words.plain(text) in ("provisional", "validated", "revised", "preliminar", "definitivo")
        ),
    }
    return {name: sum(map(test, texts)) / len(texts) if texts else 0.0 for name, test in tests.items()}


def _time_role(texts: list[str], announced: str) -> str:
    """Which part of a period a column holds, judged by what its labels say."""
    keys = Counter(key for text in texts for key in (periods.parse_text(text) or ()))
    if announced == "fiscal_year" and not (keys["day"] or keys["month"]):
        return "fiscal_year"
    if keys["day"] or keys["week"] or (keys["year"] and (keys["month"] or keys["quarter"])):
        return "period"
    for name in ("month", "quarter", "fiscal_year"):
        if keys[name]:
            return name if not keys["year"] else "period"
    return announced if announced in ("year", "fiscal_year") else "year"


def _settle_labels(columns: list[Column], profiles: list[_Profile]) -> None:
    """No two columns say the same thing: the surer keeps it, the other becomes a detail or steps aside."""
    fiscal = any(c.role == "fiscal_year" for c in columns)
    for role in ("nationality", "departure", "gate", "direction", "measure", "status", *_PERIODS):
        rivals = sorted(
            (c for c in columns if c.role == role),
            key=lambda c: (_ENDS.search(words.plain(c.heading)) is not None, -c.confidence),
        )
        for other in rivals[1:]:
            free = role == "nationality" and not any(c.role == "departure" for c in columns)
            other.role = "departure" if free and "destin" not in words.plain(other.heading) and words.heading_role(other.heading) is None else "detail"  # fmt: skip
            if role in _PERIODS:
                other.role = "ignored"
            other.confidence = min(other.confidence, 0.4)
    if any(c.role == "period" for c in columns):
        for column in columns:
            if column.role in ("year", "month", "quarter", "day") or (
                column.role == "fiscal_year" and not fiscal
            ):
                column.role, column.because = "ignored", [*column.because, "period"]
    if fiscal:
        for column in columns:
            if column.role == "year":
                column.role = "ignored"


def _settle_counts(columns: list[Column], profiles: list[_Profile], mapping: Mapping) -> None:
    """Which of the columns of numbers hold counts, and of what, when headings alone do not say."""
    counts = [c for c in columns if c.role == "count"]
    totals = [c for c in columns if c.role == "total"]
    if not counts and totals:
        _as_counts(totals)
        return
    lone = [c for c in counts if not c.sets]
    if len(lone) <= 1 and len(counts) <= 1:
        return
    _by_names(lone, counts, mapping, columns)
    _settle_others(lone, counts)
    lone = [c for c in lone if not c.sets]
    if not lone:
        return
    if any(c.sets for c in counts):
        for column in lone:
            column.role, column.confidence, column.because = ("total", 0.5, ["sum"]) if not column.heading else ("ignored", 0.3, ["not understood"])  # fmt: skip
        return
    sure = [c for c in lone if c.confidence >= 0.9] or lone
    for column in lone:
        if column is not sure[0]:
            column.role, column.confidence, column.because = (
                "ignored",
                0.3,
                ["another column holds the counts"],
            )


def _settle_others(lone: list[Column], counts: list[Column]) -> None:
    """A column headed "Other" is other of what the columns beside it are."""
    others = {"nationality": OTHER, "sex": "X"}
    kinds = Counter(kind for column in counts for kind in others if kind in column.sets)
    for column in lone:
        if not column.sets and kinds and words.plain(column.heading) in words.OTHERS:
            kind = kinds.most_common(1)[0][0]
            column.sets, column.confidence, column.because = {kind: others[kind]}, 0.7, [column.heading]


def _as_counts(totals: list[Column]) -> None:
    """A lone "Total" is the count itself."""
    for column in totals:
        column.role = "count"


def _by_names(lone: list[Column], counts: list[Column], mapping: Mapping, columns: list[Column]) -> None:
    """Columns headed by gates: when most headings name one, the others are gates too, still to be named."""
    if any(c.role == "gate" for c in columns) or len(lone) < 2:
        return
    named = {c.index: reference.gates().likely(c.heading) for c in lone}
    if sum(code is not None for code in named.values()) < 0.4 * len(lone):
        return
    known = mapping.names.setdefault("gate", {})
    taken = Counter(code for code in named.values() if code)
    for column in lone:
        code = named[column.index]
        column.sets["gate"] = column.heading
        column.confidence, column.because = (0.8, [column.heading]) if code else (0.4, ["among gates"])
        if code and taken[code] == 1:
            known[column.heading] = code


def _settle_style(profiles: list[_Profile], proposal: Proposal) -> None:
    texts = [
        cell
        for profile in profiles
        if profile.index in {c.index for c in proposal.mapping.columns if c.role in ("count", "total")}
        for cell in profile.cells
        if isinstance(cell, str)
    ]
    proposal.mapping.number_style, settled = numbers.style_of(texts)
    if not settled:
        proposal.questions.append(
            Question(
                "number-style",
                "Thousands are written in two ways. Which one is right?",
                "Los millares están escritos de dos maneras. ¿Cuál es la correcta?",
                numbers.STYLES,
            )
        )


def _settle_totals(mapping: Mapping, body: list[tables.Row]) -> None:
    """A column without heading, or a total of which it is not said of what, is told by arithmetic."""
    counts = mapping.counts()
    for column in [*mapping.totals(), *(c for c in counts if not c.heading)]:
        parts = [c for c in counts if c is not column]
        if len(parts) < 2:
            continue
        candidates = [column.sets, {}]
        best = max(candidates, key=lambda sets: _agreement(column, sets, parts, body, mapping))
        agreement = _agreement(column, best, parts, body, mapping)
        if column.role == "total" and agreement > _agreement(column, column.sets, parts, body, mapping):
            column.sets = best
        elif column.role == "count" and agreement >= 0.9:
            column.role, column.sets = "total", {}
        if agreement >= 0.9:
            column.confidence, column.because = 1.0, [*column.because, f"sum of {len(parts)} columns"]


def _agreement(column: Column, sets: dict[str, str | int], parts: list[Column], body: list[tables.Row], mapping: Mapping) -> float:  # fmt: skip
    """The share of rows in which a column equals the sum of those it would add up."""
    style = next(style for style in numbers.STYLES if style == mapping.number_style)
    chosen = [c for c in parts if sets.items() <= c.sets.items()]
    agree = seen = 0
    for row in body:
        stated = _exact(row, column, style)
        summed = [n for n in (_exact(row, c, style) for c in chosen) if n is not None]
        if stated is not None and len(summed) > 0 and (stated or any(summed)):
            seen += 1
            agree += stated == sum(summed)
    return agree / seen if seen else 0.0


def _exact(row: tables.Row, column: Column, style: numbers.NumberStyle) -> int | None:
    count = numbers.parse(row[column.index], style) if column.index < len(row) else None
    return count.value if isinstance(count, numbers.Count) else None


def _settle_dates(
    source: tables.Source, mapping: Mapping, profiles: list[_Profile], proposal: Proposal
) -> None:
    """What whole dates stand for, and whether the day or the month comes first."""
    dated = [c.index for c in mapping.labels() if c.role in ("period", "day")]
    cells = [cell for index in dated for cell in _cells_afar(source, mapping, index, profiles[index].cells)]
    if any(c.role == "day" for c in mapping.labels()):
        mapping.frequency = "D"
    slashed = [
        m for m in (re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}.*", str(c).strip()) for c in cells) if m
    ]
    if slashed:
        first, second = (max(int(m[i]) for m in slashed) for i in (1, 2))
        firsts, seconds = ({int(m[i]) for m in slashed} for i in (1, 2))
        mapping.day_first = first > 12 or (second <= 12 and not (firsts != {1} and seconds == {1}))
        if first <= 12 and second <= 12 and firsts != {1} and seconds != {1}:
            proposal.questions.append(
                Question(
                    "day-first",
                    "Is 03/04/2023 the third of April?",
                    "¿03/04/2023 es el tres de abril?",
                    ("yes", "no"),
                )
            )
    days = sorted({p["day"] for cell in cells if (p := periods.parse(cell, mapping.day_first)) and isinstance(p.get("day"), date)})  # type: ignore[type-var]  # fmt: skip
    headed = sorted(date.fromisoformat(str(c.sets["day"])) for c in mapping.counts() if "day" in c.sets)
    if not mapping.frequency and (days or headed):
        mapping.frequency = _frequency_of(days or headed)  # type: ignore[arg-type]


def _cells_afar(source: tables.Source, mapping: Mapping, index: int, near: list[object]) -> list[object]:
    """The distinct cells of a column of dates; a long file that begins with few of them is looked at further down."""
    found = dict.fromkeys(cell for cell in near if cell is not None)
    if len(found) < 8:
        for row in islice(source.rows(mapping.sheet), mapping.first_row - 1, _LOOKED_AT_AFAR):
            if index < len(row) and row[index] is not None:
                found[row[index]] = None
                if len(found) >= 60:
                    break
    return list(found)


def _frequency_of(days: list[date]) -> str:
    if all(day.day == 1 for day in days):
        starts = {day.month for day in days}
        if len(days) > 1 and len(starts) == 1:
            return "Y"
        return "Q" if len(days) > 2 and starts <= {1, 4, 7, 10} else "M"
    gaps = {(b - a).days for a, b in pairwise(days)}
    if (
        len({day.weekday() for day in days}) == 1
        and len(gaps)
        and len(days) > 3
        and all(gap % 7 == 0 for gap in gaps)
    ):
        return "W"
    ends = [day.replace(day=28) for day in days]
    if len(days) > 1 and len(set(ends)) == len(days) and all(day.day >= 28 for day in days):
        return "M"
    return "D"


def _settle_names(mapping: Mapping, profiles: list[_Profile]) -> None:
    """Labels of gates that name one in other words: the person sees each with the gate it is taken for."""
    names = reference.gates()
    for column in mapping.labels():
        if column.role == "gate":
            for text in _distinct(profiles[column.index].cells, 300):
                if names.exact(text) is None and (code := names.likely(text)):
                    mapping.names.setdefault("gate", {})[text] = code


def _settle_fill(mapping: Mapping, body: list[tables.Row]) -> None:
    """Labels merged over several rows are blank after the first; others beside them are not."""
    rows = [row for row in body if _is_row_of_figures(row) and any(shape_of(cell) in "NS" for cell in row)]
    labels = mapping.labels()
    for column in labels:
        cells = [row[column.index] if column.index < len(row) else None for row in rows]
        blank = sum(cell is None for cell in cells)
        filled_after = any(a is not None and b is None for a, b in pairwise(cells))
        beside = any(other is not column for other in labels)
        if cells and cells[0] is not None and filled_after and beside and blank * 10 >= len(cells) * 2:
            column.fill_down = True
    # The innermost label changes on every row: it is never merged.
    inner = [c for c in labels if not c.fill_down]
    if not inner and labels:
        labels[-1].fill_down = False


def _settle_sections(mapping: Mapping, body: list[tables.Row]) -> None:
    """Lines with one label alone that speak for the rows below, such as a year or a gate."""
    lone = [row for row in body if sum(cell is not None for cell in row) == 1]
    texts = [str(next(cell for cell in row if cell is not None)).strip() for row in lone]
    texts = [heading_text(t) if not t.endswith(".0") else t[:-2] for t in texts if not words.is_footnote(t)]
    if not texts or mapping.labels_apart:
        return
    shares = _shares(texts)
    roles = {c.role for c in mapping.columns}
    if shares["period"] >= 0.5 and not roles & {"year", "period", "fiscal_year"}:
        mapping.section = _time_role([t for t in texts if periods.parse_text(t)], "year")
    elif shares["nationality"] >= 0.5 and "nationality" not in roles:
        mapping.section = "nationality"
    elif shares["gate"] >= 0.5 and "gate" not in roles:
        mapping.section = "gate"
    elif shares["people"] >= 0.5 and "people" not in roles:
        mapping.section = "people"


def _titles(look: Look) -> list[str]:
    above = look.rows[: min(look.headers, default=look.start)]
    return [str(cell).strip() for row in above for cell in row if isinstance(cell, str)][:12]


def _about(proposal: Proposal, path: Path) -> list[str]:
    """What the file says of itself: its title, the sheet's name, its own name."""
    return [*proposal.title, proposal.mapping.sheet, path.stem.replace("_", " ").replace("-", " ")]


def _settle_fixed(proposal: Proposal, path: Path) -> None:
    """What the title, the sheet's or the file's name say once for all figures."""
    mapping = proposal.mapping
    texts = _about(proposal, path)
    if not mapping.says("year", "fiscal_year", "period", "day"):
        for text in texts:
            if match := _FISCAL_YEAR.search(text):
                mapping.fixed["fiscal_year"] = int(match[1]) if len(match[1]) == 4 else 2000 + int(match[1])
                break
            years = set(_YEAR.findall(text))
            if len(years) == 1:
                mapping.fixed["year"] = int(years.pop())
                break
    if not mapping.says(*_PERIODS[:1], "month", "quarter", "day"):
        found = [p for text in texts if (p := _period_in(text)) and "month" in p]
        if found and mapping.says("year"):
            month = mapping.fixed.setdefault("month", int(str(found[0]["month"])))
            proposal.questions.append(
                Question(
                    "confirm-month",
                    "The title names one month. Are all figures of that month?",
                    "El título nombra un mes. ¿Son todas las cifras de ese mes?",
                    (str(month), "whole year"),
                )
            )
    for role, names in (("measure", reference.measures()), ("gate", reference.gates())):
        if not mapping.says(role):
            code = next((c for text in texts if text and (c := names.likely(text))), None)
            if code and role == "measure":
                mapping.fixed[role] = code
                proposal.questions.append(
                    Question(
                        "confirm-measure",
                        "The title suggests what is counted. Is it so?",
                        "El título sugiere qué se cuenta. ¿Es así?",
                        (code, *_suggested(names, texts)),
                    )
                )


def _suggested(names: reference.Names, texts: list[str]) -> tuple[str, ...]:
    """All codes, those most like what the file says of itself first."""
    near = [entry.code for text in texts if text for entry in names.nearest(text)]
    return tuple(dict.fromkeys([*near, *sorted(names.codes)]))


def _period_in(text: str) -> periods.Parts | None:
    """A month and year named within a title."""
    for match in re.finditer(r"([A-Za-zé]+)\.?(?: de| del)? ((?:19|20)\d\d)", text):
        if parts := periods.parse_text(match[0]):
            return parts
    return None


def _note_footnotes(proposal: Proposal, look: Look) -> None:
    mapping = proposal.mapping
    labels = [c.index for c in mapping.labels()]
    for number, row in enumerate(look.body(), look.start + 1):
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and isinstance(filled[0], str) and words.is_footnote(filled[0]):
            proposal.footnotes.append(filled[0].strip()[:300])
        texts = [row[i] for i in labels if i < len(row) and isinstance(row[i], str)]
        if len(filled) > 1 and any(words.total_rest(t) is not None or words.is_region(t) for t in texts):
            proposal.total_rows.append(number)


def _layout(mapping: Mapping) -> str:
    keys = {key for column in mapping.counts() for key in column.sets}
    kinds = {
        "periods": keys & {"day", "year", "fiscal_year", "quarter", "month"},
        "nationalities": keys & {"nationality"},
        "people": keys & {"sex", "age"},
        "gates": keys & {"gate"},
        "measures": keys & {"measure"},
        "directions": keys & {"direction"},
    }
    found = [name for name, said in kinds.items() if said]
    return "wide by " + " and ".join(found) if found and len(mapping.counts()) > 1 else "long"


# ---------------------------------------------------------------------------------------------------------------------
# What remains to be asked


def _questions(proposal: Proposal, profiles: list[_Profile], about: list[str]) -> list[Question]:
    mapping = proposal.mapping
    found: list[Question] = []
    if not mapping.header_rows:
        found.append(Question("no-headings", "The table has no headings. What does each column hold?", "La tabla no tiene encabezados. ¿Qué contiene cada columna?"))  # fmt: skip
    if not mapping.counts():
        found.append(Question("which-count", "Which column holds the counts?", "¿Qué columna contiene los recuentos?", _options(mapping)))  # fmt: skip
    if not mapping.says("measure"):
        found.append(Question("which-measure", "What is counted?", "¿Qué se cuenta?", _suggested(reference.measures(), about)))  # fmt: skip
    if not mapping.says("gate"):
        found.append(Question("which-gate", "Where is it counted?", "¿Dónde se cuenta?", _suggested(reference.gates(), about)))  # fmt: skip
    if not mapping.says(*_PERIODS):
        found.append(
            Question("which-period", "Which period do the figures cover?", "¿Qué período abarcan las cifras?")
        )
    elif not mapping.says("year", "fiscal_year", "period", "day"):
        found.append(
            Question("which-year", "Which year do the figures cover?", "¿Qué año abarcan las cifras?")
        )
    dropped = [c for c in mapping.columns if c.role == "ignored" and c.confidence <= 0.3]
    found.extend(_column_question(column) for column in dropped)
    return [*found, *_sign_questions(mapping, profiles), *_name_questions(mapping, profiles)]


def _column_question(column: Column) -> Question:
    name = column.heading or column_letters(column.index)
    return Question(
        "what-is-this-column",
        f"The column “{name}” holds numbers and is left aside. What are they?",
        f"La columna «{name}» contiene números y se deja de lado. ¿Qué son?",
        ("count", "total", "ignored"),
        str(column.index),
    )


def _options(mapping: Mapping) -> tuple[str, ...]:
    return tuple(c.heading or column_letters(c.index) for c in mapping.columns)


def _sign_questions(mapping: Mapping, profiles: list[_Profile]) -> list[Question]:
    """Signs the file really uses whose meaning changes figures."""
    indexes = {c.index for c in mapping.counts()}
    signs = Counter(
        sign
        for p in profiles
        if p.index in indexes
        for cell in p.cells
        if (sign := numbers.sign_of(cell)) in ("*", "-", "—", "", "x", "c")
    )
    said = {
        "*": ("How many people does “*” hide?", "¿Cuántas personas oculta «*»?", ("1-4", "1-9", "missing")),
        "-": ("Does “-” mean none, or not known?", "¿«-» significa ninguno o no se sabe?", ("zero", "missing")),
        "—": ("Does “—” mean none, or not known?", "¿«—» significa ninguno o no se sabe?", ("missing", "zero")),
        "x": ("How many people does “x” hide?", "¿Cuántas personas oculta «x»?", ("1-4", "1-9", "missing")),
        "c": ("How many people does “c” hide?", "¿Cuántas personas oculta «c»?", ("1-4", "1-9", "missing")),
        "": ("Does a blank cell mean none, or not known?", "¿Una celda vacía significa ninguno o no se sabe?", ("missing", "zero")),
    }  # fmt: skip
    return [Question("what-does-it-mean", *said[sign], about=sign) for sign in said if signs[sign]]


def _name_questions(mapping: Mapping, profiles: list[_Profile]) -> list[Question]:
    """Labels that name no gate or nationality Corredor knows, each with what it may be."""
    found: list[Question] = []
    headed = [str(c.sets["gate"]) for c in mapping.counts() if "gate" in c.sets]
    for column in mapping.labels():
        if column.role not in ("gate", "nationality", "departure"):
            continue
        for text in _distinct(profiles[column.index].cells, 300):
            if column.role == "gate":
                headed.append(text)
            elif nationality.iso3(text) is None and len(found) < 40:
                near = tuple(s.iso3 for s in nationality.suggestions(text))
                found.append(Question("which-nationality", f"Which country is “{text}”?", f"¿Qué país es «{text}»?", near, text))  # fmt: skip
    names = reference.gates()
    for text in dict.fromkeys(headed):
        if names.exact(text) or text in mapping.names.get("gate", {}):
            continue
        near = tuple(entry.code for entry in names.nearest(text))
        found.append(Question("which-gate-is", f"Which gate is “{text}”?", f"¿Qué punto de control es «{text}»?", near, text))  # fmt: skip
    return found[:80]


def _take_sample(source: tables.Source, proposal: Proposal, today: date) -> None:
    """The first figures, refusals and checks as they would be read now."""
    if not proposal.mapping.counts():
        return
    for item in islice(read_source(source, proposal.mapping, today=today), 400):
        if isinstance(item, Figure) and len(proposal.sample) < 12:
            proposal.sample.append(item)
        elif isinstance(item, Refusal) and len(proposal.refused) < 12:
            proposal.refused.append(item)
        elif isinstance(item, TotalCheck) and len(proposal.checks) < 12:
            proposal.checks.append(item)
