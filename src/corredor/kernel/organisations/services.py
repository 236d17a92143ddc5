from __future__ import annotations

import csv
from importlib.resources import files

from django.db import transaction

from corredor.kernel.organisations.models import Organisation


@transaction.atomic
def load_reference_organisations() -> int:
    """Bring the observers, the secretariat and the civil-society network to what the product ships. Repeatable."""
    text = (
        files("corredor.kernel.organisations")
        .joinpath("reference/organisations.csv")
        .read_text(encoding="utf-8")
    )
    for row in csv.DictReader(text.splitlines()):
        values = {**row, "country_id": row.pop("country") or None}
        values.pop("country", None)
        Organisation.objects.update_or_create(code=values.pop("code"), defaults=values)
    return Organisation.objects.count()
