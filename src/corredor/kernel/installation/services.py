"""A database is marked once as real or as a demo, and the two are never mixed."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from corredor.kernel.errors import Refused
from corredor.kernel.installation import health
from corredor.kernel.installation.models import Installation
from corredor.kernel.people.models import Person


class NotADemo(Refused):
    code = "not-a-demo"
    rule = _("This database holds real work; a demo cannot be started over it.")
    way_out = _("Start the demo with another folder or database.")


class IsADemo(Refused):
    code = "is-a-demo"
    rule = _("This database was made for a demo, with invented people who can sign in.")
    way_out = _("Start with an empty database for real work.")


class NotMigrated(Refused):
    code = "not-migrated"
    rule = _("The database is not at this version of Corredor.")
    way_out = _("Run “corredor migrate” and start again.")


@transaction.atomic
def settle_kind(*, demo: bool) -> Installation:
    """Mark a new database, or confirm that an old one is of the kind asked for; refuses a mix."""
    found = Installation.objects.select_for_update().filter(pk=1).first()
    if found is None:
        if demo and Person.objects.exists():
            raise NotADemo
        if not demo and Person.objects.filter(is_demo=True).exists():
            raise IsADemo
        kind = Installation.Kind.DEMO if demo else Installation.Kind.REAL
        return Installation.objects.create(kind=kind)
    if demo and found.kind != Installation.Kind.DEMO:
        raise NotADemo
    if not demo and found.kind == Installation.Kind.DEMO:
        raise IsADemo
    return found


def confirm_kind(*, demo: bool) -> None:
    """Refuse a database of the other kind, also one that this version has not migrated yet. Changes nothing."""
    if Installation._meta.db_table not in connection.introspection.table_names():
        return
    kind = Installation.objects.filter(pk=1).values_list("kind", flat=True).first()
    if kind == Installation.Kind.REAL and demo:
        raise NotADemo
    if kind == Installation.Kind.DEMO and not demo:
        raise IsADemo


def open_door(*, demo: bool) -> None:
    """What every process does before it serves: the database is of its kind and of its version, or it refuses."""
    confirm_kind(demo=demo)
    if health.pending_migrations():
        raise NotMigrated
    settle_kind(demo=demo)
