"""``corredor demo``: the whole of it, with real public figures and invented people."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on · puerto")
@click.option("--no-browser", is_flag=True, help="Do not open the browser · no abrir el navegador")
@click.option("--fresh", is_flag=True, help="Erase the demo and begin again · borrar y empezar de nuevo")
def demo(port: int | None, no_browser: bool, fresh: bool) -> None:
    """Set up and show Corredor: real public figures, invented people, no network needed.

    Prepara y muestra Corredor: cifras públicas reales, personas inventadas, sin red.
    """
    from corredor.interfaces.cli.one_machine import OneMachine

    sys.exit(OneMachine("demo").open(port=port, browser=not no_browser, fresh=fresh))
