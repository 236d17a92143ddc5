"""Bringing a database to this version: what ``corredor migrate`` and every prepared start do."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from corredor.areas.flows.services import load_reference
from corredor.kernel.countries.services import load_reference_countries
from corredor.kernel.installation.services import confirm_kind, settle_kind
from corredor.kernel.organisations.services import load_reference_organisations


def bring_up_to_date(*, collect: bool) -> None:
    """Migrate, mark the database as real or demo, load the reference tables; safe to repeat.

    Refuses a database of the other kind before anything is changed. ``collect`` also gathers the static files.
    """
    confirm_kind(demo=settings.IS_DEMO)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    settle_kind(demo=settings.IS_DEMO)
    load_reference_countries()
    load_reference_organisations()
    load_reference()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if collect:
        call_command("collectstatic", interactive=False, verbosity=0)
