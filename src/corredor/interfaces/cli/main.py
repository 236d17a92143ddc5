"""``corredor AREA VERB …``: each area's commands live in the module of that name, loaded only when asked for.

Exit codes: 0 done · 1 refused, the reason on standard error · 2 wrong usage. With ``--json`` standard output holds one
JSON document and nothing else.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

# name → (module, attribute, needs Django, what it is for)
COMMANDS: dict[str, tuple[str, str, bool, str]] = {
    "demo": (
        "demo",
        "demo",
        False,
        "Set up and show Corredor with real public figures · una demostración completa",
    ),
    "run": ("run", "run", False, "Run server and worker on this machine · servidor y trabajador"),
    "serve": ("run", "serve", False, "Run the web server only · solo el servidor"),
    "worker": ("run", "worker", True, "Run the worker only · solo el trabajador"),
    "migrate": (
        "operations",
        "migrate",
        True,
        "Bring the database to this version · actualizar la base de datos",
    ),
    "doctor": (
        "doctor",
        "doctor",
        False,
        "Say what is wrong with this installation · revisar la instalación",
    ),
    "backup": ("operations", "backup", True, "Write everything to one file · respaldar"),
    "restore": ("operations", "restore", True, "Read everything back from a backup · restaurar"),
    "audit": ("audit", "audit", True, "Read and verify the audit · auditoría"),
    "flows": ("flows", "flows", True, "Figures: import, publish, export · cifras"),
    "foresight": ("foresight", "foresight", True, "Forecasts: issue, score, backtest · pronósticos"),
    "people": ("people", "people", True, "Accounts and mandates · personas y mandatos"),
    "manage": ("operations", "manage", True, "Django's own commands, for maintainers · mantenimiento"),
}


class Areas(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, needs_django, _purpose = COMMANDS[name]
        if needs_django:
            start_django()
        loaded: Any = getattr(import_module(f"corredor.interfaces.cli.{module}"), attribute)
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[3]) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as fault:
            if hasattr(fault, "way_out"):
                reason = str(fault)
            elif _is_for_want_of_migrating(fault):
                reason = "The database is not ready: run “corredor migrate”. · La base de datos no está lista: ejecute «corredor migrate»."
            else:
                raise
            click.echo(reason, err=True)
            sys.exit(1)


def _is_for_want_of_migrating(fault: Exception) -> bool:
    """Whether a table or column was missing because the database is of an earlier version, or empty."""
    if type(fault).__module__ != "django.db.utils":
        return False
    from corredor.kernel.installation.health import pending_migrations

    try:
        return bool(pending_migrations())
    except Exception:  # the database itself does not answer: then the first fault says more
        return False


def start_django() -> None:
    """Load the settings and the apps, and speak the language of the terminal."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corredor.config.settings")
    django.setup()
    from corredor.interfaces.cli.words import terminal_language

    translation.activate(terminal_language())


@click.group(cls=Areas, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="corredor")
def command() -> None:
    """Corredor: see movements coming, warn each other, assist people, keep what was agreed."""
