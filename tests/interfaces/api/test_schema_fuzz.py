"""The whole document against the running application: no faults of ours, and every answer as described.

Schemathesis makes requests from the description, right ones and wrong ones, and looks at each answer: its status, its
content type, its body and headers are those described, wrong requests are refused, no method is taken that is not told.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.factories.people import holder

from corredor.kernel.people.queries import actor_of
from corredor.kernel.tokens.services import create_token

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/openapi.json"
EXAMPLES = 6
# What a cursor, a flow or a file may be is more than a schema can say: right by the schema may still be refused.
SAYS_MORE = [positive_data_acceptance]


@pytest.fixture
def application(corridor, settings, monkeypatch):
    """The application as a server calls it, on the connection of the test."""
    settings.API_REQUESTS_PER_MINUTE = {"public": 10**9, "known": 10**9}
    monkeypatch.setattr("corredor.interfaces.api.door.WRONG_TOKENS_A_MINUTE", 10**9)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(application):
    return schemathesis.openapi.from_wsgi(ADDRESS, application)


@pytest.fixture
def bearer(corridor):
    _token, secret = create_token(
        by=actor_of(holder("delegate", country="HND")), name="fuzz", days=1, reads_only=False
    )
    return {"Authorization": f"Bearer {secret}"}


bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def faults(described, headers: dict[str, str]) -> list[str]:
    """Every operation called with right and wrong requests; what was not as described."""
    found = []
    for result in described.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @bounded
            @given(case=operation.as_strategy(generation_mode=mode))
            def meets_what_is_described(case):
                case.call_and_validate(headers=headers, excluded_checks=SAYS_MORE)

            try:
                meets_what_is_described()
            except Unsatisfiable:
                continue  # nothing in this operation can be said wrongly
            except (FailureGroup, Failure) as fault:
                found.append(f"{operation.label} ({mode.value}): {fault}")
    return found


def test_the_public_meets_only_what_is_described(described):
    assert faults(described, {}) == []


def test_a_delegate_who_reads_and_writes_meets_only_what_is_described(described, bearer):
    assert faults(described, bearer) == []
