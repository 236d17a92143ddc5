"""What can be asked about organisations."""

from __future__ import annotations

from corredor.kernel.organisations.models import Organisation


def organisations(language: str) -> list[Organisation]:
    """Every organisation by its name in a language."""
    return list(Organisation.objects.order_by(f"name_{language[:2]}"))
