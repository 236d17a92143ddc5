from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.factories.people import holder, person

PASSWORD = "siete ranas cruzan el rio"


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet(db):
    cache.clear()


@pytest.fixture
def with_password(countries):
    """An invented delegate with a password."""
    somebody = holder("delegate")
    somebody.set_password(PASSWORD)
    somebody.save()
    return somebody


@pytest.fixture
def somebody(db):
    """An invented person without a mandate, with a password."""
    made = person()
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/account/login/", {"login": email, "password": password}, **extra)
