"""How a gate's line goes on when newer figures are told in another way than the published total."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest
from tests.areas.flows.conftest import row

from corredor.areas.flows import queries, services
from corredor.areas.flows.adapters import general
from corredor.areas.flows.queries.things import Headline
from corredor.kernel.policy import SYSTEM

pytestmark = pytest.mark.django_db

APRIL = [
    *(row(f"2024-0{month}-01", 1000 + month) for month in (1, 2, 3, 4)),
    *(row(f"2024-0{month}-01", 600 + month, nationality="CUB") for month in (1, 2, 3, 4)),
    *(row(f"2024-0{month}-01", 400, nationality="HTI") for month in (1, 2, 3, 4)),
]
MAY = [row("2024-05-01", 812, nationality="CUB"), row("2024-05-01", 1034, nationality="HTI")]
JUNE = [row("2024-06-01", 700, nationality="CUB"), row("2024-06-01", 300, nationality="HTI")]


def headline() -> Headline:
    [only] = queries.gate(SYSTEM, "HND-ALL").headlines
    return only


def told(found: Headline) -> list[tuple[str, int | None]]:
    return [(point.label, point.value) for point in found.points]


def test_a_newer_sum_over_nationalities_continues_the_published_line(take):
    take(APRIL, date(2024, 5, 10))
    take([*MAY, *JUNE], date(2024, 7, 10))

    found = headline()

    assert found.series.basis == "sum:nationality"
    assert (found.last.label, found.last.value) == ("2024-06", 1000)
    assert told(found)[-3:] == [("2024-04", 1004), ("2024-05", 1846), ("2024-06", 1000)]
    assert found.previous is not None
    assert found.previous.by == 1000 - 1846


def test_the_published_totals_of_earlier_months_stay_where_no_sum_reaches(take):
    take(APRIL[:4], date(2024, 5, 10))
    take(MAY, date(2024, 7, 10))

    found = headline()

    assert [label for label, _ in told(found)] == ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"]
    assert (found.last.value, found.previous.than.value) == (1846, 1004)


def test_a_sum_that_lacks_refused_rows_continues_the_line_and_says_so(take):
    take(APRIL, date(2024, 5, 10))
    take([*MAY, row("2024-05-01", -5, nationality="VEN")], date(2024, 7, 10))

    found = headline()

    assert (found.last.label, found.last.value, found.running) == ("2024-05", 1846, None)
    assert "parts-missing" in {flag.code for flag in found.flags}


def test_a_running_sum_of_an_unfinished_month_heads_nothing(take):
    take(APRIL, date(2024, 5, 10))
    take(MAY, date(2024, 5, 20))

    found = headline()

    assert (found.last.label, found.series.basis) == ("2024-04", "published")


def test_a_lone_part_told_with_a_remark_is_never_the_whole(take):
    take(APRIL, date(2024, 5, 10))
    take([row("2024-05-01", 905, nationality="CUB", detail="obs=rev.")], date(2024, 7, 10))

    page = queries.gate(SYSTEM, "HND-ALL")

    [found] = page.headlines
    assert (found.series.basis, found.last.label, found.last.value) == ("published", "2024-04", 1004)
    assert len(found.points) == 4
    [composition] = page.compositions
    assert {(part.code, part.point.value) for part in composition.parts} == {("CUB", 604), ("HTI", 400)}


def test_a_month_told_partly_with_a_remark_does_not_continue_the_line(take):
    take(APRIL, date(2024, 5, 10))
    take([row("2024-05-01", 905, nationality="CUB", detail="obs=rev."), *MAY[1:], row("2024-05-01", 3, nationality="VEN")], date(2024, 7, 10))  # fmt: skip

    assert headline().last.label == "2024-04"


def test_the_file_sent_again_without_its_remarks_continues_the_line(take):
    take(APRIL, date(2024, 5, 10))
    take([row("2024-05-01", 812, nationality="CUB", detail="obs=rev."), *MAY[1:]], date(2024, 7, 10))
    assert headline().last.label == "2024-04"

    take(MAY, date(2024, 7, 11))

    assert (headline().last.label, headline().last.value) == ("2024-05", 1846)


def test_one_nationality_alone_does_not_continue_the_line(take):
    take(APRIL, date(2024, 5, 10))
    take(MAY[:1], date(2024, 7, 10))

    assert (headline().last.label, headline().series.basis) == ("2024-04", "published")


def test_nationalities_that_never_made_up_the_total_do_not_continue_it(take):
    take([*APRIL[:4], *APRIL[8:], *(row(f"2024-0{m}-01", 20, nationality="VEN") for m in (1, 2, 3, 4))], date(2024, 5, 10))  # fmt: skip
    take(MAY, date(2024, 7, 10))

    assert (headline().last.label, headline().series.basis) == ("2024-04", "published")


def test_a_gate_told_only_with_a_remark_has_no_headline(take):
    take([row("2024-05-01", 905, nationality="CUB", detail="obs=rev.")], date(2024, 7, 10))

    assert queries.gate(SYSTEM, "HND-ALL").headlines == ()
    assert queries.situation(SYSTEM).gates == ()


def test_a_ministrys_workbook_with_remarks_carries_the_line_on(take, tmp_path):
    """The file of a delegate, with remarks, a count not available, and months written in two ways."""
    take(APRIL, date(2024, 5, 10))
    book = openpyxl.Workbook()
    for line in (
        ["Año", "Mes", "Nacionalidad", "Personas", "Obs."],
        [2024, "mayo", "Cuba", 812, "rev."],
        [2024, "Mayo ", "Haití", 1034, None],
        [2024, "mayo", "Ecuador", "n/d", None],
        [2024, "jun.", "Cuba", 905, "rev."],
        [2024, "junio", "Haití", 300, None],
        [2024, "junio", "Total", 1205, None],
    ):
        book.active.append(line)
    path = tmp_path / "cuadro.xlsx"
    book.save(path)
    mapping = general.propose(path, today=date(2024, 7, 10)).mapping
    mapping.fixed |= {"measure": "irregular_entries", "gate": "HND-ALL"}

    report = services.import_observations(
        path=path,
        by=SYSTEM,
        source="hnd-inm-irregular",
        mapping=json.loads(mapping.to_json()),
        known_at=date(2024, 7, 10),
    )

    found = headline()
    assert [(refused.place.row, refused.code) for refused in report.refusals] == [(4, "not-available")]
    assert [(check.what, check.stated, check.summed) for check in report.checks] == [
        ("junio de 2024 · Total", 1205, 1205)
    ]
    assert found.series.is_summed
    assert told(found)[-3:] == [("2024-04", 1004), ("2024-05", 1846), ("2024-06", 1205)]
    assert (found.last.label, found.running) == ("2024-06", None)
