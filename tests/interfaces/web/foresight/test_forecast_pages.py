"""The forecast pages: all of them, one frozen as issued, and how good they have been."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client
from tests.factories.shipped import DARIEN, forecast_as_of, publish_shipped

from corredor.areas.foresight.models import Forecast
from corredor.areas.foresight.rules import Record
from corredor.interfaces.web.flows import words
from corredor.interfaces.web.foresight import reading
from corredor.kernel.sharing import Level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]


@pytest.fixture
def early() -> Forecast:
    """The forecast of February 2025, some of whose months have been counted since."""
    publish_shipped(DARIEN)
    forecast_as_of(date(2025, 2, 15), date(2025, 6, 30), source=DARIEN)
    return Forecast.objects.filter(nationality="ALL").earliest("origin")


def read(address: str, language: str = "en") -> str:
    client = Client()
    client.cookies["corredor_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_overview_tells_every_flow_beside_its_last_value(early):
    page = read("/foresight/")

    assert "Darién (border of Panama with Colombia): irregular transit" in page
    assert "Last value" in page
    assert re.search(r"about \d+ in 100", page)


def test_the_overview_sorts_and_keeps_to_a_gate(early):
    by_surge = read("/foresight/?sort=surge&gate=PAN-DARIEN")

    chances = [int(found) for found in re.findall(r"about (\d+) in 100", by_surge)]
    assert chances == sorted(chances, reverse=True)
    assert "0 flows" in read("/foresight/?gate=NOWHERE")


def test_a_forecast_is_shown_as_issued_with_what_came(early):
    page = read(f"/foresight/{early.pk}/")

    assert "Forecast, frozen as issued" in page
    assert "It was made afterwards" in page
    assert "A newer forecast has been issued" in page
    assert "What came" in page


def test_a_forecast_is_held_against_the_simple_one_unless_it_is_that_itself(early):
    Forecast.objects.filter(pk=early.pk).update(method="recalibrated_mixture")
    other = read(f"/foresight/{early.pk}/")
    Forecast.objects.filter(pk=early.pk).update(method=reading.SIMPLE)
    simple = read(f"/foresight/{early.pk}/")

    assert "Random walk, 80 per cent range" in other
    assert "Random walk, 80 per cent range" not in simple
    assert "This forecast is the simple one itself" in simple


def test_a_forecast_that_others_may_not_see_is_not_found(early):
    Forecast.objects.update(level=Level.OWN)

    assert Client().get(f"/foresight/{early.pk}/").status_code == 404
    assert Client().get(f"/foresight/{early.pk}/quantiles.csv").status_code == 404
    assert Client().get(f"/foresight/{early.pk}/fan.svg").status_code == 404


def test_its_quantiles_come_as_a_file(early):
    answer = Client().get(f"/foresight/{early.pk}/quantiles.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert rows[0]["quantile_level"] == "#meta+quantile"
    assert len(rows) - 1 == 23 * early.steps.count()
    assert rows[1]["attribution"]


def test_its_fan_comes_as_svg_and_png(early):
    assert "Servicio Nacional de Migración" in Client().get(f"/foresight/{early.pk}/fan.svg").content.decode()
    assert Client().get(f"/foresight/{early.pk}/fan.png").content.startswith(b"\x89PNG")


def test_the_scorecard_says_plainly_that_the_walk_is_no_better_than_itself(early):
    page = read("/foresight/record/")

    assert "as good as the simple forecast, and no better" in page
    assert "tan buenos como el pronóstico sencillo" in read("/foresight/record/", language="es")


def test_before_any_forecast_the_pages_say_so(db):
    assert "No forecast has been issued yet." in read("/foresight/")
    assert "nothing can be said" in read("/foresight/record/")


@pytest.mark.parametrize(
    ("ratio", "said"), [(0.8, "20% smaller"), (1.3, "rely on the last value"), (1.001, "no better")]
)
def test_the_verdict_is_in_words(ratio, said, settings):
    from django.utils import translation

    with translation.override("en"):
        assert said in reading.verdict(Record(40, ratio, 0.5, 0.8, 0.95))


@pytest.mark.parametrize(
    ("held", "said"), [(0.5, "too seldom"), (0.8, "about as promised"), (0.97, "more often")]
)
def test_whether_the_ranges_held_is_in_words(held, said):
    from django.utils import translation

    with translation.override("en"):
        assert said in reading.coverage(Record(40, 1.0, 0.5, held, 0.95))


@pytest.mark.parametrize(
    ("part", "word", "share"),
    [
        (0.001, "very unlikely", "less than 1 in 100"),
        (0.5, "about as likely as not", "about 50 in 100"),
        (0.999, "very likely", "more than 99 in 100"),
    ],
)
def test_a_chance_is_never_nought_or_all(part, word, share):
    from django.utils import translation

    with translation.override("en"):
        said = words.chance(part)

        assert (str(said["word"]), said["share"]) == (word, share)


def test_flows_kept_back_for_one_reason_are_named_under_it():
    publish_shipped(DARIEN)
    forecast_as_of(date(2027, 6, 30), date(2027, 6, 30), source=DARIEN)

    page = read("/foresight/record/")

    told = re.search(r'<div class="withheld"><h3>(.+?)</h3><ul class="columns">(.+?)</ul>', page)
    assert told
    assert "no figure for the last" in told[1]
    assert "(the last is for April 2025)" in told[1]
    assert "Darién" in told[2]
    assert "PAN-DARIEN" not in told[1]
