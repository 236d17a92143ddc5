from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlowsConfig(AppConfig):
    name = "corredor.areas.flows"
    label = "flows"
    verbose_name = _("Flows")

    def ready(self) -> None:
        from corredor.areas.flows import permissions  # noqa: F401  declares its actions
