from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.areas.foresight.models import Forecast, Withheld
from corredor.kernel import policy
from corredor.kernel.sharing import shared_with

policy.declare("foresight.read", _("Read forecasts and how good they have been"), is_open=True)
policy.declare("foresight.issue", _("Issue forecasts"))


@policy.scope_of(Forecast)
def forecasts_visible(actor: policy.Actor, forecasts: QuerySet[Forecast]) -> QuerySet[Forecast]:
    """A forecast is as widely shared as the figures it rests on, and goes when they are taken back."""
    return forecasts.filter(shared_with(actor), retracted_at__isnull=True)


@policy.scope_of(Withheld)
def withheld_visible(actor: policy.Actor, withheld: QuerySet[Any]) -> QuerySet[Any]:
    """As with forecasts."""
    return withheld.filter(shared_with(actor))
