from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForesightConfig(AppConfig):
    name = "corredor.areas.foresight"
    label = "foresight"
    verbose_name = _("Foresight")

    def ready(self) -> None:
        from corredor.areas.foresight import permissions  # noqa: F401
