from __future__ import annotations

from datetime import date

import pytest
from tests.interfaces.web.account.conftest import PASSWORD, sign_in

from corredor.kernel.installation.models import Installation
from corredor.kernel.installation.services import IsADemo, NotADemo, settle_kind
from corredor.kernel.people.demo import invent_people
from corredor.kernel.people.models import Person
from corredor.kernel.people.queries import demo_people
from corredor.kernel.people.roles import ROLES

pytestmark = pytest.mark.usefixtures("countries")


@pytest.fixture
def invented():
    invent_people(since=date(2026, 1, 1))
    return demo_people()


@pytest.mark.parametrize(("language", "role"), [("es", "Autoridad fronteriza"), ("en", "Border authority")])
def test_the_demo_s_sign_in_page_has_a_button_for_each_role(client, settings, invented, language, role):
    settings.IS_DEMO = True
    client.cookies["corredor_language"] = language

    page = client.get("/account/login/").content.decode()

    assert page.count('name="person"') == len(ROLES)
    assert role in page
    assert "Demo Persona 1" in page


@pytest.mark.parametrize("role", ROLES)
def test_a_press_signs_in_at_once_as_that_role(client, settings, invented, role):
    settings.IS_DEMO = True
    held = next(one for one in invented if one.role == role)

    answer = client.post("/account/demo/", {"person": held.person_id})

    assert answer["Location"] == "/"
    assert held.person.name in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "My account and security"), ("es", "Mi cuenta y seguridad")]
)
def test_the_language_that_was_read_stays(client, settings, invented, language, heading):
    settings.IS_DEMO = True
    reads = {"Accept-Language": language}

    client.post("/account/demo/", {"person": invented[0].person_id}, headers=reads)

    assert f"<h1>{heading}</h1>" in client.get("/account/").content.decode()


def test_only_invented_people_are_signed_in_that_way(client, settings, invented, somebody):
    settings.IS_DEMO = True

    assert client.post("/account/demo/", {"person": somebody.pk}).status_code == 404
    assert client.post("/account/demo/", {"person": "nobody"}).status_code == 404
    assert client.get("/account/demo/").status_code == 405


def test_outside_a_demo_there_is_no_such_page(client, settings, invented):
    page = client.get("/account/login/").content.decode()

    assert 'name="person"' not in page
    assert client.post("/account/demo/", {"person": invented[0].person_id}).status_code == 404
    assert client.get("/account/").status_code == 302


def test_outside_a_demo_invented_people_are_refused_even_with_the_right_password(client, invented):
    held = invented[0].person
    held.set_password(PASSWORD)
    held.save()

    answer = sign_in(client, held.email)

    assert answer["Location"] == "/account/closed/"
    assert client.get("/account/").status_code == 302


def test_outside_a_demo_an_invented_person_s_session_is_nobody_s(client, invented):
    client.force_login(invented[0].person)

    assert client.get("/account/").status_code == 302


def test_outside_a_demo_an_invented_person_gets_no_link_for_a_password(client, invented, mailoutbox):
    client.post("/account/password/reset/", {"email": invented[0].person.email})

    assert "/password/reset/key/" not in mailoutbox[0].body


def test_a_demo_is_not_started_over_real_work():
    settle_kind(demo=False)

    with pytest.raises(NotADemo):
        settle_kind(demo=True)


def test_a_demo_is_not_started_over_people_who_were_there_before(somebody):
    with pytest.raises(NotADemo):
        settle_kind(demo=True)
    assert not Installation.objects.exists()


def test_real_work_is_not_started_over_a_demo(invented):
    Person.objects.all().delete()
    settle_kind(demo=True)

    with pytest.raises(IsADemo):
        settle_kind(demo=False)
