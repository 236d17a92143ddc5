"""A plugin for the second run: only what the database may change, and no browser."""

from __future__ import annotations

import pytest

OF_THE_DATABASE = {
    "db",
    "transactional_db",
    "django_db_setup",
    "django_db_serialized_rollback",
    "live_server",
}
OF_THE_BROWSER = {"page", "context", "browser"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that ask for no database, and journeys through the browser."""
    chosen = [item for item in items if _asks_for_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def _asks_for_database(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    is_marked = item.get_closest_marker("django_db") is not None
    return bool(is_marked or asked & OF_THE_DATABASE) and not asked & OF_THE_BROWSER
