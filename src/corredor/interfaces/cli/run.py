"""``corredor run``, ``serve`` and ``worker``: the processes of an installation."""

from __future__ import annotations

import os
import sys

import click

from corredor.interfaces.cli import lifeline

DEFAULT_PORT = 8000
CONCURRENT_REQUESTS = 256


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on · puerto")
@click.option("--no-browser", is_flag=True, help="Do not open the browser · no abrir el navegador")
def run(port: int | None, no_browser: bool) -> None:
    """Server and worker for real work on this machine, in one folder, until Ctrl-C.

    Servidor y trabajador para trabajo real en esta máquina, en una carpeta, hasta Ctrl-C.
    """
    from corredor.interfaces.cli.one_machine import OneMachine

    sys.exit(OneMachine("embedded").open(port=port, browser=not no_browser))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on · dirección")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes · procesos"
)
def serve(host: str, port: int, workers: int) -> None:
    """The web server only; a proxy in front of it speaks TLS. · Solo el servidor web."""
    from granian import Granian
    from granian.constants import Interfaces

    lifeline.watch()
    lifeline.name_as_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corredor.config.settings")
    Granian(
        "corredor.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,  # Django has no lifespan to speak of
        workers=workers,
        respawn_failed_workers=workers > 1,
        backpressure=CONCURRENT_REQUESTS,
        workers_kill_timeout=8,
        log_access=False,
        websockets=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


@click.command()
@click.option(
    "--slot", default="", help="Name of the place it works at; without it the first free one · puesto"
)
def worker(slot: str) -> None:
    """The worker only: reminders, imports, forecasts, messages. · Solo el trabajador."""
    from django.conf import settings

    from corredor.interfaces.schedule import TABLE
    from corredor.kernel.installation.services import open_door
    from corredor.kernel.jobs.worker import run_worker

    lifeline.watch()
    open_door(demo=settings.IS_DEMO)
    sys.exit(run_worker(TABLE, slot=slot))
