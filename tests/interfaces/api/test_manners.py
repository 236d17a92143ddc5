"""How the API speaks: refusals, languages, forms, entity tags, counting, and what it makes of nonsense."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from ninja import NinjaAPI
from tests.factories.people import holder
from tests.interfaces.api.conftest import NOW

from corredor.interfaces.api import contract, problems, wire
from corredor.interfaces.api.door import door
from corredor.kernel import clock
from corredor.kernel.policy import PUBLIC

pytestmark = pytest.mark.django_db
API = "/api/v1"
MEMBERS = ("type", "title", "status", "detail", "code", "way_out")


def get(path: str, client: Client | None = None, *, headers=None, **query):
    return (client or Client()).get(API + path, query, headers=headers)


def problem(answer, status: int, code: str) -> dict:
    """The problem an answer carries, after looking at its shape."""
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert [name for name in MEMBERS if name not in told] == []
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"] == f"/api/v1/docs#problem-{code}"
    return told


def test_a_refusal_speaks_the_language_asked_for(countries):
    spanish = problem(get("/gates/NOWHERE", headers={"Accept-Language": "es-HN"}), 404, "not-found")
    english = problem(get("/gates/NOWHERE", headers={"Accept-Language": "fr, en;q=0.8"}), 404, "not-found")

    assert spanish["detail"] == "Aquí no hay nada que usted pueda ver."
    assert english["detail"] == "There is nothing here that you may see."
    assert get("/gates/NOWHERE", headers={"Accept-Language": "en"})["Content-Language"] == "en"


def test_without_a_wish_it_speaks_the_language_of_the_person(countries, as_token):
    english = as_token(holder("delegate", language="en"))

    assert problem(english.get(f"{API}/gates/NOWHERE"), 404, "not-found")["detail"].startswith("There is")
    assert problem(get("/gates/NOWHERE"), 404, "not-found")["detail"].startswith("Aquí")


def test_the_public_is_asked_who_it_is_and_the_known_are_told_no(countries):
    stranger, known = Client(), Client()
    known.force_login(holder("delegate"))

    asked = get("/audit/heads", stranger)
    told = get("/audit/heads", known)

    problem(asked, 401, "not-signed-in")
    assert asked["WWW-Authenticate"].startswith("Bearer")
    problem(told, 403, "not-permitted")


def test_a_parameter_nobody_knows_is_refused_and_named(countries):
    told = problem(get("/figures", nationalty="VEN"), 422, "invalid")

    assert list(told["fields"]) == ["nationalty"]


def test_a_parameter_said_twice_is_refused(countries):
    told = problem(Client().get(f"{API}/series?gate=HND-ALL&gate=HND-DANLI"), 422, "invalid")

    assert list(told["fields"]) == ["gate"]


@pytest.mark.parametrize(
    "query",
    [
        {"as_known_on": "9999-12-31"},
        {"as_known_on": "0"},
        {"as_known_on": "2024-02-30"},
        {"since": "yesterday"},
        {"limit": "0"},
        {"limit": "99999999999999999999999999"},
        {"nationality": "ven"},
        {"frequency": "monthly"},
        {"cursor": "not a cursor"},
        {"cursor": "MS4yMDI0LTAxLTAx" * 12},
        {"source": ""},
        {"source": "x" * 61},
        {"gate": "HND\0ALL"},
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(countries, query):
    told = problem(get("/figures", **query), 422, "invalid")

    assert list(told["fields"]) == list(query)
    assert all(message for messages in told["fields"].values() for message in messages)


NOT_CODES = ("'; DROP TABLE flows_series; --", "%", "\\", "🚶" * 15, "<script>", "${7*7}")


def test_text_is_only_text(corridor):
    for text in NOT_CODES:
        assert get("/figures", source=text).json() == {"items": [], "next": None}
        assert get("/series", gate=text).json()["items"] == []
        assert get("/forecasts", gate=text).json()["items"] == []


def test_numbers_beyond_any_database_are_refused(corridor):
    problem(get(f"/series/{2**63}"), 422, "invalid")
    problem(get("/series/0"), 422, "invalid")
    problem(get(f"/series/{2**63 - 1}"), 404, "not-found")
    problem(get(f"/series/{corridor.whole}/composition", top=10**30), 422, "invalid")


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/", "/series/one", "/figures/", "/gates/%00", "/gates/%ED%A0%80", "/../../etc/passwd"],
)
def test_where_nothing_is_a_problem_says_so(countries, path):
    problem(Client().get(API + path), 404, "not-found")


def test_another_method_is_refused_with_those_that_are_taken(countries):
    answer = Client().delete(f"{API}/figures")

    problem(answer, 405, "method-not-allowed")
    assert answer["Allow"] == "GET"


def test_a_form_that_is_not_given_is_refused(countries):
    problem(get("/gates", headers={"Accept": "text/html"}), 406, "not-acceptable")
    problem(get("/gates", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    assert get("/gates", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_what_was_read_is_not_sent_again_while_it_holds(corridor):
    first = get("/figures", nationality="ALL")
    again = get("/figures", nationality="ALL", headers={"If-None-Match": first["ETag"]})
    another = get("/figures", nationality="VEN", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert another.status_code == 200
    assert another["ETag"] != first["ETag"]


def test_one_reader_s_answer_is_not_kept_for_another(corridor):
    own = Client()
    own.force_login(holder("delegate"))

    mine, everyone_s = get("/figures", own), get("/figures")

    assert mine["Cache-Control"].startswith("private")
    assert everyone_s["Cache-Control"].startswith("public")
    for answer in (mine, everyone_s):
        assert {"Authorization", "Cookie", "Accept-Language"} <= set(answer["Vary"].replace(",", " ").split())
    assert get("/figures", headers={"If-None-Match": mine["ETag"]}).status_code == 200


def test_head_says_what_get_would_without_the_body(countries):
    answer = Client().head(f"{API}/gates")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == get("/gates")["ETag"]


# ---------------------------------------------------------------------------------------------------------------------
# Counting


def test_more_than_a_minute_takes_is_refused_until_the_next(countries, at_noon, settings):
    settings.API_REQUESTS_PER_MINUTE = {"public": 3, "known": 5}
    stranger, known = Client(), Client()
    known.force_login(holder("delegate"))

    assert [get("/gates", stranger).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = get("/gates", stranger)
    problem(refused, 429, "too-many-requests")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert [get("/gates", known).status_code for _ in range(6)] == [200] * 5 + [429]
    with clock.moved_to(NOW + timedelta(seconds=int(refused["Retry-After"]))):
        assert get("/gates", stranger).status_code == 200


def test_guessing_tokens_is_counted_apart(countries, at_noon):
    answers = [
        get("/gates", headers={"Authorization": f"Bearer corredor_{n}"}).status_code for n in range(31)
    ]

    assert answers == [401] * 30 + [429]
    assert get("/gates").status_code == 200


def test_an_installation_says_how_many_a_minute_takes():
    assert settings.API_REQUESTS_PER_MINUTE["known"] >= settings.API_REQUESTS_PER_MINUTE["public"] >= 60


# ---------------------------------------------------------------------------------------------------------------------
# Bodies


@pytest.fixture
def delegate(corridor):
    client = Client()
    client.force_login(holder("delegate"))
    return client


def post(client, path, body, content_type="application/json"):
    return client.post(API + path, body, content_type=content_type)


NO_NOTES = (
    (b"", 415, "unsupported-media-type"),  # without a body there is no kind of it
    (b" ", 400, "unreadable"),
    (b"{", 400, "unreadable"),
    (b"\xff\xfe", 400, "unreadable"),
    (b'{"text_es": NaN}', 400, "unreadable"),
    (b"[" * 100_000, 400, "unreadable"),
    (b'{"a":' * 80 + b"1" + b"}" * 80, 400, "unreadable"),
    (b'{"text_es": ' + b"9" * 5000 + b"}", 400, "unreadable"),
    (b'{"text_es": "\\u0000"}', 422, "invalid"),
    (b'{"text_es": "\\ud800"}', 422, "invalid"),
    (b'{"text_es": "nota", "\\ud800": 1}', 422, "invalid"),
    (b'{"text_es": "nota", "colour": "red"}', 422, "invalid"),
    (b'{"text_es": 5}', 422, "invalid"),
    (b'{"text_es": "nota", "level": "everybody"}', 422, "invalid"),
    (b"[]", 422, "invalid"),
    (b"null", 422, "invalid"),
    (b'"text"', 422, "invalid"),
    (b"{}", 422, "invalid"),
    (b'{"text_es": "' + b"x" * 1_100_000 + b'"}', 413, "too-large"),
    (b'{"text_es": "' + b"x" * 2001 + b'"}', 422, "invalid"),
)


def test_a_body_that_is_no_note_is_refused(corridor, delegate):
    for body, status, code in NO_NOTES:
        problem(post(delegate, f"/series/{corridor.whole}/notes", body), status, code)


def test_another_kind_of_content_is_refused(corridor, delegate):
    problem(
        post(delegate, f"/series/{corridor.whole}/notes", b"text_es=nota", "text/plain"),
        415,
        "unsupported-media-type",
    )
    problem(post(delegate, "/batches", b"{}", "application/json"), 415, "unsupported-media-type")


def test_a_broken_form_is_refused(delegate):
    problem(post(delegate, "/batches", b"--x\r\nnonsense", "multipart/form-data"), 400, "unreadable")
    problem(post(delegate, "/batches", b"nonsense", "multipart/form-data; boundary=x"), 422, "invalid")


def test_a_file_above_the_limit_is_refused_before_it_is_read(delegate, settings):
    settings.IMPORT_MAX_BYTES = 1000
    heavy = b"x" * 1_100_000

    answer = post(delegate, "/batches", heavy, "multipart/form-data; boundary=x")

    problem(answer, 413, "too-large")


def test_text_with_signs_no_text_may_hold_is_known():
    assert wire.is_clean("señal 🚶")
    assert not wire.is_clean("a\0b")
    assert not wire.is_clean(json.loads('"\\ud800"'))


# ---------------------------------------------------------------------------------------------------------------------
# Closed unless it says


def test_an_operation_that_names_no_action_is_closed_to_everybody(countries):
    other = NinjaAPI(urls_namespace="closed", auth=contract.closed)

    @other.get("/secret")
    def secret(request):
        return "secret"

    for handled, handler in contract.api._exception_handlers.items():
        other.add_exception_handler(handled, handler)
    view = next(one.callback for one in other.urls[0] if getattr(one, "name", "") == "secret")
    request = RequestFactory().get("/api/v1/secret")
    request.actor = PUBLIC

    answer = door(view)(request)

    assert answer.status_code == 401
    assert b"secret" not in answer.content


def test_every_operation_has_its_own_admission():
    for operation in contract.OPERATIONS.values():
        assert operation.action
        assert operation.es
        assert operation.en


def test_every_kind_of_refusal_is_told_in_both_languages():
    kinds = problems.kinds()

    assert len({kind.code for kind in kinds}) == len(kinds) > 20
    assert {401, 403, 404, 405, 406, 413, 415, 422, 429} <= {kind.http_status for kind in kinds}
