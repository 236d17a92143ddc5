"""What an import brought, who sees it, and the contact point's decisions about it."""

import re

import pytest
from tests.factories import ministry
from tests.interfaces.web.flows.working.conftest import SOURCE, entered, kept

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Batch, QualityNote, Series, Source
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.policy import PUBLIC, SYSTEM
from corredor.kernel.sharing import Level

SMALL = (("Venezuela", 1200, 1350, 980), ("Haití", 310, 3, 45), ("Cuba", 95, 88, 130))
CHANGED = (("Venezuela", 1200, 1350, 990), *ministry.ROWS[1:])


def seen_by_public() -> list[int | None]:
    return [row.point.value for row in queries.figures(PUBLIC, queries.FigureFilter(source=SOURCE)).rows]


@pytest.fixture
def protected(_own_folder):
    Source.objects.filter(pk=SOURCE).update(small_cell_threshold=5)


def test_a_batch_tells_what_it_brought_and_what_was_refused(delegate):
    page = delegate.get(kept(delegate)).content.decode()

    assert "Rows and cells read" in page
    assert "Total general · 2024 · Febrero" in page
    assert "Own country only" in page


def test_a_later_batch_shows_before_and_after_of_what_it_revised(delegate):
    kept(delegate)

    page = delegate.get(kept(delegate, ministry.workbook(CHANGED), known_on="2024-07-15")).content.decode()

    assert "What it revised" in page
    assert re.search(r"980\s*</td>\s*<td class=\"number\">\s*990", page)


def test_the_contact_point_sees_what_others_will_see_before_publishing(delegate, protected):
    address = kept(delegate, ministry.workbook(SMALL))

    answer = delegate.post(f"{address}publish/", {"level": "3"})
    outlook, page = answer.context["outlook"], answer.content.decode()

    assert "This is what they will see" in page
    # The count of 3, and the smallest other one, by which it could be found out.
    assert outlook.protected == 2
    assert len(re.findall(r"<td class=\"number\">\s*protected\s*</td>", page)) == 2
    assert Batch.objects.get().level == Level.OWN
    assert seen_by_public() == []
    assert not AuditLine.objects.filter(verb="published").exists()


def test_publishing_shows_to_the_public_just_what_was_foreseen(delegate, protected):
    address = kept(delegate, ministry.workbook(SMALL))
    outlook = delegate.post(f"{address}publish/", {"level": "3"}).context["outlook"]

    delegate.post(f"{address}publish/", {"level": "3", "publish": "yes"})

    assert Batch.objects.get().level == Level.PUBLIC
    assert sorted(map(str, seen_by_public())) == sorted(str(row.point.value) for row in outlook.rows)


def test_publishing_needs_a_chosen_level(delegate):
    answer = delegate.post(f"{kept(delegate)}publish/", {})

    assert answer.status_code == 422
    assert "level" in answer.context["form"].errors


def test_an_earlier_batch_that_waits_is_named(delegate):
    kept(delegate)
    later = kept(delegate, ministry.workbook(CHANGED), known_on="2024-07-15")

    answer = delegate.post(f"{later}publish/", {"level": "3"})

    assert answer.status_code == 409
    assert f"(batch {Batch.objects.earliest('pk').pk})" in answer.context["form"].errors["level"][0]


@pytest.mark.parametrize("role", ["deputy", "reviewer"])
def test_others_read_why_they_cannot_decide_and_who_can(delegate, as_role, role):
    address, other = kept(delegate), as_role(role)

    page = other.get(address).content.decode()

    assert "Only the contact point of Honduras decides who sees these figures" in page
    assert "publish/" not in page
    assert other.get(f"{address}publish/").status_code == 403
    assert other.post(f"{address}withdraw/", {"reason": "x"}).status_code == 403


def test_another_country_sees_no_batch_of_this_one(delegate, as_role):
    address, other = kept(delegate), as_role("delegate", country="PAN")

    assert other.get(address).status_code == 404
    assert other.get(f"{address}publish/").status_code == 404
    assert "ingresos" not in other.get("/flows/batches/").content.decode()


def test_the_secretariat_sees_a_batch_once_members_do_and_no_small_counts_in_its_revisions(delegate, as_role):
    first, secretariat = kept(delegate), as_role("secretariat")
    later = kept(delegate, ministry.workbook(CHANGED), known_on="2024-07-15")
    assert secretariat.get(later).status_code == 404
    for address in (first, later):
        delegate.post(f"{address}publish/", {"level": "1", "publish": "yes"})

    page = secretariat.get(later).content.decode()

    assert "What it revised" not in page
    assert "Decide who may see it" not in page


def test_a_withdrawal_keeps_its_reason_on_record_and_what_was_said_before_holds_again(delegate):
    kept(delegate)
    later = kept(delegate, ministry.workbook(CHANGED), known_on="2024-07-15")

    refused = delegate.post(f"{later}withdraw/", {"reason": " "})
    delegate.post(f"{later}withdraw/", {"reason": "The wrong file."})

    assert "reason" in refused.context["form"].errors
    assert AuditLine.objects.get(verb="withdrawn").detail["reason"] == "The wrong file."
    series = Series.objects.get(nationality="VEN", basis="published")
    assert queries.series_points(SYSTEM, series.pk).points[-1].value == 980
    assert "Withdrawn" in delegate.get(later).content.decode()


def test_an_earlier_batch_is_not_withdrawn_under_a_later_one(delegate):
    first = kept(delegate)
    kept(delegate, ministry.workbook(CHANGED), known_on="2024-07-15")

    answer = delegate.post(f"{first}withdraw/", {"reason": "The wrong file."})

    assert answer.status_code == 409
    assert answer.context["form"]["reason"].value() == "The wrong file."


def test_batches_are_listed_source_by_source_and_page_by_page(delegate, monkeypatch):
    from corredor.interfaces.web.flows.working import batch_views

    monkeypatch.setattr(batch_views, "ON_A_PAGE", 1)
    kept(delegate)
    kept(delegate, ministry.workbook(CHANGED), name="julio.xlsx", known_on="2024-07-15")

    newest = delegate.get(f"/flows/batches/?source={SOURCE}").content.decode()
    older = delegate.get(f"/flows/batches/?before={Batch.objects.latest('pk').pk}").content.decode()

    assert "julio.xlsx" in newest
    assert "ingresos marzo.xlsx" not in newest
    assert "ingresos marzo.xlsx" in older


# Sharing


def test_the_contact_point_sets_how_far_series_may_go(delegate):
    delegate.post(f"{kept(delegate)}publish/", {"level": "3", "publish": "yes"})
    address = f"/flows/sharing/{SOURCE}/"
    form = delegate.get(address).context["form"]
    by_nationality = next(
        f"level-{at}" for at, group in enumerate(form.groups) if group.breakdown == "nationality"
    )

    delegate.post(address, entered(delegate.get(address), **{by_nationality: "0"}))

    assert set(Series.objects.filter(nationality="VEN").values_list("level", flat=True)) == {Level.OWN}
    assert len(seen_by_public()) == 3  # the sums of everybody


def test_the_threshold_is_shown_and_explained(delegate, protected):
    kept(delegate)

    page = delegate.get(f"/flows/sharing/{SOURCE}/").content.decode()

    assert "counts from 1 to below 5 are hidden" in page


def test_a_deputy_reads_the_levels_and_cannot_set_them(delegate, as_role):
    kept(delegate)
    deputy, address = as_role("deputy"), f"/flows/sharing/{SOURCE}/"

    assert "Only the contact point of Honduras sets how far" in deputy.get(address).content.decode()
    assert deputy.post(address, {"level-0": "0"}).status_code == 403
    assert as_role("delegate", country="PAN").get(address).status_code == 404


# Quality


def test_the_page_of_a_source_tells_its_gaps_and_the_notes_beside_its_figures(delegate):
    kept(delegate)
    series = Series.objects.get(basis="sum:nationality")

    delegate.post(
        f"/flows/quality/series/{series.pk}/note/?period=2024-02-01",
        {"text_es": "Cierre de la frontera", "text_en": "Border closed", "level": "0"},
    )
    page = delegate.get(f"/flows/quality/{SOURCE}/").content.decode()

    assert "Border closed (Demo Persona" in page
    assert QualityNote.objects.get().period.isoformat() == "2024-02-01"


def test_an_empty_note_is_refused_beside_its_field(delegate):
    kept(delegate)
    series = Series.objects.get(basis="sum:nationality")

    answer = delegate.post(
        f"/flows/quality/series/{series.pk}/note/", {"text_es": "", "text_en": " ", "level": "3"}
    )

    assert answer.status_code == 422
    assert "text_es" in answer.context["form"].errors
    assert answer.context["form"]["level"].value() == "3"


def test_a_note_is_written_by_the_own_country_only(delegate, as_role):
    delegate.post(f"{kept(delegate)}publish/", {"level": "3", "publish": "yes"})
    series = Series.objects.get(basis="sum:nationality")

    answer = as_role("delegate", country="PAN").post(
        f"/flows/quality/series/{series.pk}/note/", {"text_es": "x", "text_en": "", "level": "0"}
    )

    assert answer.status_code == 404
    assert not QualityNote.objects.exists()


def test_provisional_figures_are_declared_validated_as_a_batch_of_their_own(delegate, tmp_path):
    lines = [
        "measure,gate,frequency,period,nationality,departure,sex,age,direction,detail,value,low,high,status",
        "irregular_entries,HND-ALL,M,2024-01-01,,,,,,,70,,,provisional",
        "irregular_entries,HND-ALL,M,2024-02-01,,,,,,,80,,,provisional",
    ]
    path = tmp_path / "provisional.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    services.import_observations(path=path, by=SYSTEM, source=SOURCE)
    answers = {"about": "irregular_entries HND-ALL", "through": "2024-01-31"}

    offered = delegate.get(f"/flows/quality/{SOURCE}/").content.decode()
    done = delegate.post(f"/flows/quality/{SOURCE}/validate/", answers, follow=True).content.decode()
    again = delegate.post(f"/flows/quality/{SOURCE}/validate/", answers)

    assert "Declare provisional figures validated" in offered
    assert "1 figure is validated." in done
    assert "Validation of provisional figures" in done
    assert again.status_code == 409
    assert again.context["form"]["through"].value() == "2024-01-31"
