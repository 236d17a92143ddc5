"""Islands of script: printed when built, absent without a fault when not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Template

from corredor.interfaces.web.components import islands

BUILT = {
    "src/map.ts": {"file": "assets/map-1.js", "isEntry": True},
    "src/live.ts": {"file": "assets/live-2.js", "css": ["assets/live-3.css"]},
}


@pytest.fixture(autouse=True)
def _fresh_manifest() -> Iterator[None]:
    islands.manifest.cache_clear()
    yield
    islands.manifest.cache_clear()


def tag(name: str) -> str:
    return Template(f'{{% load components %}}{{% island "{name}" %}}').render(Context()).strip()


def test_a_built_island_is_one_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "manifest.json"
    place.write_text(json.dumps(BUILT))
    monkeypatch.setattr(islands.finders, "find", lambda _path: str(place))

    assert tag("map") == '<script type="module" src="/static/islands/assets/map-1.js"></script>'
    assert '<link rel="stylesheet" href="/static/islands/assets/live-3.css">' in tag("live")


def test_an_island_that_was_not_built_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(islands.finders, "find", lambda _path: None)

    assert islands.manifest() == {}
    assert tag("map") == ""
