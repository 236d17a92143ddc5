"""Write docs/reference from the code: roles, actions, events, commands, settings, and what is kept about people.

scripts/reference          write the pages
scripts/reference check    fail when a page is not what the code says
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "corredor"
MADE = "*Made from the code by `scripts/reference`; change the code, not this page.*\n"
NAMED = re.compile(
    r"\bCORREDOR_([A-Z][A-Z_]*[A-Z])\b|\b(?:env\.)?(?:text|flag|words|required)\(\s*\"([A-Z_]+)\""
)


def start() -> None:
    """Load the settings over an empty folder: the reference says nothing about this machine."""
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        os.environ.update(
            CORREDOR_HOME=tempfile.mkdtemp(prefix="corredor-reference-"), CORREDOR_MODE="embedded"
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "corredor.config.settings"
    import django

    django.setup()


def pages() -> dict[str, str]:
    """The text of each page by its file name."""
    return {
        "roles.md": roles(),
        "events.md": events(),
        "commands.md": commands(),
        "settings.md": settings(),
        "personal-data.md": personal_data(),
        "api.md": api(),
    }


def table(*columns: str, rows: list[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


def page(title: str, *parts: str) -> str:
    return "\n".join((f"# {title}\n", MADE, *parts))


def roles() -> str:
    """Each role in both languages with the actions it is granted, and each action with who is granted it."""
    from django.utils import translation

    from corredor.kernel import policy
    from corredor.kernel.people.roles import ROLES

    def said(text: object, language: str) -> str:
        with translation.override(language):
            return str(text)

    jobs = [
        (
            f"`{role.code}`",
            f"{said(role.title, 'en')} · {said(role.title, 'es')}",
            role.held_for,
            role.clearance,
            said(role.job, "en"),
            said(role.never, "en"),
        )
        for role in ROLES.values()
    ]
    grants = []
    for action in policy.actions():
        holders = "anyone" if action.is_open else "anyone signed in" if action.is_own else ""
        granted = ", ".join(f"`{role.code}`" for role in ROLES.values() if action.name in role.may)
        title = f"{said(action.title, 'en')} · {said(action.title, 'es')}"
        grants.append((f"`{action.name}`", title, holders or granted or "nobody yet"))
    return page(
        "Roles and actions",
        table(
            "role", "title · título", "held for", "sees as far as", "may be asked to", "must never", rows=jobs
        ),
        "## Actions\n",
        table("action", "what it is · qué es", "granted to", rows=grants),
    )


def events() -> str:
    """Every dataclass of every ``events`` module of an area, with its facts."""
    parts = []
    for module in _event_modules():
        rows = [
            (
                f"`{name}`",
                (kind.__doc__ or "").strip().splitlines()[0],
                ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind)),
            )
            for name, kind in vars(module).items()
            if dataclasses.is_dataclass(kind) and getattr(kind, "__module__", "") == module.__name__
        ]
        if rows:
            area = module.__name__.split(".")[-2]
            parts += [f"## {area}\n", table("event", "what has happened", "facts", rows=sorted(rows))]
    return page("Events", *parts)


def _event_modules() -> Iterator[object]:
    import corredor.areas

    for area in sorted(found.name for found in pkgutil.iter_modules(corredor.areas.__path__)):
        name = f"corredor.areas.{area}.events"
        if importlib.util.find_spec(name):
            yield importlib.import_module(name)


def commands() -> str:
    """Every command that exists, with its help and options."""
    import click

    from corredor.interfaces.cli.main import COMMANDS

    def of(name: str, command: click.Command) -> Iterator[tuple[str, str, str]]:
        if isinstance(command, click.Group):
            for inner, one in sorted(command.commands.items()):
                yield from of(f"{name} {inner}", one)
            return
        given = [
            option.opts[-1] if isinstance(option, click.Option) else (option.name or "").upper()
            for option in command.params
        ]
        words = (command.help or "").strip().split("\n\n")[0].replace("\n", " ")
        yield f"`corredor {name}`", words, " ".join(f"`{one}`" for one in given)

    rows = []
    for name, (module, attribute, _django, purpose) in COMMANDS.items():
        if not importlib.util.find_spec(f"corredor.interfaces.cli.{module}"):
            continue
        loaded = getattr(importlib.import_module(f"corredor.interfaces.cli.{module}"), attribute, None)
        if loaded is not None:
            rows += [(line, words or purpose, given) for line, words, given in of(name, loaded)]
    return page("Commands", table("command", "what it does", "arguments and options", rows=rows))


def named_settings() -> set[str]:
    """Every CORREDOR_… the code reads, without its prefix."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        if file.name != "explained.py":
            found |= {one or other for one, other in NAMED.findall(file.read_text(encoding="utf-8"))}
    return found


def settings() -> str:
    from corredor.config.explained import SETTINGS

    rows = [
        (f"`CORREDOR_{name}`", SETTINGS.get(name, "")) for name in sorted(named_settings() | set(SETTINGS))
    ]
    return page("Settings of the environment", table("variable", "what it says", rows=rows))


def personal_data() -> str:
    from corredor.kernel.people import personal_data

    rows = [(f"`{one.model}`", f"`{one.field}`", one.erased) for one in personal_data.kept()]
    words = "What is kept about the people who use Corredor. Migrants are counted, never named, outside `protection`.\n"
    return page("Personal data", words, table("record", "field", "when it is erased", rows=rows))


def api() -> str:
    from corredor.interfaces.api import description, urls  # noqa: F401  the addresses load every operation

    return page("The API", description.as_markdown())


def out_of_step() -> list[str]:
    """The pages that are not what the code says now."""
    made = pages()
    return [
        name
        for name, text in made.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text() != text
    ]


def main(arguments: list[str]) -> int:
    start()
    if arguments == ["check"]:
        wrong = out_of_step()
        print(
            "\n".join(f"docs/reference/{name} is out of step: run scripts/reference" for name in wrong)
            or "In step."
        )
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    sys.exit(main(sys.argv[1:]))
