"""Sentences beside numbers, in both languages."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from corredor.areas.flows.queries.things import Change, Flag, Point, Words
from corredor.areas.flows.rules import periods
from corredor.areas.flows.rules.quality import sum_difference

MINUS = "\N{MINUS SIGN}"
_UNITS = {
    "persons": ("person", "people", "persona", "personas"),
    "events": ("event", "events", "evento", "eventos"),
}


def number(count: int, language: str) -> str:
    """A count as every page writes it: "12,345", in Spanish as the region does (CLDR ``es_419``)."""
    return str(format_decimal(count, format="#,##0", locale="es_419" if language == "es" else "en_001"))


def period_words(first_day: date, frequency: str) -> Words:
    """ "March 2025", "week of 3 March 2025", "first quarter …" as the reader says it."""
    if frequency == "D":
        return Words(
            format_date(first_day, "d MMMM y", "en"), format_date(first_day, "d 'de' MMMM 'de' y", "es")
        )
    if frequency == "W":
        day = period_words(first_day, "D")
        return Words(f"week of {day.en}", f"semana del {day.es}")
    if frequency == "M":
        return Words(format_date(first_day, "MMMM y", "en"), format_date(first_day, "MMMM 'de' y", "es"))
    if frequency == "Q":
        quarter = (first_day.month + 2) // 3
        return Words(f"quarter {quarter} of {first_day.year}", f"trimestre {quarter} de {first_day.year}")
    if first_day.month == 1:
        return Words(str(first_day.year), str(first_day.year))
    last = periods.last_day_of(first_day, "Y").year
    return Words(f"fiscal year {last}", f"año fiscal {last}")


def what_changed(point: Point, unit: str, previous: Change | None, year: Change | None) -> Words:
    """One sentence on what is new in a period: the figure, and how it stands to the last one and to last year's."""
    one_en, many_en, one_es, many_es = _UNITS.get(unit, _UNITS["persons"])
    when = period_words(point.period, point.frequency)
    if point.value is None:
        return Words(
            f"{_capital(when.en)}: the count is not shown.", f"{_capital(when.es)}: no se muestra la cifra."
        )
    en = f"{_capital(when.en)}: {number(point.value, 'en')} {one_en if point.value == 1 else many_en}"
    es = f"{_capital(when.es)}: {number(point.value, 'es')} {one_es if point.value == 1 else many_es}"
    if point.is_provisional:
        en, es = f"{en} (provisional)", f"{es} (provisional)"
    for change in (previous, year):
        said = _said(change)
        if said:
            en, es = f"{en}; {said.en}", f"{es}; {said.es}"
    return Words(f"{en}.", f"{es}.")


def _said(change: Change | None) -> Words:
    if change is None or change.by is None:
        return Words()
    than = period_words(change.than.period, change.than.frequency)
    if change.by == 0:
        return Words(f"the same as in {than.en}", f"lo mismo que en {than.es}")
    en, es = ("more", "más") if change.by > 0 else ("fewer", "menos")
    share_en = share_es = ""
    if change.ratio is not None and change.than.value and change.than.value >= 20:
        percent = _percent(abs(change.ratio))
        sign = "+" if change.by > 0 else MINUS
        share_en = f" ({sign}{percent}%)"
        share_es = f" ({sign}{percent}\N{NO-BREAK SPACE}%)"
    size = abs(change.by)
    return Words(
        f"{number(size, 'en')} {en} than in {than.en}{share_en}",
        f"{number(size, 'es')} {es} que en {than.es}{share_es}",
    )


def _percent(share: float) -> str:
    """A share in whole percent; with a decimal where rounding would say all, or nothing, of what is not."""
    exact = share * 100
    is_blunt = round(exact) in (0, 100) and round(exact, 1) not in (0, 100)
    return f"{exact:.1f}" if is_blunt else f"{exact:.0f}"


def _signed(count: int, language: str) -> str:
    return f"{'+' if count > 0 else MINUS}{number(abs(count), language)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------------------------------------------------------------
# Flags


def part_period(point: Point) -> Flag:
    """The figure was stated before its period was over."""
    when = period_words(point.period, point.frequency)
    said = period_words(point.known_at.date(), "D")
    return Flag(
        "part-period",
        Words(
            f"{_capital(when.en)} is a running total, stated on {said.en} before the period was over.",
            f"{_capital(when.es)} es un acumulado parcial, dado el {said.es}, antes de terminar el período.",
        ),
        point.period,
    )


def parts_missing(point: Point) -> Flag:
    """A sum lacks parts: rows of the file were refused, or days have no figure."""
    when = period_words(point.period, point.frequency)
    return Flag(
        "parts-missing",
        Words(
            f"The sum for {when.en} lacks parts: rows were refused or have not arrived.",
            f"A la suma de {when.es} le faltan partes: hay filas rechazadas o que no han llegado.",
        ),
        point.period,
    )


def sum_differs(stated: Point, summed: Point) -> Flag:
    """The parts do not sum to the total that the source publishes."""
    when = period_words(stated.period, stated.frequency)
    by = sum_difference(stated.value, summed.value)
    return Flag(
        "sum-differs",
        Words(
            f"{_capital(when.en)}: the parts sum to {number(summed.value or 0, 'en')}, the published total is "
            f"{number(stated.value or 0, 'en')} (difference {_signed(by, 'en')}).",
            f"{_capital(when.es)}: las partes suman {number(summed.value or 0, 'es')} y el total publicado es "
            f"{number(stated.value or 0, 'es')} (diferencia {_signed(by, 'es')}).",
        ),
        stated.period,
    )


def gap(period: date, frequency: str) -> Flag:
    """A period without a figure."""
    when = period_words(period, frequency)
    return Flag("gap", Words(f"There is no figure for {when.en}.", f"No hay cifra de {when.es}."), period)


def unusual(point: Point, z: float) -> Flag:
    """The change to this figure is far from the changes before it."""
    when = period_words(point.period, point.frequency)
    en, es = ("rise", "el aumento") if z > 0 else ("fall", "el descenso")
    return Flag(
        "unusual",
        Words(
            f"The {en} in {when.en} is far from the usual changes: worth asking the source.",
            f"{_capital(es)} de {when.es} se aparta de los cambios habituales: conviene preguntar a la fuente.",
        ),
        point.period,
    )


def revised(point: Point) -> Flag:
    """The source corrected its figure."""
    when = period_words(point.period, point.frequency)
    before = point.revised_from or 0
    return Flag(
        "revised",
        Words(
            f"{_capital(when.en)} was revised: before, {number(before, 'en')}.",
            f"{_capital(when.es)} fue revisado: antes, {number(before, 'es')}.",
        ),
        point.period,
    )


def late(lag: int, last: Point, today: date) -> Flag:
    """The next figure is awaited for longer than this source usually takes (``lag`` days after a period ends)."""
    when = period_words(last.period, last.frequency)
    months = round((today - last.last_day).days / 30.44)
    old_en, old_es = f"{months} months old", f"tiene {months} meses"
    if months < 2:
        days = (today - last.last_day).days
        old_en, old_es = f"{days} days old", f"tiene {days} días"
    return Flag(
        "late",
        Words(
            f"This source is usually known about {lag} days after a period ends; its last figure, for {when.en}, "
            f"is {old_en}.",
            f"Las cifras de esta fuente suelen conocerse unos {lag} días después de terminar el período; la última, "
            f"de {when.es}, {old_es}.",
        ),
    )
