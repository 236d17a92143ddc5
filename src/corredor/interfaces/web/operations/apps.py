from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsPagesConfig(AppConfig):
    name = "corredor.interfaces.web.operations"
    label = "web_operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        # What the doors do when something has happened, known to every process that may publish it.
        from corredor.interfaces import forecasting  # noqa: F401
