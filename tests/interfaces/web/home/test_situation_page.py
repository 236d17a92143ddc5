"""The situation page, as the public and as each role reads it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client
from tests.factories.people import holder
from tests.factories.shipped import DARIEN, HONDURAS, forecast_as_of, publish_shipped

from corredor.areas.flows import queries as flows
from corredor.kernel.policy import PUBLIC

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]


@pytest.fixture
def darien() -> None:
    publish_shipped(DARIEN)
    forecast_as_of(date(2025, 6, 30), source=DARIEN)


def read(address: str = "/", language: str = "en", somebody=None) -> str:
    client = Client()
    if somebody is not None:
        client.force_login(somebody)
    client.cookies["corredor_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_public_reads_number_change_status_source_age_and_forecast(darien):
    page = read()

    assert "73 <span" in page
    assert "121 fewer than in March 2025 (−62%); 29,186 fewer than in April 2024 (−99.8%)." in page
    assert "Servicio Nacional de Migración de Panamá · as of 13 May 2025" in page
    assert re.search(r"April 2025 · \d+ months old", page)
    assert "Forecast for May 2025" in page
    assert "last value 73" in page
    assert "The newest figures here are of April 2025" in page


def test_it_says_the_same_in_spanish_with_the_region_s_numbers(darien):
    page = read(language="es")

    assert "121 menos que en marzo de 2025 (−62 %); 29,186 menos que en abril de 2024" in page
    assert "Pronóstico para mayo de 2025" in page
    assert "al 13 de mayo de 2025" in page


def test_a_day_asked_for_shows_what_was_known_then_and_is_kept_by_the_links(darien):
    page = read("/?known_on=2025-03-15")

    assert "as it was known on 15 March 2025" in page
    assert "February 2025" in page
    assert "April 2025 ·" not in page
    assert "/flows/gates/PAN-DARIEN/?known_on=2025-03-15" in page


def test_no_forecast_is_shown_that_knew_more_than_the_day_asked_for(darien):
    assert "Forecast for" not in read("/?known_on=2025-03-15")


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(db):
    client = Client()
    client.cookies["corredor_language"] = "en"

    answer = client.get("/?known_on=yesterday")

    assert answer.status_code == 422
    assert "<h1>" in answer.content.decode()


def test_filters_narrow_the_page_to_a_country_and_a_measure():
    publish_shipped(DARIEN, HONDURAS)

    only_honduras = read("/?country=HND")
    only_transit = read("/?measure=irregular_transit")

    assert "gates/HND-ALL" in only_honduras
    assert "gates/PAN-DARIEN" not in only_honduras
    assert "gates/PAN-DARIEN" in only_transit
    assert "gates/HND-ALL" not in only_transit


def test_a_filter_that_finds_nothing_says_how_to_go_back(darien):
    assert "Show everything known today" in read("/?country=CAN")


def test_before_anything_is_published_the_page_says_so(db):
    assert "No figure has been shared here yet." in read()


def test_what_is_not_published_is_not_on_the_page_of_others():
    publish_shipped(DARIEN)
    from corredor.areas.flows.models import Batch
    from corredor.kernel.sharing import Level

    Batch.objects.update(level=Level.OWN)

    assert "PAN-DARIEN" not in read()
    assert "PAN-DARIEN" not in read(somebody=holder("delegate", country="HND"))
    assert "PAN-DARIEN" in read(somebody=holder("delegate", country="PAN"))


def test_a_delegate_sees_on_top_what_awaits_publication():
    publish_shipped(DARIEN)
    from corredor.areas.flows.models import Batch
    from corredor.kernel.sharing import Level

    Batch.objects.update(level=Level.OWN)
    waiting = Batch.objects.filter(status="kept").count()

    assert f"{waiting} imports await your decision to publish" in read(
        somebody=holder("delegate", country="PAN")
    )
    assert "await your decision" not in read(somebody=holder("deputy", country="PAN"))
    assert "await your decision" not in read()


def test_the_files_hold_the_figures_of_the_page(darien):
    answer = Client().get("/situation.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert rows[0]["value"] == "#affected+num"
    assert {row["gate"] for row in rows[1:]} == {"PAN-DARIEN"}
    newest = rows[-1]
    assert (newest["period"], newest["value"]) == ("2025-04-01", "73")
    assert newest["attribution"]


def test_the_map_comes_as_a_picture_with_its_source_and_no_dead_links(darien):
    svg = Client().get("/situation.svg")
    png = Client().get("/situation.png")

    assert "Servicio Nacional de Migración" in svg.content.decode()
    assert "<a href" not in svg.content.decode()
    assert png.content.startswith(b"\x89PNG")


def test_a_file_of_another_kind_is_not_found(darien):
    assert Client().get("/situation.exe").status_code == 404


def test_who_has_the_page_already_is_not_sent_it_again(darien):
    client = Client()
    first = client.get("/")

    again = client.get("/", headers={"if-none-match": first["ETag"]})
    other_language = Client(headers={"accept-language": "en"}).get(
        "/", headers={"if-none-match": first["ETag"]}
    )

    assert again.status_code == 304
    assert other_language.status_code == 200


def test_the_page_is_sent_compressed(darien):
    answer = Client().get("/", headers={"accept-encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 40_000


def test_it_tells_the_same_numbers_as_the_queries(darien):
    headline = flows.situation(PUBLIC).gates[0].headlines[0]

    assert f">{headline.last.value} <span" in read()


def test_a_day_before_all_figures_says_so_and_leads_to_the_first_one(darien):
    client = Client()
    client.cookies["corredor_language"] = "en"

    page = re.sub(r"\s+", " ", client.get("/?known_on=2024-06-01").content.decode())

    assert "Nothing was known here by 1 June 2024." in page
    assert "No figure has been shared here yet." not in page
    since = re.search(r'href="/\?known_on=([0-9-]+)">Show what was known on that day', page)
    assert since
    assert 'class="headlines"' in client.get(f"/?known_on={since[1]}").content.decode()
