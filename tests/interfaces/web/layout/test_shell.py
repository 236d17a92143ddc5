"""The shell around every page: skip link, language, menus that show only what the reader may open, refusals."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from corredor.interfaces.web.layout import navigation
from corredor.interfaces.web.layout.navigation import Entry
from corredor.kernel.errors import NotPermitted
from corredor.kernel.policy import PUBLIC, Actor

DEMO_PERSON = Actor(person_id=1, name="Demo Persona Uno", language="es")


def page(actor: Actor = PUBLIC, language: str = "es", path: str = "/components/?gate=PAN-DARIEN") -> str:
    from django.utils import translation

    request = RequestFactory().get(path)
    with translation.override(language):
        context = {"actor": actor, "language": language, "refusal": NotPermitted(), "version": "0"}
        return render_to_string("layout/refused.html", context, request=request)


def test_the_first_thing_reached_by_keyboard_leads_to_the_content() -> None:
    html = page()

    first = re.search(r'<a [^>]*href="([^"]+)"', html)
    assert first is not None
    assert first[1] == "#main"
    assert '<main id="main"' in html


@pytest.mark.parametrize(("language", "other", "name"), [("es", "en", "English"), ("en", "es", "Español")])
def test_the_other_language_is_one_button_away_and_comes_back_here(
    language: str, other: str, name: str
) -> None:
    html = page(language=language)

    assert f'<button name="language" value="{other}" lang="{other}">{name}</button>' in html
    assert 'name="next" value="/components/?gate=PAN-DARIEN"' in html


def test_the_language_chosen_is_kept(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.IS_DEMO = True
    client = Client()

    answer = client.post("/language/", {"language": "en", "next": "/components/"})

    assert answer["Location"] == "/components/"
    assert '<html lang="en">' in client.get("/components/").content.decode()


def test_a_language_switch_never_leads_to_another_site(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert Client().post("/language/", {"language": "en", "next": "//elsewhere.example/"})["Location"] == "/"


def test_a_refusal_says_the_rule_and_the_way_out() -> None:
    html = page(language="en")

    assert "Your role does not allow this." in html
    assert "write to the secretariat" in html


def test_the_menu_shows_what_exists_and_what_the_reader_may_do() -> None:
    menu = (
        Entry("Here", "components"),
        Entry("Not built", "no_such_address"),
        Entry("Not allowed", "components", "flows.no_such_action"),
    )

    shown = navigation.entries(menu, DEMO_PERSON, "/components/situation/")

    assert [entry["label"] for entry in shown] == ["Here"]
    assert shown[0]["is_here"]
    assert not shown[0]["is_page"]


def test_only_the_nearest_entry_is_where_the_reader_is() -> None:
    menu = (Entry("Wide", "components"), Entry("Near", "components_situation"))

    shown = navigation.entries(menu, PUBLIC, "/components/situation/")

    assert [(entry["label"], entry["is_here"]) for entry in shown] == [("Wide", False), ("Near", True)]


def test_a_signed_in_person_sees_their_name_and_the_way_out() -> None:
    html = page(DEMO_PERSON)

    assert "Demo Persona Uno" in html
    assert "Cerrar sesión" in html
    assert "Iniciar sesión" not in html


def test_the_page_for_a_failure_speaks_both_languages_and_needs_nothing() -> None:
    html = render_to_string("500.html")

    assert "Algo falló" in html
    assert "Something failed" in html
