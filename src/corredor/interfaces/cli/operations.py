"""Commands that keep an installation."""

from __future__ import annotations

import click
from django.core.management import execute_from_command_line
from django.utils.translation import gettext as _


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
