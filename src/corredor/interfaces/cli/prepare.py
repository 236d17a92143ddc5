"""Preparing a folder for ``corredor demo`` or ``corredor run``, in a process of its own.

Every step may be repeated and each is all or nothing, so that a preparation cut off anywhere is simply done again;
the stamp is written last.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from corredor.interfaces.cli import lifeline
from corredor.interfaces.cli.main import start_django
from corredor.interfaces.cli.words import say


def prepare(mode: str, fingerprint: str) -> None:
    """Bring the folder in CORREDOR_HOME to what ``fingerprint`` stands for."""
    from corredor.interfaces.cli import filling, upkeep

    home = Path(os.environ["CORREDOR_HOME"])
    if mode == "demo":
        (home / "demo").touch()
    say("Preparing the database …", "Preparando la base de datos …")
    upkeep.bring_up_to_date(collect=False)
    facts: dict[str, Any] = {"fingerprint": fingerprint}
    if mode == "demo":
        facts |= filling.fill()
    else:
        filling.open_first_account()
    draft = home / "prepared.json.new"
    draft.write_text(json.dumps(facts))
    draft.replace(home / "prepared.json")


def main() -> None:
    lifeline.watch()
    start_django()
    from corredor.kernel.errors import Refused

    try:
        prepare(*sys.argv[1:])
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)  # the next start goes on from here


if __name__ == "__main__":
    main()
