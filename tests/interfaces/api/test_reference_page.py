"""The readable page: in both languages, without a script, without the network, from the same description."""

from pathlib import Path

import pytest
from django.test import Client

from corredor.interfaces.api import description, problems, spanish
from corredor.interfaces.api.contract import OPERATIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]
PAGE = "/api/v1/docs"
ROOT = Path(__file__).resolve().parents[3]


def page(language: str):
    client = Client()
    client.cookies["corredor_language"] = language
    return client.get(PAGE)


def test_every_operation_is_told_in_the_reader_s_language():
    english, spanish = page("en").content.decode(), page("es").content.decode()

    for name, operation in OPERATIONS.items():
        assert f'id="operation-{name}"' in english
        assert operation.action in english
    assert "Importar un archivo de cifras" in spanish
    assert "Import a file of figures" in english
    assert "Import a file of figures" not in spanish


def test_it_runs_no_script_and_asks_nothing_of_other_places():
    answer = page("es")
    text = answer.content.decode()

    assert "style=" not in text
    assert "<script" not in text.split("<main", 1)[1].split("</main>", 1)[0]
    assert "//cdn" not in text
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_every_refusal_has_its_place_where_problems_point():
    text = page("en").content.decode()

    for kind in problems.kinds():
        assert f'id="problem-{kind.code}"' in text
    assert problems.TYPE.startswith(PAGE)


def test_the_kept_reference_is_what_the_code_says():
    kept = ROOT / "docs" / "reference" / "api.md"

    assert kept.read_text(encoding="utf-8").endswith(description.as_markdown()), "run scripts/reference"


def test_every_note_of_the_description_has_its_spanish():
    told = description.document()
    notes, named = (
        set(),
        {name for name, one in told["components"]["schemas"].items() if one.get("description")},
    )
    for methods in told["paths"].values():
        for one in methods.values():
            bodies = one.get("requestBody", {}).get("content", {}).values()
            fields = [field for body in bodies for field in body["schema"].get("properties", {}).values()]
            notes |= {part.get("description", "") for part in (one, *one["parameters"], *fields)}

    assert notes - {""} <= set(spanish.NOTES)
    assert named <= set(spanish.SCHEMAS)
