"""Commands that keep an installation."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.core.management import execute_from_command_line
from django.utils.translation import gettext as _

from corredor.kernel.installation.archive import Manifest


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands."""
    execute_from_command_line(["corredor manage", *arguments])


@click.command()
@click.option("--no-static", is_flag=True, help="Leave the static files alone · sin archivos estáticos")
def migrate(no_static: bool) -> None:
    """Bring the database, the reference tables and the static files to this version.

    Actualizar la base de datos, las tablas de referencia y los archivos estáticos.
    """
    from corredor.interfaces.cli.upkeep import bring_up_to_date

    bring_up_to_date(collect=not no_static)
    click.echo(_("Up to date."))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def backup(file: Path, as_json: bool) -> None:
    """Write everything to FILE while people go on working. · Respaldar todo en FILE."""
    from corredor.kernel.installation.backup import back_up

    _tell(
        back_up(file.absolute()),
        as_json,
        _("Written: %(rows)d rows and %(documents)d documents, in %(file)s."),
        file,
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def restore(file: Path, as_json: bool) -> None:
    """Read a backup into this empty installation: all of it, or nothing. · Restaurar en una instalación vacía."""
    from corredor.interfaces.cli.upkeep import bring_up_to_date
    from corredor.kernel.installation import backup as backups

    bring_up_to_date(collect=False)
    _tell(
        backups.restore(file),
        as_json,
        _("Restored: %(rows)d rows and %(documents)d documents, from %(file)s."),
        file,
    )


def _tell(manifest: Manifest, as_json: bool, sentence: str, file: Path) -> None:
    facts = {
        "file": str(file),
        "version": manifest.version,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "documents": manifest.documents,
        "heads": manifest.heads,
    }
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else sentence % facts)
