"""The guide says what is there: its addresses exist, in both languages the same."""

import re
from pathlib import Path

import pytest
from django.test import Client

from corredor.interfaces.api.contract import document

pytestmark = pytest.mark.django_db
GUIDES = Path(__file__).resolve().parents[3] / "docs" / "guide"
CALL = re.compile(r'"http://localhost:8000(/api/v1/[^"]*)"')
NAMED = re.compile(r"`(?:(GET|POST|PUT) )?(/api/v1/[^`]*)`")


def text_of(language: str) -> str:
    return (GUIDES / language / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_guide_asks_is_answered(language, corridor):
    asked = CALL.findall(text_of(language))

    assert len(asked) == 3
    for address in asked:
        assert Client().get(address).status_code == 200, address


def test_every_operation_the_guide_names_is_described():
    known = {*document("/api/v1/")["paths"], "/api/v1/docs", "/api/v1/openapi.json"}

    for language in ("en", "es"):
        assert {path for _method, path in NAMED.findall(text_of(language))} <= known


def test_both_languages_say_the_same_addresses_and_statuses():
    for pattern in (CALL, NAMED, re.compile(r"^\| (\d{3}) \|", re.MULTILINE)):
        assert pattern.findall(text_of("en")) == pattern.findall(text_of("es"))
