"""The audit in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from tests.factories.people import holder

import corredor
from corredor.interfaces.web.operations import trail_words
from corredor.kernel.audit.services import record
from corredor.kernel.policy import SYSTEM

SOURCE = Path(corredor.__file__).parent


def texts(node: ast.expr) -> list[str]:
    """The strings an expression may come to; empty when it is not written out."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def verbs_of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["verb"]:
            yield from texts(node.value)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("record", "keep") and len(node.args) > 1:
                yield from texts(node.args[1])


def test_every_verb_that_is_recorded_is_said_in_both_languages():
    recorded = {
        verb
        for path in SOURCE.rglob("*.py")
        if "audit" in (text := path.read_text(encoding="utf-8")) and ("record(" in text or "keep(" in text)
        for verb in verbs_of(path)
    }

    assert {"signed_in", "imported", "import refused", "made private", "sharing set"} <= recorded
    assert recorded - set(trail_words.VERBS) == set()
    with translation.override("es"):
        same = {verb for verb in trail_words.VERBS if trail_words.did(verb) == verb.replace("_", " ")}
    assert same == set()


def test_a_verb_of_an_earlier_version_is_said_as_it_was_written():
    assert trail_words.did("weighed_twice") == "weighed twice"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "verb", "role"),
    [("es", "emitió pronósticos", "Secretaría"), ("en", "issued forecasts", "Executive Secretariat")],
)
def test_the_page_says_verb_and_role_in_the_readers_language(client: Client, countries, language, verb, role):
    client.force_login(holder("secretariat", language=language))
    client.cookies["corredor_language"] = language
    with transaction.atomic():
        record(SYSTEM, "issued_forecasts", "foresight.issue:1")

    page = client.get("/operations/audit/").content.decode()

    assert verb in page
    assert role in page
    assert ">secretariat<" not in page
