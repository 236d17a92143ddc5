from __future__ import annotations

from django.db import transaction

from corredor.kernel.countries.models import Country
from corredor.kernel.countries.queries import reference_rows


@transaction.atomic
def load_reference_countries() -> int:
    """Bring the table of countries to what the product ships; returns how many there are. Safe to repeat."""
    for row in reference_rows():
        values = {**row, "zones": row["zones"].split(), "languages": row["languages"].split()}
        Country.objects.update_or_create(iso3=values.pop("iso3"), defaults=values)
    return Country.objects.count()
