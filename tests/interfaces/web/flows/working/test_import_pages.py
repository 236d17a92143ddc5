"""A file is put aside, understood, previewed and kept; nothing entered is lost, nothing is kept unseen."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.factories import ministry
from tests.interfaces.web.flows.working.conftest import SOURCE, brought, entered, kept, mapped, upload

from corredor.areas.flows.models import Batch, Observation
from corredor.interfaces.web.flows.working import carrying, uploads
from corredor.kernel import clock
from corredor.kernel.jobs.models import Job

TIDY = "measure,gate,frequency,period,nationality,departure,sex,age,direction,detail,value,low,high,status\n"
ROW = "irregular_entries,HND-ALL,M,2024-01-01,VEN,,,,,,{},,,\n"


def test_an_unknown_layout_is_shown_column_by_column_with_what_led_to_it(delegate):
    address = brought(delegate)

    answer = delegate.get(address, follow=True)
    page = answer.content.decode()

    assert answer.redirect_chain[-1][0] == f"{address}columns/"
    assert "2024 · Enero" in page
    assert "pais de nacionalidad" in page  # the words that led to the role
    assert "Which country is “Congo Kinsasa”?" in page
    assert "Total general" in page
    assert not Batch.objects.exists()


def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(delegate):
    address = f"{brought(delegate)}columns/"
    page = delegate.get(address)

    answer = delegate.post(address, entered(page, **{"name-0": "COD", "role-3": "ignored"}))
    form = answer.context["form"]

    assert answer.status_code == 422
    assert set(form.errors) == {"measure", "gate"}
    assert (form["name-0"].value(), form["role-3"].value()) == ("COD", "ignored")


def test_a_country_is_taken_by_its_name_in_either_language_and_an_invented_one_is_not(delegate):
    address = f"{brought(delegate)}columns/"
    page = delegate.get(address)
    answers = {"measure": "irregular_entries", "gate": "HND-ALL"}

    refused = delegate.post(address, entered(page, **answers, **{"name-0": "Tierra Inventada"}))
    taken = delegate.post(address, entered(page, **answers, **{"name-0": "república democrática del congo"}))

    assert set(refused.context["form"].errors) == {"name-0"}
    assert taken.status_code == 302


def test_the_preview_says_what_would_change_and_keeps_nothing(delegate):
    address = mapped(delegate)

    page = delegate.get(address).content.decode()

    assert "What this file would change" in page
    assert '<strong>12</strong> <span class="soft small">said for the first time' in page
    assert not Observation.objects.exists()
    assert not Batch.objects.exists()


def test_a_label_left_open_is_refused_with_its_place_and_can_be_downloaded_in_the_reader_s_language(delegate):
    address = brought(delegate)
    page = delegate.get(f"{address}columns/")
    delegate.post(f"{address}columns/", entered(page, measure="irregular_entries", gate="HND-ALL"))

    preview = delegate.get(address)
    delegate.cookies["corredor_language"] = "es"
    file = delegate.get(f"{address}refused.csv").content.decode("utf-8-sig").splitlines()

    assert preview.context["report"]["refused"] == 1
    assert file[0] == "fila,hoja,columna,encontrado,motivo,código"
    assert file[1].startswith("9,,País de nacionalidad,Congo Kinsasa,")
    assert "nacionalidad conocida" in file[1]


def test_a_cell_that_would_be_a_formula_is_inert_in_the_download(delegate):
    rows = (*ministry.ROWS, ("@Tierra Inventada", 1, 2, 3))
    address = brought(delegate, ministry.workbook(rows))
    page = delegate.get(f"{address}columns/")
    delegate.post(f"{address}columns/", entered(page, measure="irregular_entries", gate="HND-ALL"))

    file = delegate.get(f"{address}refused.csv").content.decode()

    assert "'@Tierra Inventada" in file


def test_confirming_keeps_the_figures_as_a_batch_of_the_country_alone_and_removes_the_file(delegate):
    address = kept(delegate)

    batch = Batch.objects.get()
    assert address == f"/flows/batches/{batch.pk}/"
    assert (batch.status, batch.kept, batch.level) == ("kept", 12, 0)
    assert list(uploads.waiting(batch.imported_by_id)) == []


def test_the_layout_is_remembered_so_that_next_month_needs_no_question(delegate):
    kept(delegate)
    rows = (("Venezuela", 1200, 1350, 990), *ministry.ROWS[1:])

    address = brought(delegate, ministry.workbook(rows), known_on="2024-07-15")
    page = delegate.get(address)

    assert page.status_code == 200  # the preview at once
    report = page.context["report"]
    assert (report["kept"], report["revised"], report["unchanged"]) == (1, 1, 11)


def test_the_same_file_again_is_said_to_change_nothing_and_cannot_be_kept_twice(delegate):
    kept(delegate)

    page = delegate.get(brought(delegate)).content.decode()

    assert "Nothing changes" in page
    assert "Keep these figures" not in page
    assert Batch.objects.count() == 1


def test_a_tidy_file_goes_straight_to_its_preview(delegate):
    address = brought(delegate, (TIDY + ROW.format(7) + ROW.format("x")).encode(), name="tidy.csv")

    report = delegate.get(address).context["report"]

    assert (report["kept"], report["refused"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"PK\x03\x04 broken", "roto.xlsx"), (b"\x7fELF....", "figures.csv"), (b"hola\n", "nada.csv")],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field_and_not_left_behind(
    delegate, settings, content, name
):
    answer = delegate.post("/flows/import/", upload(content, name=name))

    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    assert answer.context["form"]["source"].value() == SOURCE
    assert list((Path(settings.HOME) / "uploads").glob("*")) == []


def test_a_file_larger_than_is_read_is_stopped_and_said(delegate, settings):
    settings.IMPORT_MAX_BYTES = 1_000

    answer = delegate.post("/flows/import/", upload(b"x" * 5_000))

    assert answer.status_code == 422
    assert "larger than Corredor reads" in answer.context["form"].errors["file"][0]


def test_a_file_whose_columns_were_wrongly_repaired_says_so_on_the_same_page(delegate):
    address = f"{brought(delegate)}columns/"
    page = delegate.get(address)
    answers = {
        bound.html_name: "ignored" for bound in page.context["form"] if bound.html_name.startswith("role-")
    }

    answer = delegate.post(address, entered(page, measure="irregular_entries", gate="HND-ALL", **answers))

    assert answer.status_code == 422
    assert "Say which column holds the figures." in answer.content.decode()


def test_a_month_named_wrongly_in_a_heading_is_corrected_by_hand(delegate):
    address = f"{brought(delegate)}columns/"
    page = delegate.get(address)
    answers = {"measure": "irregular_entries", "gate": "HND-ALL", "name-0": "COD", "set-3-month": "4"}

    delegate.post(address, entered(page, **answers))
    delegate.post(address.replace("columns/", "keep/"))

    assert set(Observation.objects.values_list("period__month", flat=True)) == {1, 2, 4}


def test_a_large_file_is_carried_by_a_worker_and_the_page_looks_again_by_itself(delegate, monkeypatch):
    monkeypatch.setattr(carrying, "AT_ONCE_BYTES", 10)
    address = mapped(delegate)

    waiting = delegate.get(address)
    asked = Job.objects.get(name="flows.carry_import")
    carrying.carry_import(**asked.arguments)
    preview = delegate.get(address)
    delegate.post(f"{address}keep/")
    carrying.carry_import(**Job.objects.filter(name="flows.carry_import").latest("pk").arguments)
    done = delegate.get(address)

    assert waiting["Refresh"] == "4"
    assert preview.context["report"]["kept"] == 12
    assert done["Location"] == f"/flows/batches/{Batch.objects.get().pk}/"


def test_a_worker_s_work_done_twice_changes_nothing(delegate, monkeypatch):
    monkeypatch.setattr(carrying, "AT_ONCE_BYTES", 10)
    address = mapped(delegate)
    carrying.carry_import(**Job.objects.get(name="flows.carry_import").arguments)
    delegate.post(f"{address}keep/")
    asked = Job.objects.filter(name="flows.carry_import").latest("pk")

    carrying.carry_import(**asked.arguments)
    carrying.carry_import(**asked.arguments)

    assert Batch.objects.count() == 1


def test_a_refusal_of_the_import_is_shown_in_words_and_the_file_stays(delegate):
    kept(delegate)
    older = mapped(delegate, ministry.workbook((("Cuba", 1, 2, 3),)), known_on="2024-01-15")

    page = delegate.get(older).content.decode()

    assert "Figures of this source that became known later are already kept." in page
    assert "Discard the file" in page


def test_a_file_is_seen_by_its_person_alone(delegate, as_role):
    address = brought(delegate)

    answers = {
        as_role("deputy").get(address).status_code,
        as_role("delegate", country="PAN").get(address).status_code,
    }

    assert answers == {404}


def test_a_person_imports_only_for_sources_of_the_own_country(as_role):
    answer = as_role("delegate", country="PAN").post("/flows/import/", upload())

    assert answer.status_code == 422
    assert "source" in answer.context["form"].errors


def test_a_discarded_file_is_gone(delegate, settings):
    address = brought(delegate)

    delegate.post(f"{address}discard/")

    assert delegate.get(address).status_code == 404
    assert list((Path(settings.HOME) / "uploads").glob("*")) == []


def test_an_eleventh_waiting_file_is_refused_in_words(delegate):
    for number in range(uploads.MOST_AT_ONCE):
        brought(delegate, name=f"{number}.xlsx")

    answer = delegate.post("/flows/import/", upload())

    assert answer.status_code == 409
    assert "Ten files" in answer.context["form"].errors["file"][0]


def test_files_of_abandoned_imports_are_forgotten_after_a_week(delegate, settings):
    brought(delegate)
    half = Path(settings.HOME) / "uploads" / ("a" * 32)
    half.mkdir()

    with clock.moved_to(clock.now() + timedelta(days=6)):
        carrying.forget_uploads()
    assert len(list(half.parent.glob("*"))) == 2
    with clock.moved_to(clock.now() + timedelta(days=8)):
        carrying.forget_uploads()

    assert list(half.parent.glob("*")) == []


def test_a_misleading_name_is_made_plain(delegate, settings):
    brought(delegate, name="..\\..\\etc/draft.json.xlsx")

    names = {path.name for path in (Path(settings.HOME) / "uploads").glob("*/*")}
    assert names == {"draft.json", "draft.json.xlsx"}
    assert uploads.plain_name("../../draft.json") == "file-draft.json"
    assert len(uploads.plain_name("á" * 400 + ".xlsx")) <= uploads.LONGEST_NAME


def test_a_known_layout_of_another_source_is_pointed_out(delegate):
    content = b"month,count,reported\n2024-01,5,2024-02-10\n2024-02,6,2024-03-10\n"
    address = brought(delegate, content, name="panama_darien_monthly.csv")

    page = delegate.get(address)

    assert page.context["other_layout"].code == "pan-snm-darien"
    assert "Is this the right source?" in page.content.decode()


def test_a_file_kept_by_a_colleague_meanwhile_is_not_kept_again(delegate, as_role):
    content = ministry.workbook()
    address = mapped(delegate, content)
    kept(as_role("deputy"), content)

    page = delegate.post(f"{address}keep/", follow=True).content.decode()

    assert "Nothing changed meanwhile" in page
    assert Batch.objects.count() == 1
