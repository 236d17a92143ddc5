"""Pages of a list: nothing is lost, nothing comes twice, whatever the size of the page."""

import contextlib

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.people import holder
from tests.interfaces.api.conftest import a_document, file_of, row

from corredor.areas.flows import services
from corredor.interfaces.api.paging import cursor_of, place_of
from corredor.kernel.errors import Invalid
from corredor.kernel.policy import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"
LISTS = {
    "/figures": lambda one: (one["series"], one["period"]),
    "/series": lambda one: one["id"],
    "/batches": lambda one: one["batch"],
    "/forecasts": lambda one: one["id"],
    "/documents": lambda one: one["id"],
    "/audit/lines?chain=HND": lambda one: one["position"],
}


def pages(client: Client, path: str, limit: int):
    """Every item of a list, page after page."""
    cursor, most = "", 200
    while most := most - 1:
        answer = client.get(API + path, {"limit": limit, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert len(told["items"]) <= limit
        yield from told["items"]
        cursor = told["next"]
        if not cursor:
            return
    pytest.fail("the pages have no end")


@pytest.fixture
def reader(corridor, settings):
    settings.API_REQUESTS_PER_MINUTE = {"public": 10**6, "known": 10**6}
    client = Client()
    client.force_login(holder("delegate", country="HND"))
    return client


@pytest.mark.parametrize("path", [path for path in LISTS if not path.startswith("/audit")])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 40))
def test_pages_of_any_size_hold_each_item_once(reader, path, limit):
    name = LISTS[path]
    whole = [name(one) for one in reader.get(API + path, {"limit": 200}).json()["items"]]

    paged = [name(one) for one in pages(reader, path, limit)]

    assert paged == whole
    assert len(set(paged)) == len(paged) > 0


def test_lines_of_the_audit_come_once_each(corridor):
    auditor = Client()
    auditor.force_login(holder("data_protection_officer"))

    positions = [one["position"] for one in pages(auditor, "/audit/lines", 3)]

    assert positions == list(range(1, len(positions) + 1))


def test_what_is_added_meanwhile_moves_nothing(corridor, reader, tmp_path):
    first = reader.get(f"{API}/documents", {"limit": 1}).json()
    newer = a_document(is_public=True)
    batches = reader.get(f"{API}/batches", {"limit": 1}).json()
    path = file_of(tmp_path, "later.csv", [row("2024-02-01", 4000)])
    later = services.import_observations(path=path, by=SYSTEM, source="hnd-inm-irregular").batch

    documents = [
        one["id"] for one in reader.get(f"{API}/documents", {"cursor": first["next"]}).json()["items"]
    ]
    older = [
        one["batch"] for one in reader.get(f"{API}/batches", {"cursor": batches["next"]}).json()["items"]
    ]

    assert newer not in documents
    assert first["items"][0]["id"] not in documents
    assert (later not in older, older) == (True, [corridor.published])


@given(st.tuples(st.text(max_size=40), st.integers(0, 2**63 - 1)))
def test_a_cursor_gives_back_the_place_it_was_made_of(place):
    assert place_of(cursor_of(*place), str, int) == place


@given(st.text(max_size=60).filter(bool))
def test_nonsense_is_no_cursor(text):
    with contextlib.suppress(Invalid):
        (place,) = place_of(text, int)

        assert 0 <= place < 2**63


@pytest.mark.parametrize("place", [("x",), (1, 2), (-1,), (2**63,), (True,), (None,), ([],)])
def test_a_place_of_another_list_is_no_cursor(place):
    with pytest.raises(Invalid) as refused:
        place_of(cursor_of(*place), int)

    assert "cursor" in refused.value.fields
