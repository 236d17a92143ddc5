"""The twin of a carrier: behaves as the real one does (``tests/kernel/test_messages_carriers.py`` checks that)."""

from __future__ import annotations

from dataclasses import dataclass, field

from corredor.kernel.messages.carriers import Letter, Undeliverable


@dataclass
class FakeCarrier:
    """Takes every letter, unless told to refuse with a code: 4xx for now, 5xx for ever."""

    taken: list[Letter] = field(default_factory=list)
    refusal: int = 0

    def hand_over(self, letter: Letter) -> None:
        if 500 <= self.refusal < 600:
            raise Undeliverable(f"SMTP {self.refusal}")
        if self.refusal:
            raise ConnectionError(str(self.refusal))
        self.taken.append(letter)
