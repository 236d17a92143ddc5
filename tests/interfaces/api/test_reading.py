"""What is read: the same figures, the same permission and the same protection as on the pages."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.people import actor, holder, person

from corredor.areas.flows import queries, services
from corredor.interfaces.api import urls
from corredor.interfaces.api.contract import OPERATIONS, document
from corredor.kernel import policy
from corredor.kernel.people.queries import actor_of
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import PUBLIC
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db
API = "/api/v1"
READERS = ["public", "signed in without a role", *ROLES]


def who(reader: str):
    if reader == "public":
        return None
    return person() if reader not in ROLES else holder(reader)


def get(path: str, client: Client | None = None, **query):
    return (client or Client()).get(API + path, query)


def addresses(corridor) -> dict[str, str]:
    """Every reading operation with an address that holds something the public may see."""
    key = queries.series_card(PUBLIC, corridor.whole).key
    return {
        "countries": "/countries",
        "country": "/countries/HND",
        "organisations": "/organisations",
        "gates": "/gates",
        "gate": "/gates/HND-ALL",
        "measures": "/measures",
        "sources": "/sources",
        "nationalities": "/nationalities",
        "nationality": "/nationalities/VEN",
        "situation": "/situation",
        "series": "/series",
        "series_by_key": f"/series/by-key?key={key}",
        "one_series": f"/series/{corridor.whole}",
        "composition": f"/series/{corridor.whole}/composition",
        "vintages": f"/series/{corridor.whole}/vintages",
        "quality": f"/series/{corridor.whole}/quality",
        "figures": "/figures",
        "forecasts": "/forecasts",
        "newest_forecast": f"/forecasts/newest?flow={key}",
        "record": "/forecasts/record",
        "roles": "/roles",
        "me": "/me",
        "documents": "/documents",
        "document": f"/documents/{corridor.document}",
        "document_file": f"/documents/{corridor.document}/file",
        "audit_heads": "/audit/heads",
        "audit_lines": "/audit/lines?chain=HND",
        "batches": "/batches",
        "batch": f"/batches/{corridor.published}",
        "refusals": f"/batches/{corridor.published}/refusals",
    }


# A forecast's number and what is withheld depend on the figures: they have tests of their own.
ELSEWHERE = {"forecast", "withheld_forecast"}


def test_every_reading_operation_is_tried_with_every_role(corridor):
    assert urls.urlpatterns  # loads every operation
    reading = {name for name, one in OPERATIONS.items() if not one.changes}

    assert set(addresses(corridor)) | ELSEWHERE == reading


@pytest.mark.parametrize("reader", READERS)
def test_each_role_reads_exactly_what_the_policy_lets_it(corridor, reader):
    somebody = who(reader)
    acting, client = (actor_of(somebody) if somebody else PUBLIC), Client()
    if somebody:
        client.force_login(somebody)
    wrong = []

    for name, path in addresses(corridor).items():
        answer = client.get(API + path)
        action = OPERATIONS[name].action
        may = policy.can(acting, action)
        expected = {200} if may else {401 if somebody is None else 403}
        if may and name in {"batch", "refusals"} and acting.countries - {"HND"}:
            expected = {404}
        if answer.status_code not in expected:
            wrong.append(f"{name}: {answer.status_code} instead of {expected}: {answer.content[:200]!r}")

    assert wrong == []


def test_a_figure_never_walks_alone(corridor):
    figure = get("/figures", nationality="ALL", since="2023-12-01").json()["items"][0]

    assert figure["value"] == 3900
    assert figure["starts_on"] == "2023-12-01"
    assert figure["ends_on"] == "2023-12-31"
    assert figure["period"] == "2023-12"
    assert figure["source"] == "hnd-inm-irregular"
    assert figure["known_at"] == "2024-01-20T12:00:00Z"
    assert figure["level"] == "public"
    assert figure["status"] == "validated"
    assert figure["is_part"] is False
    assert figure["is_protected"] is False
    assert (figure["low"], figure["high"]) == (None, None)
    assert figure["attribution"]["es"]
    assert figure["attribution"]["en"]


def test_what_is_not_published_is_seen_by_its_country_only(corridor):
    own = Client()
    own.force_login(holder("delegate", country="HND"))
    neighbour = Client()
    neighbour.force_login(holder("delegate", country="GTM"))

    def last(client):
        return get(f"/series/{corridor.whole}", client).json()["figures"][-1]

    assert (last(own)["period"], last(own)["value"]) == ("2024-01", 4400)
    assert (last(neighbour)["period"], last(neighbour)["value"]) == ("2023-12", 3900)
    assert (last(Client())["period"], last(Client())["value"]) == ("2023-12", 3900)


def test_small_counts_are_protected_from_all_but_their_country(corridor):
    own = Client()
    own.force_login(holder("delegate", country="HND"))

    seen = get("/figures", own, nationality="COL").json()["items"][0]
    hidden = get("/figures", nationality="COL").json()["items"][0]

    assert (seen["value"], seen["is_protected"]) == (3, False)
    assert (hidden["value"], hidden["is_protected"]) == (None, True)
    assert (hidden["low"], hidden["high"]) != (3, 3)
    parts = get(f"/series/{corridor.whole}/composition", period="2023-12-01").json()["parts"]
    assert all(part["figure"] is None or part["figure"]["value"] != 3 for part in parts)


def test_a_correction_shows_what_was_said_before_and_any_day_can_be_asked_for(corridor):
    own = Client()
    own.force_login(holder("delegate", country="HND"))

    now = get(f"/series/{corridor.whole}", own, until="2023-12-01").json()["figures"][-1]
    then = get(f"/series/{corridor.whole}", own, until="2023-12-01", as_known_on="2024-02-01").json()[
        "figures"
    ][-1]
    said = get(f"/series/{corridor.whole}/vintages", own, period="2023-12-01").json()["items"]

    assert (now["value"], now["revised_from"]) == (3950, 3900)
    assert (then["value"], then["revised_from"]) == (3900, None)
    assert [one["value"] for one in said] == [3900, 3950]
    assert [one["batch"] for one in said] == [corridor.published, corridor.own]


def test_a_forecast_carries_the_simple_one_it_must_beat(corridor):
    listed = get("/forecasts").json()["items"]

    assert listed
    one = get(f"/forecasts/{listed[0]['id']}").json()
    assert one == listed[0]
    assert one["level"] == "public"
    for step in one["steps"]:
        assert step["baseline"]["method"] == "cube-root-walk"
        assert step["baseline"]["low_80"] <= step["baseline"]["median"] <= step["baseline"]["high_80"]
        assert len(step["quantiles"]) == 23
        assert step["last_value"] == 3900


def test_a_forecast_that_rests_on_unpublished_figures_is_not_there_for_others(corridor):
    own = Client()
    own.force_login(holder("delegate", country="HND"))
    ours = [one for one in get("/forecasts", own).json()["items"] if one["level"] == "own"]

    assert ours
    assert get(f"/forecasts/{ours[0]['id']}", own).status_code == 200
    assert get(f"/forecasts/{ours[0]['id']}").status_code == 404


def test_a_forecast_goes_no_farther_than_the_series_its_country_took_back(corridor):
    listed = get("/forecasts").json()["items"]
    services.set_series_level(series=corridor.whole, level=Level.OWN, by=actor("delegate"))
    flow = queries.series_card(actor("delegate"), corridor.whole).key
    taken_back = [one["id"] for one in listed if one["flow"] == flow]

    assert taken_back
    assert flow not in {one["flow"] for one in get("/forecasts").json()["items"]}
    assert get("/forecasts/newest", flow=flow).status_code == 404
    assert get(f"/forecasts/{taken_back[0]}").status_code == 404


def test_why_a_flow_has_no_forecast(corridor):
    own = Client()
    own.force_login(holder("delegate", country="HND"))
    key = queries.series_card(actor("delegate"), corridor.small).key

    told = get("/forecasts/withheld", own, flow=key)

    assert told.status_code == 200
    assert told.json()["reason"]["es"]
    assert get("/forecasts/withheld", own, flow="none/such").status_code == 404
    assert get("/forecasts/newest", own, flow=key).status_code == 404


def test_what_another_may_see_and_what_does_not_exist_answer_alike(corridor):
    stranger = Client()
    stranger.force_login(holder("delegate", country="GTM"))

    hidden = get(f"/batches/{corridor.own}", stranger)
    nowhere = get("/batches/987654", stranger)
    assert (hidden.status_code, hidden.json()) == (nowhere.status_code, nowhere.json())
    hidden = get(f"/documents/{corridor.hidden_document}", stranger)
    nowhere = get("/documents/987654", stranger)
    assert (hidden.status_code, hidden.json()) == (nowhere.status_code, nowhere.json())


def test_figures_come_as_csv_and_excel_by_format_and_by_accept(corridor):
    by_format = get("/figures", format="csv", nationality="ALL", basis="published")
    by_accept = Client().get(
        f"{API}/figures", {"nationality": "ALL", "basis": "published"}, headers={"Accept": "text/csv"}
    )
    workbook = get("/figures", format="xlsx", nationality="ALL", basis="published")

    text = b"".join(by_format.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert by_format["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0]["value"] == "#affected+num"
    assert [int(row["value"]) for row in rows[1:]] == [900, 1400, 1100, 2300, 1900, 2600, 3100, 2800, 3600, 3300, 4100, 3900]  # fmt: skip
    assert b"".join(by_accept.streaming_content).decode("utf-8-sig") == text
    sheet = load_workbook(io.BytesIO(b"".join(workbook.streaming_content))).active
    assert sheet.max_row == 2 + 12
    assert "attachment" in workbook["Content-Disposition"]


def test_a_file_of_figures_holds_no_small_count_either(corridor):
    text = b"".join(get("/figures", format="csv", nationality="COL").streaming_content).decode("utf-8-sig")

    row = list(csv.DictReader(io.StringIO(text)))[1]
    assert (row["value"], row["protected"]) == ("", "yes")


def test_a_file_has_no_pages(corridor):
    answer = get("/figures", format="csv", limit=5)

    assert answer.status_code == 422
    assert "limit" in answer.json()["fields"]


def test_the_situation_is_that_of_the_page(corridor):
    told = get("/situation").json()
    shown = queries.situation(PUBLIC)

    assert [place["gate"] for place in told["gates"]] == [place.gate.code for place in shown.gates]
    headline = told["gates"][0]["headlines"][0]
    assert headline["last"]["value"] == shown.gates[0].headlines[0].last.value
    assert headline["sentence"] == {"en": shown.gates[0].headlines[0].sentence.en, "es": shown.gates[0].headlines[0].sentence.es}  # fmt: skip


def test_countries_come_in_the_order_of_protocol_of_each_language(corridor):
    members = [one for one in get("/countries").json()["items"] if one["standing"] == "member"]

    assert len(members) == 11
    assert [one["protocol_order"]["en"] for one in members] == list(range(1, 12))
    spanish = sorted(members, key=lambda one: one["protocol_order"]["es"])
    assert [one["iso3"] for one in spanish][:2] == ["BLZ", "CAN"]
    assert [one["iso3"] for one in spanish] != [one["iso3"] for one in members]


def test_a_document_is_sent_whole_and_under_its_name(corridor):
    client = Client()
    client.force_login(holder("delegate"))

    answer = get(f"/documents/{corridor.document}/file", client)

    assert b"".join(answer.streaming_content) == b"%PDF-1.7 a report"
    assert 'filename="informe.pdf"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_audit_is_read_line_by_line_by_those_who_may(corridor):
    auditor = Client()
    auditor.force_login(holder("data_protection_officer"))

    heads = {one["chain"]: one["length"] for one in get("/audit/heads", auditor).json()["items"]}
    lines = get("/audit/lines", auditor, chain="HND", limit=1000).json()["items"]

    assert [line["position"] for line in lines] == list(range(1, heads["HND"] + 1))
    assert {"imported", "published"} <= {line["verb"] for line in lines}
    assert get("/audit/lines").status_code == 401


def test_the_record_of_forecasts_is_empty_before_anything_has_come(corridor):
    assert get("/forecasts/record").json() == {
        "baseline": "cube-root-walk",
        "forecasts": 0,
        "relative_wis": None,
        "coverage_50": None,
        "coverage_80": None,
        "coverage_95": None,
    }


def test_the_description_is_openapi_3_1_and_names_action_and_both_languages(corridor):
    told = get("/openapi.json").json()

    assert told["openapi"].startswith("3.1")
    declared = {action.name for action in policy.actions()}
    for methods in told["paths"].values():
        for one in methods.values():
            assert one["x-action"] in declared
            assert one["summary"]
            assert one["x-summary-es"]
            assert one["x-summary-es"] != one["summary"]
    assert len(document("")["paths"]) == len(told["paths"])
