"""The form in which a person corrects how Corredor understood a file: one field for each thing that may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.queries import working
from corredor.areas.flows.queries.things import country_words
from corredor.areas.flows.services.proposing import ImportProposal
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.flows.working.series_words import DIRECTIONS, SEXES
from corredor.interfaces.web.people.forms import PlainForm

ROLES = {
    "count": _("The figures"),
    "total": _("Totals, to be checked and not kept"),
    "nationality": _("Nationality"),
    "departure": _("Country of departure"),
    "gate": _("Gate"),
    "period": _("Period or date"),
    "year": _("Year"),
    "fiscal_year": _("Fiscal year"),
    "quarter": _("Quarter"),
    "month": _("Month"),
    "day": _("Day"),
    "people": _("Sex or age group"),
    "direction": _("Direction"),
    "measure": _("What is counted"),
    "status": _("Provisional or validated"),
    "detail": _("A further detail, kept as written"),
    "ignored": _("Nothing: leave it aside"),
}
SET_WORDS = {
    "day": _("Day"),
    "year": _("Year"),
    "fiscal_year": _("Fiscal year"),
    "quarter": _("Quarter"),
    "month": _("Month"),
    "nationality": _("Nationality"),
    "departure": _("Country of departure"),
    "gate": _("Gate"),
    "sex": _("Sex"),
    "age": _("Age"),
    "direction": _("Direction"),
    "measure": _("What is counted"),
    "status": _("Status"),
    "detail": _("Detail"),
}
BECAUSE = {
    "blank": _("it is empty"),
    "remembered": _("somebody confirmed it before"),
    "sum": _("its numbers add up the others"),
    "not understood": _("nothing in it says what its numbers are"),
    "long text": _("it holds long texts"),
    "period": _("another column already says the period"),
    "among gates": _("it stands among names of gates"),
    "1900–2100": _("its numbers look like years"),
}
FREQUENCIES = {
    "": _("As the file says"),
    "D": _("A day"),
    "W": _("A week"),
    "M": _("A month"),
    "Q": _("A quarter"),
    "Y": _("A year"),
}
STYLES = {
    "plain": "1234",
    "1,234": "1,234",
    "1.234": "1.234",
    "1 234": "1 234",
    "1'234": "1'234",
}
MEANINGS = {
    "missing": _("Not known"),
    "zero": _("None: zero"),
    "1-4": _("A hidden count from 1 to 4"),
    "1-9": _("A hidden count from 1 to 9"),
}
YEARS = ("period", "year", "fiscal_year", "day")
SURE = 0.75
WHOLE_NUMBERS = ("year", "fiscal_year", "quarter", "month")


class MayBeEmpty:
    """A field that is answered by leaving it as it is: not marked as optional, and not required either."""

    def validate(self, value: Any) -> None:
        if value not in ("", None):
            super().validate(value)  # type: ignore[misc]


class OneOf(MayBeEmpty, forms.ChoiceField):
    """One of some answers."""


class WholeNumber(MayBeEmpty, forms.IntegerField):
    """A year, or another whole number."""


class Words(MayBeEmpty, forms.CharField):
    """A short text."""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column as the page shows it: its heading, the fields about it, and why Corredor thinks so."""

    heading: str
    role: forms.BoundField
    sets: list[forms.BoundField]
    because: str
    is_doubtful: bool


class ColumnsForm(PlainForm):
    """How a file is read. ``mapping`` holds the answer, in the form the importer takes, once the form is valid."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, proposal: ImportProposal, mapping: dict[str, Any], country: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        found = proposal.proposal
        if found is None:
            raise ValueError("only a file of no known layout has columns to confirm")
        self.given = mapping
        self.questions = found.questions
        self.columns: list[dict[str, Any]] = mapping["columns"]
        self.dimensions = _dimensions(self.columns)
        self._add_whole_file(country)
        self._add_names()
        self._add_signs()
        for column in self.columns:
            self._add_column(column)

    # Fields

    def _add_whole_file(self, country: str) -> None:
        fixed = self.given["fixed"]
        asked = {question.code for question in self.questions}
        self._add(
            "measure", _choice(_("What is counted?"), _measures(_("A column says it")), fixed.get("measure"))
        )
        self._add(
            "gate",
            _choice(_("Where is it counted?"), _gates(country, _("A column says it")), fixed.get("gate")),
        )
        if fixed.get("year") or asked & {"which-year", "which-period"}:
            year = WholeNumber(
                label=_("Which year do the figures cover?"), min_value=1900, max_value=2100,
                initial=fixed.get("year"),
            )  # fmt: skip
            self._add("year", year)
        if fixed.get("month") or asked & {"which-period", "confirm-month"}:
            months = [("", _("Several, a column or heading says it")), *_months()]
            self._add("month", _choice(_("Which month do the figures cover?"), months, fixed.get("month")))
        self._add(
            "frequency",
            _choice(_("What does one date stand for?"), FREQUENCIES.items(), self.given["frequency"]),
        )
        self._add(
            "number_style",
            _choice(_("How are thousands written?"), STYLES.items(), self.given["number_style"]),
        )
        if "day-first" in asked:
            days = [("yes", gettext("The third of April")), ("no", gettext("The fourth of March"))]
            chosen = "yes" if self.given["day_first"] else "no"
            self._add("day_first", _choice(_("What is 03/04/2023?"), days, chosen))
        if any(column["role"] == "fiscal_year" for column in self.columns):
            label = _("In which month does the fiscal year begin?")
            self._add("fiscal_start", _choice(label, _months(), self.given["fiscal_start"]))

    def _add_names(self) -> None:
        """Labels that name no country or gate Corredor knows."""
        self.named: dict[str, tuple[str, str]] = {}
        for kind, code in (("nationality", "which-nationality"), ("gate", "which-gate-is")):
            kept = self.given["names"].get(kind, {})
            if kind == "nationality":
                kept = {**self.given["names"].get("departure", {}), **kept}
            near = {question.about: question.options for question in self.questions if question.code == code}
            for label in dict.fromkeys([*near, *kept]):
                name = f"name-{len(self.named)}"
                self.named[name] = (kind, label)
                self._add(name, _name_field(kind, label, near.get(label, ()), kept.get(label, "")))

    def _add_signs(self) -> None:
        self.signs: dict[str, str] = {}
        for question in self.questions:
            if question.code != "what-does-it-mean":
                continue
            name = f"sign-{len(self.signs)}"
            self.signs[name] = question.about
            choices = [(code, MEANINGS[code]) for code in question.options]
            self._add(
                name,
                _choice(
                    _in_language(question), choices, _meaning(self.given["meanings"].get(question.about))
                ),
            )

    def _add_column(self, column: dict[str, Any]) -> None:
        at = column["index"]
        heading = heading_of(column)
        self._add(f"role-{at}", _choice(_of(_("It holds"), heading), ROLES.items(), column["role"]))
        if column["role"] != "count":
            return
        for name in self.dimensions:
            self._add(f"set-{at}-{name}", _set_field(name, column["sets"].get(name, ""), heading))

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field

    # For the page

    def about_file(self) -> list[forms.BoundField]:
        """What holds for the whole file."""
        names = ("measure", "gate", "year", "month", "frequency", "number_style", "day_first", "fiscal_start")
        return [self[name] for name in names if name in self.fields]

    def about_names(self) -> list[forms.BoundField]:
        return [self[name] for name in self.named]

    def about_signs(self) -> list[forms.BoundField]:
        return [self[name] for name in self.signs]

    def about_columns(self) -> Iterator[ColumnLine]:
        """The columns in their order, without the empty ones."""
        for column in self.columns:
            if column["because"] == ["blank"]:
                continue
            at = column["index"]
            sets = [self[f"set-{at}-{name}"] for name in self.dimensions if f"set-{at}-{name}" in self.fields]
            said = ", ".join(str(BECAUSE.get(word, f"“{word}”")) for word in column["because"])
            yield ColumnLine(heading_of(column), self[f"role-{at}"], sets, said, column["confidence"] < SURE)

    # Reading

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        columns = [self._column(column, entered) for column in self.columns]
        fixed = {
            name: value
            for name, value in self.given["fixed"].items()
            if name not in ("measure", "gate", "year", "month")
        }
        for name in ("measure", "gate"):
            if entered.get(name):
                fixed[name] = entered[name]
        for name in ("year", "month"):
            if entered.get(name):
                fixed[name] = int(entered[name])
        self.mapping = {
            **self.given,
            "columns": columns,
            "fixed": fixed,
            "frequency": entered.get("frequency", ""),
            "number_style": entered.get("number_style") or self.given["number_style"],
            "names": self._names(entered, columns),
            "meanings": self._meanings(entered),
        }
        if "day_first" in entered:
            self.mapping["day_first"] = entered["day_first"] == "yes"
        if "fiscal_start" in entered:
            self.mapping["fiscal_start"] = int(entered["fiscal_start"])
        self._require_enough(columns, fixed)
        return entered

    def _column(self, column: dict[str, Any], entered: dict[str, Any]) -> dict[str, Any]:
        at = column["index"]
        role = entered.get(f"role-{at}") or column["role"]
        sets = {}
        for name in self.dimensions:
            value = entered.get(f"set-{at}-{name}", column["sets"].get(name, ""))
            if value not in ("", None):
                sets[name] = int(value) if name in WHOLE_NUMBERS else value
        return {**column, "role": role, "sets": sets if role == "count" else {}}

    def _names(self, entered: dict[str, Any], columns: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
        names: dict[str, dict[str, str]] = {kind: dict(known) for kind, known in self.given["names"].items()}
        roles = {column["role"] for column in columns}
        for field, (kind, label) in self.named.items():
            kinds = (
                [k for k in ("nationality", "departure") if k in roles] if kind == "nationality" else [kind]
            )
            for each in kinds or [kind]:
                known = names.setdefault(each, {})
                known.pop(label, None)
                if entered.get(field):
                    known[label] = entered[field]
        return names

    def _meanings(self, entered: dict[str, Any]) -> dict[str, Any]:
        meanings = dict(self.given["meanings"])
        for field, sign in self.signs.items():
            if chosen := entered.get(field):
                meanings[sign] = [int(n) for n in chosen.split("-")] if "-" in chosen else chosen
        return meanings

    def _require_enough(self, columns: list[dict[str, Any]], fixed: dict[str, Any]) -> None:
        """Every figure must say what, where and when; the service would refuse it, but not beside the field."""
        counts = [column for column in columns if column["role"] == "count"]

        def says(*names: str) -> bool:
            if any(column["role"] in names for column in columns) or self.given["section"] in names:
                return True
            by_heading = bool(counts) and all(set(names) & set(column["sets"]) for column in counts)
            return by_heading or bool(set(names) & set(fixed))

        if not counts:
            first = next((f"role-{column['index']}" for column in self.columns), None)
            self.add_error(first, _("Say which column holds the figures."))
        if not says("measure"):
            self.add_error("measure", _("Say what is counted."))
        if not says("gate"):
            self.add_error("gate", _("Say where it is counted."))
        if not says(*YEARS):
            self._require_year()

    def _require_year(self) -> None:
        if "year" not in self.fields:
            self._add("year", WholeNumber(label=_("Which year do the figures cover?")))
        self.add_error("year", _("Say which year the figures cover."))


def heading_of(column: dict[str, Any]) -> str:
    """A column as its file names it; by its letter when it has no heading."""
    return column["heading"] or gettext("column %(letter)s") % {"letter": letters(column["index"])}


def letters(index: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    said = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        said = chr(65 + rest) + said
    return said


def _dimensions(columns: list[dict[str, Any]]) -> list[str]:
    used = {name for column in columns for name in column["sets"]}
    return [name for name in SET_WORDS if name in used]


def _in_language(question: Any) -> str:
    return question.text_es if (get_language() or "es").startswith("es") else question.text_en


def _choice(label: Any, choices: Any, chosen: Any) -> forms.ChoiceField:
    return OneOf(label=label, choices=list(choices), initial="" if chosen is None else str(chosen))


def _of(label: Any, heading: str) -> Any:
    """A label that says of which column it is to those who hear the page."""
    return format_html('{}<span class="hidden-text">: {}</span>', label, heading)


def _set_field(name: str, value: Any, heading: str) -> forms.Field:
    label, choices = _of(SET_WORDS[name], heading), _choices_of(name)
    if choices is not None:
        return _choice(label, [("", "–"), *choices], value)
    if name in WHOLE_NUMBERS:
        return WholeNumber(label=label, initial=value)
    return Words(label=label, initial=value, max_length=100)


def _choices_of(name: str) -> list[Any] | None:
    if name == "month":
        return _months()
    if name == "quarter":
        return [(str(n), str(n)) for n in range(1, 5)]
    if name == "sex":
        return list(SEXES.items())
    if name == "direction":
        return list(DIRECTIONS.items())
    if name == "measure":
        return [(card.code, str(card.name)) for card in working.measures()]
    if name == "gate":
        return [(card.code, str(card.name)) for card in flows.gates()]
    return None


def _months() -> list[tuple[str, str]]:
    language = (get_language() or "es")[:2]
    return [(str(n), formats.month(date(2024, n, 1), language).split(" ")[0]) for n in range(1, 13)]


def _measures(nothing: Any) -> list[Any]:
    return [("", nothing), *((card.code, str(card.name)) for card in working.measures())]


def _gates(country: str, nothing: Any) -> list[Any]:
    """The country's own gates first, then the others country by country."""
    groups: dict[str, list[tuple[str, str]]] = {country: []}
    for card in flows.gates():
        groups.setdefault(card.country, []).append((card.code, str(card.name)))
    shown = [
        (str(country_words(iso3)) if iso3 else gettext("Elsewhere"), gates) for iso3, gates in groups.items()
    ]
    return [("", nothing), *((name, gates) for name, gates in shown if gates)]


def _meaning(meaning: Any) -> str:
    return "-".join(map(str, meaning)) if isinstance(meaning, list | tuple) else str(meaning or "")


class CountryName(forms.CharField):
    """A country by its name in either language or its ISO code; "" leaves the rows of that label out."""

    def clean(self, value: Any) -> str:
        written = str(super().clean(value)).strip()
        if not written:
            return ""
        code = nationality.iso3(written)
        if code is None or code == "ALL":
            raise forms.ValidationError(
                gettext(
                    "“%(name)s” is no country Corredor knows. Choose one from the list, or leave it empty."
                )
                % {"name": written}
            )
        return str(code)


def _name_field(kind: str, label: str, near: tuple[str, ...], known: str) -> forms.Field:
    if kind == "gate":
        gates = {card.code: str(card.name) for card in flows.gates()}
        first = [(code, gates[code]) for code in near if code in gates]
        others = [(code, name) for code, name in gates.items() if code not in near]
        question = gettext("Which gate is “%(label)s”?") % {"label": label}
        return _choice(question, [("", _("None: leave these rows out")), *first, *others], known)
    hint: Any = _("Leave it empty and its rows are refused, each with its place.")
    if near:
        hint = gettext("Perhaps %(names)s. Left empty, its rows are refused.") % {
            "names": ", ".join(str(country_words(code)) for code in near)
        }
    return CountryName(
        label=gettext("Which country is “%(label)s”?") % {"label": label},
        required=False,
        initial=str(country_words(known)) if known else "",
        help_text=hint,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )


@cache
def country_names(language: str) -> tuple[str, ...]:
    """Every country by name, for the list a browser offers while one writes."""
    codes = (*nationality.alpha2_by_alpha3(), nationality.OTHER, nationality.STATELESS)
    return tuple(sorted({country_words(code).in_language(language) for code in codes}))
