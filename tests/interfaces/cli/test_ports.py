from __future__ import annotations

import socket

import pytest

from corredor.interfaces.cli import one_machine, ports
from corredor.interfaces.cli.one_machine import CannotStart, choose_port


@pytest.fixture
def busy() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_port_somebody_listens_on_is_not_free(busy: int) -> None:
    assert not ports.is_free(busy)


def test_next_free_port_is_above_the_busy_one_and_can_be_taken(busy: int) -> None:
    found = ports.next_free(busy)

    assert found is not None
    assert found > busy
    assert ports.is_free(found)


def test_port_asked_for_and_busy_is_refused_with_an_offer(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORREDOR_LANGUAGE", "es")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    with pytest.raises(CannotStart, match=rf"El puerto {busy} está ocupado.*--port \d+"):
        choose_port(busy)


def test_usual_port_when_busy_gives_way_to_the_next(
    busy: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CORREDOR_LANGUAGE", "en")
    monkeypatch.setattr(one_machine, "DEFAULT_PORT", busy)

    chosen = choose_port(None)

    assert chosen > busy
    assert f"Port {busy} is busy; taking {chosen}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "agrees"), [("", True), ("s", True), ("y", True), ("n", False), ("no", False)]
)
def test_offer_is_taken_with_a_word_in_either_language(
    answer: str, agrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: answer)

    assert one_machine.agrees("?", "¿?") is agrees
