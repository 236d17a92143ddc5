"""What the addresses with arguments are tried with, and the answers that are right without being a page.

A new address with an argument needs a line in SAMPLES: a function that makes the thing and returns the arguments. It
receives the person who will knock (None for the public). Things of a country are Honduras's, as the people's
mandates are. A new operation of the API with parameters needs one in API.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from tests.factories.people import holder

Sample = Callable[[Any], dict[str, Any]]


def somebody(_knocking: Any) -> dict[str, Any]:
    return {"pk": holder("deputy").pk}


def a_mandate(_knocking: Any) -> dict[str, Any]:
    return {"pk": holder("deputy").mandates.get().pk}


def a_session_of_one_s_own(knocking: Any) -> dict[str, Any]:
    from allauth.usersessions.models import UserSession

    whose = knocking or holder("deputy")
    key = f"sample-{UserSession.objects.count()}"
    return {"pk": UserSession.objects.create(user=whose, ip="127.0.0.1", session_key=key).pk}


def a_token_of_one_s_own(knocking: Any) -> dict[str, Any]:
    from corredor.kernel.people.queries import actor_of
    from corredor.kernel.tokens.services import create_token

    token, _secret = create_token(by=actor_of(knocking or holder("deputy")), name="sample", days=1)
    return {"pk": token.pk}


def any_key(_knocking: Any) -> dict[str, Any]:
    return {"pk": 1}  # whoever knocks is first asked to confirm who it is


HEADINGS = (
    "measure,gate,frequency,period,nationality,departure,sex,age,direction,detail,value,low,high,status"
)


def published_figures() -> None:
    """Two years of invented monthly entries at Honduras, in two editions, published to all, with their forecasts."""
    from corredor.areas.flows import services
    from corredor.areas.flows.models import Series
    from corredor.interfaces.forecasting import issue_edition_by_edition
    from corredor.kernel.policy import SYSTEM
    from corredor.kernel.sharing import Level

    if Series.objects.exists():
        return
    services.load_reference()
    for months, known in ((18, date(2023, 7, 15)), (24, date(2024, 1, 15))):
        rows = [
            f"irregular_entries,HND-ALL,M,{2022 + month // 12}-{month % 12 + 1:02}-01,{who},,,,,,{900 + 40 * month},,,"
            for month in range(months)
            for who in ("ALL", "VEN", "HTI")
        ]
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("\n".join([HEADINGS, *rows]) + "\n")
            file.flush()
            report = services.import_observations(
                path=Path(file.name), by=SYSTEM, source="hnd-inm-irregular", known_at=known
            )
        services.publish_batch(batch=report.batch or 0, level=Level.PUBLIC, by=SYSTEM)
    issue_edition_by_edition(by=SYSTEM)


def published_series() -> int:
    from corredor.areas.flows.models import Series

    published_figures()
    return int(Series.objects.filter(nationality="ALL").earliest("pk").pk)


def a_batch(_knocking: Any) -> dict[str, Any]:
    from corredor.areas.flows.models import Batch

    published_figures()
    return {"id": Batch.objects.earliest("pk").pk}


def public_forecast() -> int:
    """The first forecast of that series, whose figures have come since."""
    from corredor.areas.foresight.models import Forecast

    published_figures()
    return int(Forecast.objects.earliest("pk").pk)


def public_document(_knocking: Any) -> dict[str, Any]:
    from corredor.kernel.documents import services
    from corredor.kernel.documents.models import Document
    from corredor.kernel.policy import SYSTEM

    if not Document.objects.filter(is_public=True).exists():
        title = {"en": "Demo document", "es": "Documento de demostración"}
        made = services.add_document(title=title, file=BytesIO(b"Demo"), name="demo.txt", by=SYSTEM)
        services.decide_publication(document=made, is_public=True, reason="Demo", by=SYSTEM)
    return {"id": Document.objects.filter(is_public=True).earliest("pk").pk}


def of_a_series(**rest: Any) -> Sample:
    return lambda _knocking: {"number": published_series(), **rest}


def of_a_forecast(**rest: Any) -> Sample:
    return lambda _knocking: {"number": public_forecast(), **rest}


def of_figures(**given: Any) -> Sample:
    """Arguments of a page that needs figures to be there, but not one series in particular."""

    def given_with_figures(_knocking: Any) -> dict[str, Any]:
        published_figures()
        return given

    return given_with_figures


def a_numbered_batch(knocking: Any) -> dict[str, Any]:
    return {"number": a_batch(knocking)["id"]}


def a_file_of_one_s_own(knocking: Any) -> dict[str, Any]:
    """A file that waits to be imported, of whoever knocks; for the public the address of none."""
    from corredor.areas.flows import services
    from corredor.interfaces.web.flows.working import uploads

    if knocking is None:
        return {"token": "0" * 32}
    for earlier in uploads.waiting(knocking.pk):
        uploads.forget(earlier.token)
    services.load_reference()
    line = "irregular_entries,HND-ALL,M,2022-01-01,VEN,,,,,,5,,,"
    content = f"{HEADINGS}\n{line}\n".encode()
    draft = uploads.take_in(chunks=[content], name="demo.csv", person=knocking.pk, source="hnd-inm-irregular")
    draft.adapter, draft.is_understood = "tidy", True
    uploads.keep(draft)
    return {"token": draft.token}


def a_document_to_work_on(knocking: Any) -> dict[str, Any]:
    """A document of the country for its people, of the forum for everybody else."""
    from corredor.kernel.documents import services
    from corredor.kernel.policy import SYSTEM

    held = knocking.mandates.first() if knocking else None
    country = "HND" if held and held.role in ("delegate", "deputy") else None
    title = {"en": "Demo document", "es": "Documento de demostración"}
    made = services.add_document(
        title=title, file=BytesIO(b"Demo"), name="demo.txt", by=SYSTEM, country=country
    )
    return {"pk": made.pk}


def a_document_to_read(knocking: Any) -> dict[str, Any]:
    return {"pk": public_document(knocking)["id"]}


def a_message(_knocking: Any) -> dict[str, Any]:
    from corredor.kernel.messages.models import Message

    words = {"address": "demo.sample@example.org", "language": "es", "subject": "Demo", "body": "Demo"}
    return {"pk": Message.objects.get_or_create(key="sample", defaults=words)[0].pk}


SAMPLES: dict[str, Sample] = {
    "outbox_message": a_message,
    "account": somebody,
    "invite": somebody,
    "close_account": somebody,
    "give_mandate": somebody,
    "end_mandate": a_mandate,
    "end_session": a_session_of_one_s_own,
    "revoke_token": a_token_of_one_s_own,
    "mfa_edit_webauthn": any_key,
    "mfa_remove_webauthn": any_key,
    "account_reset_password_from_key": lambda _knocking: {"uidb36": "1", "key": "none"},
    "openid_connect_login": lambda _knocking: {"provider_id": "institution"},
    "openid_connect_callback": lambda _knocking: {"provider_id": "institution"},
    "situation_file": of_figures(kind="csv"),
    "figures_file": of_figures(kind="csv"),
    "gate": of_figures(code="HND-ALL"),
    "country": of_figures(iso3="HND"),
    "nationality": of_figures(iso3="VEN"),
    "series": of_a_series(),
    "series_file": of_a_series(kind="csv"),
    "trend_picture": of_a_series(kind="svg"),
    "past_picture": of_a_series(kind="svg"),
    "composition_file": of_a_series(by="nationality", kind="csv"),
    "forecast": of_a_forecast(),
    "quantiles_file": of_a_forecast(kind="csv"),
    "fan_picture": of_a_forecast(kind="svg"),
    "flows_draft": a_file_of_one_s_own,
    "flows_columns": a_file_of_one_s_own,
    "flows_keep": a_file_of_one_s_own,
    "flows_look_again": a_file_of_one_s_own,
    "flows_discard": a_file_of_one_s_own,
    "flows_draft_refusals": a_file_of_one_s_own,
    "flows_batch": a_numbered_batch,
    "flows_batch_refusals": a_numbered_batch,
    "flows_publish": a_numbered_batch,
    "flows_withdraw": a_numbered_batch,
    "flows_sharing_of": of_figures(source="hnd-inm-irregular"),
    "flows_quality_of": of_figures(source="hnd-inm-irregular"),
    "flows_validate": of_figures(source="hnd-inm-irregular"),
    "flows_note": of_a_series(),
    "document": a_document_to_read,
    "document_file": a_document_to_read,
    "document_version_file": lambda knocking: {**a_document_to_read(knocking), "number": 1},
    "add_version": a_document_to_work_on,
    "decide_publication": a_document_to_work_on,
}

# Opened to the right person, these answer that there is nothing: no demo, no institution, no codes yet.
NOTHING_THERE = {
    "demo_sign_in",
    "openid_connect_login",
    "openid_connect_callback",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}

# Opened to anyone, these answer with words of their own that are not about the reader.
OWN_ANSWERS = {"socialaccount_login_error": {401}, "health_ready": {200, 503}}

# A look at these writes, and why that is right.
WRITE_ON_A_LOOK = {
    "health_ready": "it tries whether the database takes what is written",
    "operations": "it asks the same of the database",
}

# Views that name no action, and why that is right.
CHECK_THEMSELVES = {
    "set_language": "it keeps a word in the reader's own browser and reads nothing",
    "components": "the parts of a page with invented values; only in a demonstration",
    "components_situation": "the same, put together",
    "map_geometry": "outlines of land, public domain",
}


def of_the_api(number: Callable[[], int]) -> Sample:
    return lambda _knocking: {"id": number()}


API: dict[str, Sample] = {
    "batch": a_batch,
    "refusals": a_batch,
    "publish_batch": a_batch,
    "withdraw_batch": a_batch,
    "one_series": of_the_api(published_series),
    "composition": of_the_api(published_series),
    "vintages": of_the_api(published_series),
    "quality": of_the_api(published_series),
    "annotate_quality": of_the_api(published_series),
    "set_series_level": of_the_api(published_series),
    "forecast": of_the_api(public_forecast),
    "country": of_figures(iso3="HND"),
    "nationality": of_figures(iso3="VEN"),
    "gate": of_figures(code="HND-ALL"),
    "document": public_document,
    "document_file": public_document,
}
