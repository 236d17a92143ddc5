"""The gallery shows every part, in both languages, within the content policy; the outlines are served from here."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

PAGES = ["/components/", "/components/situation/"]


@pytest.fixture
def demonstration(settings: Settings, db: None) -> Client:
    settings.IS_DEMO = True
    settings.ALLOWED_HOSTS = ["*"]
    return Client()


def page(client: Client, address: str, language: str) -> str:
    client.cookies["corredor_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_pages_obey_the_content_policy(demonstration: Client, address: str, language: str) -> None:
    html = page(demonstration, address, language)

    assert f'<html lang="{language}">' in html
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html)
    assert all(
        'type="application/json"' in tag or " src=" in tag for tag in re.findall(r"<script[^>]*>", html)
    )


@pytest.mark.parametrize("address", PAGES)
def test_ids_are_unique_and_every_label_has_its_field(demonstration: Client, address: str) -> None:
    html = page(demonstration, address, "es")
    ids = re.findall(r'\sid="([^"]+)"', html)

    assert len(ids) == len(set(ids))
    assert {*re.findall(r'<label for="([^"]+)"', html)} <= set(ids)
    references = " ".join(re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html)).split()
    assert set(references) <= set(ids)


def test_both_languages_say_everything_in_their_own_words(demonstration: Client) -> None:
    def words(language: str) -> set[str]:
        html = page(demonstration, "/components/", language)
        return {text.strip() for text in re.findall(r">([^<>]{25,})<", html) if re.search("[a-z]{4}", text)}

    alike = words("es") & words("en")
    assert all(
        "Servicio Nacional" in text or "Instituto Nacional" in text or "Unidad de Política" in text
        for text in alike
    )


def test_a_situation_page_is_light_before_any_script(demonstration: Client) -> None:
    html = page(demonstration, "/components/situation/", "es")

    assert len(gzip.compress(html.encode())) < 45_000


def test_outside_a_demonstration_the_gallery_is_not_there(demonstration: Client, settings: Settings) -> None:
    settings.IS_DEMO = False

    for address in PAGES:
        assert demonstration.get(address).status_code == 404


def test_the_outlines_are_served_with_what_must_be_said_about_them(demonstration: Client) -> None:
    response = demonstration.get("/components/geometry.json")

    document = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert "Natural Earth" in document["attribution"]
    assert set(document["disclaimer"]) == {"en", "es"}
    assert "max-age" in response["Cache-Control"]


def test_a_deployment_serves_its_own_outlines(
    demonstration: Client, settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "own.json"
    own.write_text('{"type":"FeatureCollection","features":[]}')
    settings.MAP_GEOMETRY = str(own)

    response = demonstration.get("/components/geometry.json")

    assert b"".join(response.streaming_content) == own.read_bytes()  # type: ignore[attr-defined]
