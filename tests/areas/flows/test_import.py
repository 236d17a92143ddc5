"""A file becomes a batch: all of it or nothing, every refusal with its place, and the same file changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from tests.areas.flows.conftest import COLUMNS, row
from tests.factories.people import actor

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Batch, Observation, Series
from corredor.areas.flows.services import FileNotTaken, LayoutUnknown, NewerFiguresKept, SourceNotSaid, store
from corredor.kernel import clock
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.errors import Invalid, NotPermitted
from corredor.kernel.events.models import StoredEvent
from corredor.kernel.policy import SYSTEM
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db
VEN = {"nationality": "VEN"}
HTI = {"nationality": "HTI"}


def current(**about):
    """Values of a series by period, as the system sees them."""
    key = {"nationality": "ALL", "basis": "published", "frequency": "M"} | about
    series = Series.objects.get(**key)
    return {point.label: point.value for point in queries.series_points(SYSTEM, series.pk).points}


def test_good_rows_are_kept_and_each_bad_one_is_refused_with_its_place(take):
    report = take(
        [row("2024-01-01", 10, **VEN), row("2024-01-01", "ten", **HTI), row("2024-02-01", 12, **VEN)]
    )

    assert (report.read, report.kept, report.refused) == (3, 2, 1)
    assert [(r.place.row, r.place.column, r.code) for r in report.refusals] == [(3, "value", "not-a-number")]
    assert report.refusals[0].reason_es
    assert report.refusals[0].reason_en
    assert current(nationality="VEN") == {"2024-01": 10, "2024-02": 12}


def test_a_sum_that_lacks_a_refused_row_says_so(take):
    take([row("2024-01-01", 10, **VEN), row("2024-01-01", "ten", **HTI)])
    total = Series.objects.get(basis="sum:nationality")

    page = queries.series_points(SYSTEM, total.pk)

    assert page.points[0].is_part
    assert [flag.code for flag in page.flags] == ["parts-missing"]


def test_the_same_file_twice_changes_nothing(take):
    rows = [row("2024-01-01", 10, **VEN), row("2024-01-01", "x", **HTI)]
    first = take(rows)
    before = list(Observation.objects.order_by("series", "period").values())

    again = take(rows)

    assert (again.status, again.batch, again.kept, again.refused) == ("known-already", first.batch, 0, 1)
    assert again.refusals[0].code == first.refusals[0].code
    assert list(Observation.objects.order_by("series", "period").values()) == before
    assert Batch.objects.count() == 1


def test_the_same_figures_in_another_file_write_nothing_but_are_on_record(take):
    take([row("2024-01-01", 10, **VEN)])

    again = take([row("2024-01-01", 10, **VEN), ""], date(2024, 7, 1))

    assert (again.status, again.kept, again.unchanged) == ("unchanged", 0, 1)
    assert Observation.objects.count() == 2  # the figure and its sum
    assert Batch.objects.filter(status="kept").count() == 2


def test_a_correction_is_a_new_row_and_the_old_one_stays(take):
    take([row("2024-01-01", 10, **VEN), row("2024-02-01", 20, **VEN)])

    report = take([row("2024-01-01", 11, **VEN), row("2024-02-01", 20, **VEN)], date(2024, 7, 1))

    assert (report.kept, report.revised, report.unchanged) == (1, 1, 1)
    series = Series.objects.get(nationality="VEN", basis="published")
    assert sorted(series.observations.values_list("value", flat=True)) == [10, 11, 20]
    assert current(nationality="VEN") == {"2024-01": 11, "2024-02": 20}
    assert current(basis="sum:nationality") == {"2024-01": 11, "2024-02": 20}


@pytest.mark.parametrize("known", [None, date(2024, 7, 1)])
def test_a_file_of_now_that_waited_while_another_was_kept_is_the_later_one(take, known):
    with clock.moved_to(datetime(2024, 7, 1, 15, tzinfo=UTC)):
        take([row("2024-01-01", 10)], known=None)
    with clock.moved_to(datetime(2024, 7, 1, 14, 59, tzinfo=UTC)):  # began earlier, was ready later
        take([row("2024-01-01", 11)], known=known)

    first, second = Batch.objects.order_by("pk")
    assert current(basis="published") == {"2024-01": 11}
    assert first.known_at <= second.known_at


def test_a_moment_of_today_is_taken_at_its_word(take):
    with clock.moved_to(datetime(2024, 7, 1, 15, tzinfo=UTC)):
        take([row("2024-01-01", 10)], known=None)
        with pytest.raises(NewerFiguresKept):
            take([row("2024-01-01", 11)], known=datetime(2024, 7, 1, 9, tzinfo=UTC))


def test_an_older_file_after_a_newer_one_is_refused(take):
    take([row("2024-01-01", 10)], date(2024, 7, 1))

    with pytest.raises(NewerFiguresKept):
        take([row("2024-01-01", 9)], date(2024, 6, 1))

    failed = Batch.objects.get(status="failed")
    assert failed.failure_es
    assert failed.failure_en
    assert not failed.observations.exists()


def test_figures_cannot_become_known_in_the_future(take):
    with pytest.raises(Invalid):
        take([row("2024-01-01", 10)], datetime(2999, 1, 1, tzinfo=UTC))


def test_a_dry_run_reports_and_keeps_nothing(take):
    report = take([row("2024-01-01", 10), row("2024-02-01", "x")], dry_run=True)

    assert (report.status, report.batch, report.kept, report.refused) == ("dry-run", None, 1, 1)
    assert not Observation.objects.exists()
    assert not Series.objects.exists()
    assert not Batch.objects.exists()


def test_a_file_of_which_no_row_can_be_taken_is_refused_and_remembered(take):
    report = take([row("2024-01-01", "x"), row("2024-13-01", 1)])

    assert report.status == "refused"
    page = queries.batch(SYSTEM, report.batch)
    assert page.batch.status == "failed"
    assert [refusal.row for refusal in page.refusals] == [2, 3]
    assert not StoredEvent.objects.filter(name="flows.ObservationsImported").exists()


def test_a_batch_leaves_an_audit_line_and_an_event_and_a_file_that_changes_nothing_no_event(take):
    take([row("2024-01-01", 10)])
    take([row("2024-01-01", 10), ""], date(2024, 7, 1))

    assert AuditLine.objects.filter(chain="HND", verb="imported").count() == 2
    assert StoredEvent.objects.filter(name="flows.ObservationsImported").count() == 1


def test_a_fault_in_the_middle_keeps_nothing_and_is_on_record(take, monkeypatch):
    def faulty(rows, batch):
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "write", faulty)

    with pytest.raises(OSError, match="no space"):
        take([row("2024-01-01", 10)])

    assert Batch.objects.get().status == "failed"
    assert not Observation.objects.exists()
    assert not AuditLine.objects.filter(verb="imported").exists()


def test_only_those_who_work_for_the_country_import_its_figures(take):
    take([row("2024-01-01", 10)], by=actor("deputy", country="HND"))

    for somebody in (
        actor("deputy", country="PAN"),
        actor("secretariat"),
        actor("enforcement", country="HND"),
    ):
        with pytest.raises(NotPermitted):
            take([row("2024-02-01", 10)], by=somebody)


def test_a_file_of_several_sources_is_imported_one_source_at_a_time(reference, tmp_path):
    path = tmp_path / "two.csv"
    lines = ["measure,gate,frequency,period,value,source"]
    lines += ["irregular_entries,HND-ALL,M,2024-01-01,10,hnd-inm-irregular"]
    lines += ["irregular_transit,PAN-DARIEN,M,2024-01-01,20,pan-snm-darien"]
    path.write_text("\n".join(lines))

    with pytest.raises(SourceNotSaid):
        services.import_observations(path=path, by=SYSTEM)
    report = services.import_observations(path=path, by=SYSTEM, source="pan-snm-darien")

    assert (report.kept, report.of_other_sources, report.read) == (1, 1, 2)


def test_a_hostile_or_unknown_file_is_refused_before_anything_is_kept(reference, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "letter.txt").write_text("Dear colleagues,\nplease find nothing here.\n")

    with pytest.raises(FileNotTaken):
        services.import_observations(path=tmp_path / "empty.csv", by=SYSTEM)
    with pytest.raises(LayoutUnknown):
        services.import_observations(path=tmp_path / "letter.txt", by=SYSTEM)

    assert not Batch.objects.exists()


def test_a_hidden_count_is_kept_as_its_range_and_so_is_its_sum(take):
    take([row("2024-01-01", "", low="1", high="4", **VEN), row("2024-01-01", 10, **HTI)])

    part = queries.series_points(SYSTEM, Series.objects.get(nationality="VEN").pk).points[0]
    whole = queries.series_points(SYSTEM, Series.objects.get(nationality="ALL").pk).points[0]

    assert (part.value, part.low, part.high) == (None, 1, 4)
    assert (whole.value, whole.low, whole.high, whole.parts) == (None, 11, 14, 2)


def test_a_publishers_own_layout_is_recognised_and_read(reference, shared_data):
    path = shared_data / "darien_transit" / "darien_monthly_by_nationality.csv"

    report = services.import_observations(path=path, by=SYSTEM)

    assert (report.adapter, report.source, report.status) == ("panama-darien", "pan-snm-darien", "kept")
    totals = current(basis="sum:nationality", gate="PAN-DARIEN")
    assert (totals["2023-08"], totals["2025-04"]) == (81_946, 73)


def test_a_figure_said_twice_by_an_adapter_is_taken_once(reference, shared_data, tmp_path):
    original = (shared_data / "darien_transit" / "darien_monthly_by_nationality.csv").read_text().splitlines()
    path = tmp_path / "darien_monthly_by_nationality.csv"
    path.write_text("\n".join([*original[:3], original[2]]) + "\n")

    report = services.import_observations(path=path, by=SYSTEM)

    assert report.kept == 2
    assert "said-twice" in {refusal.code for refusal in report.refusals}


def test_a_ministrys_own_table_is_proposed_confirmed_and_remembered(reference, tmp_path):
    path = tmp_path / "ingresos.csv"
    path.write_text("Año;Mes;Nacionalidad;Personas\n2024;Enero;Venezuela;1.200\n2024;Enero;Haití;300\n")
    by = actor("deputy", country="HND")

    proposal = services.propose_import(path=path, by=by, source="hnd-inm-irregular")
    mapping = proposal.mapping
    mapping["fixed"] |= {"measure": "irregular_entries", "gate": "HND-ALL"}
    report = services.import_observations(path=path, by=by, source="hnd-inm-irregular", mapping=mapping)
    next_month = tmp_path / "febrero.csv"
    next_month.write_text(
        "Año;Mes;Nacionalidad;Personas\n2024;Febrero;Venezuela;1.300\n2024;Febrero;Haití;280\n"
    )
    later = services.import_observations(path=next_month, by=by, source="hnd-inm-irregular")

    assert proposal.adapter == "general"
    assert (report.kept, later.kept) == (2, 2)
    assert services.propose_import(path=next_month, by=by, source="hnd-inm-irregular").is_remembered
    assert current(nationality="VEN") == {"2024-01": 1200, "2024-02": 1300}


def test_a_deputy_validates_provisional_figures_as_a_batch_of_their_own(take):
    take(
        [row("2024-01-01", 10, status="provisional", **VEN), row("2024-02-01", 5, status="validated", **VEN)]
    )
    by = actor("deputy", country="HND")

    report = services.validate(
        source="hnd-inm-irregular",
        measure="irregular_entries",
        gate="HND-ALL",
        through=date(2024, 1, 31),
        by=by,
    )

    series = Series.objects.get(nationality="VEN")
    points = queries.series_points(SYSTEM, series.pk).points
    assert report.kept == 1
    assert [(point.value, point.status) for point in points] == [(10, "validated"), (5, "validated")]
    with pytest.raises(services.NothingProvisional):
        services.validate(
            source="hnd-inm-irregular",
            measure="irregular_entries",
            gate="HND-ALL",
            through=date(2024, 1, 31),
            by=by,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_of_the_same_file_at_once_one_wins(reference, tmp_path):
    path = tmp_path / "same.csv"
    path.write_text("\n".join([COLUMNS, *(row(f"2023-{m:02d}-01", m, **VEN) for m in range(1, 13))]))

    def bring(_):
        try:
            return services.import_observations(path=path, by=SYSTEM, source="hnd-inm-irregular").status
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(bring, range(3)))

    assert outcomes == ["kept", "known-already", "known-already"]
    assert Series.objects.get(nationality="VEN").observations.count() == 12


def test_a_note_stands_beside_the_number_and_changes_nothing(take):
    take([row("2024-01-01", 10, **VEN)], level=Level.PUBLIC)
    series = Series.objects.get(nationality="VEN")

    services.annotate_quality(
        series=series.pk,
        by=actor("delegate", country="HND"),
        text_es="Una estación no informó.",
        period=date(2024, 1, 1),
        level=Level.PUBLIC,
    )

    page = queries.series_points(SYSTEM, series.pk)
    assert [(flag.code, flag.words.en) for flag in page.flags] == [("note", "Una estación no informó.")]
    assert page.points[0].value == 10
    with pytest.raises(NotPermitted):
        services.annotate_quality(series=series.pk, by=actor("reviewer", country="PAN"), text_es="…")
    with pytest.raises(NotPermitted):
        services.annotate_quality(
            series=series.pk, by=actor("reviewer", country="HND"), text_es="…", level=Level.MEMBERS
        )
